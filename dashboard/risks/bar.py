"""Filters of the risk page: dispute type and level, both in the URL."""

from dataclasses import replace

import streamlit as st

from dashboard.freshness import show_freshness
from dashboard.naming import type_name
from dashboard.risks.asked import LAYER_WORDS, TOTAL, RiskAsked, write_risk_asked
from dashboard.risks.screen import RiskScreen
from risk.incident import DISPUTE_TYPES


def show_risk_bar(screen: RiskScreen) -> None:
    """Show it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        kinds = {code: type_name(code) for code in (TOTAL, *DISPUTE_TYPES)}
        _show_choice(screen.asked, "type", kinds, width=190)
        _show_choice(screen.asked, "level", LAYER_WORDS, width=150)
        if screen.run is not None:
            st.caption(f"预测自 {screen.run.as_of:%Y-%m-%d} 之后 · 模型 {screen.run.model_id}", width="content")
        st.space("stretch")
        show_freshness(max(screen.latest.values(), default=None), screen.now, simulated=screen.reads.is_simulated())


def _show_choice(asked: RiskAsked, field: str, words: dict[str, str], *, width: int) -> None:
    now = getattr(asked, field)
    key = f"risk-{field}"
    st.session_state[key] = now

    def choose() -> None:
        write_risk_asked(replace(asked, **{field: st.session_state[key], "place": ""}))

    st.selectbox(
        {"type": "纠纷类型", "level": "层级"}[field],
        list(words) if now in words else [*words, now],
        format_func=lambda value: words.get(value, value),
        key=key,
        label_visibility="collapsed",
        on_change=choose,
        width=width,
    )
