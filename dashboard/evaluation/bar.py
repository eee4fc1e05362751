"""Choices of the evaluation page: dispute type, level and horizon, all in the URL."""

from dataclasses import replace

import streamlit as st

from dashboard.evaluation.asked import HORIZONS, EvaluationAsked, write_evaluation_asked
from dashboard.evaluation.screen import EvaluationScreen
from dashboard.freshness import show_freshness
from dashboard.naming import type_name
from dashboard.risks.asked import LAYER_WORDS, TOTAL
from risk.incident import DISPUTE_TYPES

LABELS = {"type": "纠纷类型", "level": "层级", "horizon": "预测时段"}


def show_evaluation_bar(screen: EvaluationScreen) -> None:
    """Show it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        kinds = {code: type_name(code) for code in (TOTAL, *DISPUTE_TYPES)}
        _show_choice(screen.asked, "type", kinds, width=190)
        _show_choice(screen.asked, "level", LAYER_WORDS, width=150)
        _show_choice(screen.asked, "horizon", HORIZONS, width=130)
        if screen.backtest is not None:
            settings = screen.backtest.settings
            st.caption(
                f"回测 {screen.backtest.id} · 截至 {screen.backtest.as_of:%Y-%m-%d} 的 {settings['origins']} 周 · "
                f"每 {settings['refit_every']} 周重新训练",
                width="content",
            )
        st.space("stretch")
        show_freshness(max(screen.latest.values(), default=None), screen.now, simulated=screen.reads.is_simulated())


def _show_choice(asked: EvaluationAsked, field: str, words: dict[str, str], *, width: int) -> None:
    key = f"evaluation-{field}"
    st.session_state[key] = getattr(asked, field)
    st.selectbox(
        LABELS[field],
        list(words),
        format_func=words.__getitem__,
        key=key,
        label_visibility="collapsed",
        width=width,
        on_change=lambda: write_evaluation_asked(replace(asked, **{field: st.session_state[key]})),
    )
