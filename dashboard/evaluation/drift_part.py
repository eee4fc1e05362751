"""Drift: which types the forecast has lately become worse for."""

import pandas as pd
import streamlit as st

from dashboard.evaluation.screen import EvaluationScreen
from dashboard.naming import type_name
from risk.backtest.verdict import DRIFT_LIMIT, RECENT_WEEKS

TYPE, BIAS, LOSS, STATE = "纠纷类型", "偏多偏少(σ)", "误差变化(σ)", "警报"


def drift_table(screen: EvaluationScreen) -> pd.DataFrame:
    """One row a type that was tested at the level, alarms first."""
    rows = [
        {
            TYPE: type_name(kind),
            BIAS: round(result["verdict"]["drift"], 1),
            LOSS: round(result["loss_drift"], 1),
            STATE: "▲ 警报" if result["drift_alarm"] else "正常",
        }
        for kind, result in screen.results.items()
        if "verdict" in result
    ]
    table = pd.DataFrame(rows, columns=[TYPE, BIAS, LOSS, STATE])
    worst = table[[BIAS, LOSS]].abs().max(axis=1)
    return table.assign(_worst=worst).sort_values("_worst", ascending=False, ignore_index=True).drop(columns="_worst")


def show_drift(screen: EvaluationScreen) -> None:
    """Show the rule, and what it says of every type."""
    st.markdown("**漂移警报**")
    if screen.asked.horizon != "1":
        st.caption("漂移只按未来 1 周的预测判断;请把预测时段换成“未来 1 周”。")
        return
    table = drift_table(screen)
    alarmed = table.loc[table[STATE] != "正常", TYPE].tolist()
    if alarmed:
        st.warning(
            f"近 {RECENT_WEEKS} 周与此前不同:{' · '.join(alarmed)}。先看最近几周是否还没有报全,再考虑重新训练。",
            icon=":material/trending_up:",
        )
    st.dataframe(table, hide_index=True, height=min(330, 36 * (len(table) + 1)), alt="各类型的漂移")
    st.caption(
        f"规则:近 {RECENT_WEEKS} 周与此前各周相比,以标准误计。偏多偏少为“发生÷说过”的对数,超过 ±{DRIFT_LIMIT:g} 报警"
        f"(负数:来的比说的少,最近几周迟报也会如此);误差变化为每处平均偏差,高出 {DRIFT_LIMIT:g} 报警。"
    )
