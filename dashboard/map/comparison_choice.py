"""Which second period stands beside the one shown."""

import datetime as dt
from dataclasses import replace

import streamlit as st

from dashboard.asked import COMPARISONS, Asked, write_asked

_CHOICE, _SINCE = "choose-compare", "choose-since"


def show_comparison_choice(asked: Asked, today: dt.date) -> None:
    """A list of periods, and the first day of one that is chosen freely; it is as long as the one shown."""
    words = {"": "不对比"} | {key: f"对比{word}" for key, word in COMPARISONS.items()}
    st.session_state[_CHOICE] = asked.compare
    st.selectbox(
        "对比",
        list(words),
        format_func=words.__getitem__,
        key=_CHOICE,
        label_visibility="collapsed",
        width=132,
        on_change=lambda: write_asked(replace(asked, compare=st.session_state[_CHOICE] or "", since="")),
    )
    other = asked.other_period(today)
    if asked.compare == "custom" and other is not None:
        st.session_state[_SINCE] = other.start
        st.date_input(
            "对比期首日",
            key=_SINCE,
            max_value=max(today, other.start),
            format="YYYY-MM-DD",
            label_visibility="collapsed",
            width=130,
            help=f"对比期与本期同长,{other.days} 天。",
            on_change=lambda: _choose_since(asked),
        )


def _choose_since(asked: Asked) -> None:
    chosen = st.session_state[_SINCE]
    if isinstance(chosen, dt.date):
        write_asked(replace(asked, since=chosen.isoformat()))
