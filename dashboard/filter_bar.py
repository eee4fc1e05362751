"""Filters, top left on every page; the URL is their only memory."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from dashboard.asked import CHOICES, COUNTINGS, WINDOWS, Asked, moved, write_asked

ALL = {"type": "全部类型", "source": "全部来源", "channel": "全部渠道", "status": "全部状态"}


def show_filter_bar(asked: Asked, *, today: dt.date, behind: Callable[[], None]) -> None:
    """Show the bar; `behind` draws what stands at its right end."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="filters"):
        for key, everything in ALL.items():
            _show_choice(asked, key, everything)
        _show_window(asked, today)
        _show_counting(asked)
        st.button("清除", type="tertiary", icon=":material/close:", on_click=_clear, args=(asked,), key="clear")
        st.space("stretch")
        behind()


def _set(asked: Asked, key: str) -> None:
    write_asked(replace(moved(asked), **{key: st.session_state[f"choose-{key}"] or ""}))


def _clear(asked: Asked) -> None:
    asked = moved(asked)
    write_asked(Asked(asked.code, measure=asked.measure, shape=asked.shape, overlay=asked.overlay))


def _show_choice(asked: Asked, key: str, everything: str) -> None:
    words = {"": everything, **CHOICES[key]}
    st.session_state[f"choose-{key}"] = getattr(asked, key)
    st.selectbox(
        everything,
        list(words),
        format_func=words.__getitem__,
        key=f"choose-{key}",
        label_visibility="collapsed",
        width=168 if key == "type" else 140 if key == "source" else 124,
        on_change=_set,
        args=(asked, key),
    )


def _show_window(asked: Asked, today: dt.date) -> None:
    st.session_state["choose-window"] = asked.window
    st.segmented_control(
        "时段",
        list(WINDOWS),
        format_func=WINDOWS.__getitem__,
        key="choose-window",
        label_visibility="collapsed",
        on_change=_choose_window,
        args=(asked, today),
        width="content",
    )
    if asked.window == "custom":
        st.session_state["choose-dates"] = (dt.date.fromisoformat(asked.start), dt.date.fromisoformat(asked.end))
        st.date_input(
            "起止日期",
            key="choose-dates",
            max_value=max(today, dt.date.fromisoformat(asked.end)),
            format="YYYY-MM-DD",
            label_visibility="collapsed",
            width=210,
            on_change=_choose_dates,
            args=(asked,),
        )


def _show_counting(asked: Asked) -> None:
    st.session_state["choose-counting"] = asked.counting
    st.selectbox(
        "计数",
        list(COUNTINGS),
        format_func=COUNTINGS.__getitem__,
        key="choose-counting",
        label_visibility="collapsed",
        width=96,
        help="几个来源报来的同一件纠纷,关联之后按事件计 1 件,按件次各计 1 件。",
        on_change=_set,
        args=(asked, "counting"),
    )


def _choose_window(asked: Asked, today: dt.date) -> None:
    chosen = st.session_state["choose-window"] or asked.window
    if chosen == "custom" and not asked.start:
        period = asked.period(today)
        last = period.end - dt.timedelta(days=1)
        asked = replace(asked, start=period.start.isoformat(), end=last.isoformat())
    if chosen != "custom":
        asked = replace(asked, start="", end="")
    write_asked(replace(moved(asked), window=chosen, start=asked.start, end=asked.end, at=""))


def _choose_dates(asked: Asked) -> None:
    chosen = st.session_state["choose-dates"]
    if len(chosen) == 2:  # while only the first end is chosen the period stays
        write_asked(replace(moved(asked), start=chosen[0].isoformat(), end=chosen[1].isoformat(), at=""))
