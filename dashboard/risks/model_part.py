"""How well the model did lately, for every type at a layer, and its card."""

import pandas as pd
import streamlit as st

from dashboard.naming import type_name
from dashboard.risks.screen import RiskScreen

METHODS = {"regression on map and season": "底图与季节上的回归", "map and season": "底图与季节(历史太短)"}
"""What ways to forecast are called, by `PooledForecaster.method_`."""
TYPE, RATIO, UPPER, DRIFT, SHOWN = "纠纷类型", "误差比(模型÷上月件数)", "95% 上界", "漂移", "展示"


def verdict_table(screen: RiskScreen) -> pd.DataFrame:
    """One row a type: how the model compares with last month's counts on weeks it had not seen."""
    if screen.model is None or screen.asked.level not in screen.model.calibration:
        return pd.DataFrame(columns=[TYPE, RATIO, UPPER, DRIFT, SHOWN])
    verdicts = screen.model.calibration[screen.asked.level].verdicts
    return pd.DataFrame(
        [
            {
                TYPE: type_name(kind),
                RATIO: round(verdict.ratio, 3),
                UPPER: "—" if verdict.upper is None else f"{verdict.upper:.3f}",
                DRIFT: f"{'警报 ' if verdict.drifting else ''}{verdict.drift:+.1f} σ",
                SHOWN: "展示" if verdict.shown else "停用",
            }
            for kind, verdict in verdicts.items()
        ],
        columns=[TYPE, RATIO, UPPER, DRIFT, SHOWN],
    ).sort_values(RATIO, ignore_index=True)


def show_model_part(screen: RiskScreen) -> None:
    """Show both, folded up: they are for whoever doubts the score."""
    if screen.run is None:
        return
    with st.expander("模型近期表现与模型卡", icon=":material/monitoring:"):
        left, right = st.columns(2, gap="medium")
        with left:
            st.markdown("**近期表现**:每周开始时说的,与那一周来的相比;模型当时没有见过这些周。")
            table = verdict_table(screen)
            st.dataframe(table, hide_index=True, height=min(420, 36 * (len(table) + 1)), alt="各类型近期表现")
            st.caption(
                "误差比小于 1 表示胜过上月件数;不小于 1 的类型自动停用;未列出的类型在这些周里一件也没有。"
                "漂移绝对值超过 3 σ 报警。"
            )
        with right:
            show_card(screen.run.card)


def show_card(card: dict) -> None:
    """Show the card of a run as a table, and its limits."""
    rows = {
        "模型": f"{card['model']}({METHODS.get(card['method'], card['method'])})",
        "训练数据": f"{card['window'][0]} 至 {card['window'][1]}(不含),{card['incidents']:,} 件,{card['weeks']} 周",
        "训练截至": card["learnt_until"],
        "地方数": f"{card['places']:,}",
        "特征": "、".join(card["features"]),
        "校验和": f"{card['checksum'][:16]}…",
        "用途": card["intended_use"],
    }
    st.markdown("**模型卡**")
    st.table(pd.DataFrame({"内容": rows.values()}, index=list(rows)))  # wraps, so that nothing is cut off
    st.markdown("\n".join(f"- {limit}" for limit in card["limits"]))
