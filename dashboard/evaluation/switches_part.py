"""The off-switch of every level and type, as it stands with the model of the newest forecast, and why."""

from typing import Any

import pandas as pd
import streamlit as st

from dashboard.evaluation.screen import EvaluationScreen
from dashboard.naming import type_name
from dashboard.palette import Palette
from dashboard.risks.asked import LAYER_WORDS, TOTAL
from dashboard.wording import FIRST_RESULTS
from data.forecasts.models import StoredModel
from data.forecasts.switch import reason_of
from risk.incident import DISPUTE_TYPES

TYPE = "纠纷类型"
SHOWN, OFF, NOTHING = "展示", "停用", "无从判断"
ROW_HEIGHT = 30


def switch_table(model: StoredModel) -> pd.DataFrame:
    """Types by levels: `展示 0.431`, `停用 1.042` (the ratio), or `无从判断`."""
    layers = [layer for layer in LAYER_WORDS if layer in model.calibration]
    rows = []
    for kind in (TOTAL, *DISPUTE_TYPES):
        row = {TYPE: type_name(kind)}
        for layer in layers:
            verdict = model.calibration[layer].verdicts.get(kind)
            word = NOTHING if verdict is None else f"{SHOWN if verdict.shown else OFF} {verdict.ratio:.3f}"
            row[LAYER_WORDS[layer]] = word
        rows.append(row)
    return pd.DataFrame(rows)


def show_switches(screen: EvaluationScreen) -> None:
    """Show the table, and the reason of everything that is off."""
    st.markdown("**展示与停用**:每个层级和类型")
    used = screen.run.model_id if screen.run is not None else None
    model = next((each for each in screen.models if each.id == used), None)
    if model is None:
        st.info(
            f"还没有预测过。{FIRST_RESULTS}",
            icon=":material/hourglass_empty:",
        )
        return
    table = switch_table(model)
    st.dataframe(
        _styled(table, screen.palette), hide_index=True, row_height=ROW_HEIGHT,
        height=ROW_HEIGHT * (len(table) + 1) + 8, alt="各层级各类型的展示状态",
    )  # fmt: skip
    reasons = [
        f"{LAYER_WORDS[layer]}:{reason}"
        for layer in model.calibration
        if layer in LAYER_WORDS
        for kind in (TOTAL, *DISPUTE_TYPES)
        if (reason := reason_of(model, layer, kind)) is not None
    ]
    st.caption(
        "规则:模型没有见过的最近 26 周里,未来 1 周预测的误差不小于“上月件数”(近 4 周平均)的,该层级该类型自动停用;"
        "数字为误差比。"
    )
    if reasons:
        with st.expander(f"停用与无从判断的理由({len(reasons)} 项)"):
            st.markdown("\n".join(f"- {reason}" for reason in reasons))


def _styled(table: pd.DataFrame, palette: Palette) -> Any:
    def colour(value: str) -> str:
        if value.startswith(OFF):
            return f"color:{palette.worse};font-weight:600"
        return f"color:{palette.muted}" if value == NOTHING else ""

    return table.style.map(colour, subset=table.columns[1:].tolist())
