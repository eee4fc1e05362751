"""The time slider: the period shown moves over days or weeks, by hand or by itself; at its end it is live."""

import datetime as dt
from dataclasses import replace

import streamlit as st

from dashboard.asked import DAY, Asked, write_asked
from dashboard.wording import period_text
from data.filter import Period

HEIGHT = 52
"""Pixels that the slider's row takes."""
DAYS, WEEKS = 28, 26
"""How many steps the slider goes back."""
STEP_MS = 1200
"""How long a step stays while the slider plays."""
PLAYS = "plays"
"""In the session: the last day of the period that is shown while the slider plays; absent while it rests.

The URL says where the slider rests: each step of a play in the browser's history would bury the page before.
"""
SLIDER = "time-slider"


def playing(asked: Asked) -> Asked:
    """What is asked for at this moment of a play."""
    at = st.session_state.get(PLAYS)
    return asked if at is None else replace(asked, at=at)


def is_playing() -> bool:
    """Whether the slider moves by itself."""
    return PLAYS in st.session_state


def steps_of(asked: Asked, today: dt.date) -> list[dt.date]:
    """Last days of the periods that the slider offers, oldest first; the last one is the newest.

    Days for a period of up to two weeks, else weeks; a year to date goes back to its first week.
    """
    newest = asked.newest_day(today)
    days = asked.ending(newest).days
    by_day = asked.window == "7d" or (asked.window == "custom" and days <= 14)
    count = DAYS if by_day else WEEKS
    if asked.window == "ytd":
        count = max(1, min((days - 1) // 7, 52))
    steps = [newest - (1 if by_day else 7) * back * DAY for back in range(count, -1, -1)]
    resting = asked.last_day(today)
    return steps if resting in steps else sorted([*steps, resting])


def periods_of(asked: Asked, today: dt.date) -> tuple[Period, ...]:
    """The period of each step."""
    return tuple(asked.ending(last) for last in steps_of(asked, today))


def advance(asked: Asked, today: dt.date) -> None:
    """One step on in a play, which ends at the end; a step that comes after the play was stopped does nothing."""
    if not is_playing():
        return
    steps = steps_of(asked, today)
    here = steps.index(asked.last_day(today))
    if here + 1 >= len(steps) - 1:
        _rest(asked, steps[-1], today)
    else:
        st.session_state[PLAYS] = steps[here + 1].isoformat()


def show_time_slider(asked: Asked, today: dt.date) -> None:
    """Buttons and slider in one row."""
    steps = steps_of(asked, today)
    here = steps.index(asked.last_day(today))
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="time"):
        label, icon = ("暂停", ":material/pause:") if is_playing() else ("播放", ":material/play_arrow:")
        st.button(label, icon=icon, key="play", shortcut="Space", on_click=_toggle, args=(asked, today))
        _show_step("前一期", "Left", steps[max(0, here - 1)], asked, today, off=here == 0)
        st.session_state[SLIDER] = steps[here]
        st.select_slider(
            "时段",
            steps,
            format_func=lambda last: period_text(*_ends(asked, last)) + (" 实时" if last == steps[-1] else ""),
            key=SLIDER,
            label_visibility="collapsed",
            on_change=lambda: _rest(asked, st.session_state[SLIDER], today),
        )
        _show_step("后一期", "Right", steps[min(len(steps) - 1, here + 1)], asked, today, off=here == len(steps) - 1)


def _ends(asked: Asked, last: dt.date) -> tuple[dt.date, dt.date]:
    period = asked.ending(last)
    return period.start, period.end


def _show_step(words: str, key: str, to: dt.date, asked: Asked, today: dt.date, *, off: bool) -> None:
    icon = f":material/chevron_{key.lower()}:"
    st.button(
        "",
        icon=icon,
        key=f"step-{key.lower()}",
        type="tertiary",
        shortcut=key,
        help=words,
        disabled=off,
        on_click=_rest,
        args=(asked, to, today),
    )


def _toggle(asked: Asked, today: dt.date) -> None:
    steps = steps_of(asked, today)
    here = asked.last_day(today)
    if is_playing():
        _rest(asked, here, today)
    else:
        st.session_state[PLAYS] = (steps[0] if here == steps[-1] else here).isoformat()


def _rest(asked: Asked, last: dt.date, today: dt.date) -> None:
    """Stand still at a step, and say so in the URL; the newest one is live."""
    st.session_state.pop(PLAYS, None)
    write_asked(replace(asked, at="" if last >= asked.newest_day(today) else last.isoformat()))
