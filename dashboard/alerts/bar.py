"""Filters of the duty desk: one click a type, tabs of states, level and division; all of it in the URL."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from dashboard.acting import show_acting
from dashboard.alerts.asked import PENDING, TAB_WORDS, TABS, AlertsAsked, write_alerts_asked
from dashboard.alerts.screen import AlertsScreen, chosen
from dashboard.freshness import show_freshness
from dashboard.naming import type_name
from dashboard.wording import table_name

MOST_CHIPS = 8
_ALL, _PENDING = "all-types", "todo"


def show_type_bar(screen: AlertsScreen) -> None:
    """Pills of types with numbers, who acts, and how fresh the data are."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        chips = type_chips(screen.alerts, screen.asked)
        st.session_state["alerts-type"] = screen.asked.type or _ALL
        st.pills(
            "纠纷类型",
            list(chips),
            format_func=chips.__getitem__,
            key="alerts-type",
            label_visibility="collapsed",
            on_change=_choose_type,
            args=(screen.asked,),
            width="content",
        )
        st.space("stretch")
        show_acting()
        show_freshness(max(screen.latest.values(), default=None), screen.now, simulated=screen.reads.is_simulated())


def show_tabs(screen: AlertsScreen) -> None:
    """Tabs of states with numbers."""
    words = tab_words(screen.alerts, screen.asked)
    st.session_state["alerts-state"] = screen.asked.state or _PENDING
    st.segmented_control(
        "状态",
        [each or _PENDING for each in TABS],
        format_func=lambda each: words["" if each == _PENDING else each],
        key="alerts-state",
        label_visibility="collapsed",
        on_change=_choose_state,
        args=(screen.asked,),
        width="content",
    )


def show_narrowing(screen: AlertsScreen) -> None:
    """Level and division."""
    numbers = {"": "全部等级"} | {str(at): screen.level_words(at) for at in range(len(screen.levels))}
    _show_choice(screen.asked, "level", numbers, width=116)
    _show_choice(screen.asked, "code", _divisions(screen), width=150)


def type_chips(alerts: pd.DataFrame, asked: AlertsAsked) -> dict[str, str]:
    """Word by type: all, those with most alerts in the tab, and the chosen one."""
    rows = chosen(alerts, replace(asked, type=""))
    numbers = rows["dispute_type"].value_counts()
    chips = {_ALL: f"全部 {len(rows)}"}
    for kind, number in numbers.head(MOST_CHIPS).items():
        chips[str(kind)] = f"{type_name(str(kind))} {number}"
    if asked.type and asked.type not in chips:
        chips[asked.type] = f"{type_name(asked.type)} {numbers.get(asked.type, 0)}"
    return chips


def tab_words(alerts: pd.DataFrame, asked: AlertsAsked) -> dict[str, str]:
    """`待处置 8` by tab."""
    return {tab: f"{word} {len(chosen(alerts, replace(asked, state=tab)))}" for tab, word in TAB_WORDS.items()}


def _divisions(screen: AlertsScreen) -> dict[str, str]:
    """The scope, the way down to the chosen division, and what lies below it down to the counties."""
    geography, root, code = screen.pool.geography, screen.scope, screen.asked.code
    way = [code[:length] for length in (2, 4, 6, 9) if len(root) <= length <= len(code)]
    below = geography.children(code) if len(code) < 6 else None
    codes = list(dict.fromkeys([root, *way, *([] if below is None else below["code"].tolist())]))
    names = geography.names(codes)
    return {each: table_name(names.get(each, each)) for each in codes}


def _choose_type(asked: AlertsAsked) -> None:
    picked = st.session_state["alerts-type"] or _ALL
    write_alerts_asked(asked.narrowed(type="" if picked == _ALL else picked))


def _choose_state(asked: AlertsAsked) -> None:
    picked = st.session_state["alerts-state"] or _PENDING
    write_alerts_asked(asked.narrowed(state=PENDING if picked == _PENDING else picked))


def _show_choice(asked: AlertsAsked, field: str, words: dict[str, str], *, width: int) -> None:
    key, now = f"alerts-{field}", getattr(asked, field)
    st.session_state[key] = now

    def choose() -> None:
        write_alerts_asked(asked.narrowed(**{field: st.session_state[key] or ""}))

    st.selectbox(
        field,
        list(words) if now in words else [*words, now],
        format_func=lambda value: words.get(value, value),
        key=key,
        label_visibility="collapsed",
        on_change=choose,
        width=width,
    )
