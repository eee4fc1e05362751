"""One place: where its score comes from, what is expected, and what its levels mean."""

import pandas as pd
import streamlit as st

from dashboard.naming import type_name
from dashboard.risks.screen import RiskScreen
from dashboard.ways import MAP, show_way
from dashboard.wording import count_text
from data.assessments.shown_counts import smallest_of
from data.forecasts.reading import words_of
from data.layers import layer_of

PARTS = {
    "burden_points": "负担(预计件数 × 严重程度)",
    "surprise_points": "异常(超出此前预计)",
    "emergence_points": "聚集(热点与扫描)",
}


def show_risk_detail(screen: RiskScreen, row: pd.Series) -> None:
    """Show it."""
    st.markdown(f"**{screen.place_name(row)}** · {type_name(str(row['dispute_type']))}")
    st.markdown(f"风险分 **{int(row['score'])}** · {screen.level_words(int(row['level']))}")
    st.caption(_limits(screen))
    st.markdown("**为什么**")
    severity = screen.run.settings["score"]["severity"] if screen.run else {}
    st.markdown("\n".join(f"- {sentence}" for sentence in words_of(row, severity)))
    st.markdown("**分数构成**")
    weights = screen.run.settings["score"]["parts"] if screen.run else {}
    for name, label in PARTS.items():
        share = weights.get(name.removesuffix("_points"), 0)
        st.progress(int(row[name]) / 100, text=f"{label}:{int(row[name])} 分,占 {share:.0%}")
    st.dataframe(_expected(row), hide_index=True, alt="预计件数与区间")
    if not layer_of(screen.asked.level).is_cells:
        show_way("在地图上打开", MAP, {"code": str(row["code"])}, key="risk-to-map", icon=":material/map:")
    st.caption("“低”表示上报少,不等于安全。预测只用群众和部门报来的件,不含网格排查。")


def _limits(screen: RiskScreen) -> str:
    words = [
        f"{level['colour']}({level['name']}) ≥ {limit:g}"
        for level, limit in zip(screen.levels, screen.limits, strict=True)
    ]
    return f"分级界限(本模型固定):{'、'.join(words)}"


def _expected(row: pd.Series) -> pd.DataFrame:
    below = smallest_of(str(row["dispute_type"]))
    return pd.DataFrame(
        [
            {
                "时段": label,
                "预计": f"{row[f'expected_{name}']:.1f}",
                "50% 区间": f"{int(row[f'low_50_{name}'])}–{int(row[f'high_50_{name}'])}",
                "90% 区间": f"{int(row[f'low_90_{name}'])}–{int(row[f'high_90_{name}'])}",
                "上一时段实际": count_text(row[f"{name}_count"], below=below),
                "当时预计": f"{row[f'{name}_said']:.1f}",
            }
            for name, label in (("week", "未来 1 周"), ("month", "未来 4 周"))
        ]
    )
