"""The results of one type and level: four figures, the comparison, what was said and came, reliability, coverage."""

import pandas as pd
import streamlit as st

from dashboard.evaluation.asked import HORIZONS
from dashboard.evaluation.charts import coverage_chart, reliability_chart, weekly_chart
from dashboard.evaluation.screen import EvaluationScreen
from dashboard.evaluation.tables import NAMES, best_simple, comparison_table, model_row, weekly_table
from dashboard.naming import type_name
from dashboard.risks.asked import LAYER_WORDS
from dashboard.tile import Tile, show_tiles
from data.backtests.reading import Result
from risk.backtest.verdict import LAST_MONTH

ROW_HEIGHT = 32


def show_results(screen: EvaluationScreen, *, wide: bool) -> None:
    """Show them, or say that nothing came that could be measured."""
    what = f"{LAYER_WORDS[screen.asked.level]} · {type_name(screen.asked.type)} · {HORIZONS[screen.asked.horizon]}"
    result = screen.result
    if result is None or "comparison" not in result:
        st.info(f"“{what}”在回测的几周里一件也没有,无从评估。可以换一个层级或类型。", icon=":material/search_off:")
        return
    show_tiles(result_tiles(result), screen.palette, across=4)
    left, right = st.columns([7, 5] if wide else [1, 1], gap="small")
    with left:
        _show_comparison(result, what)
    with right:
        _show_weekly(screen, result, what)
    left, right = st.columns(2, gap="small")
    with left:
        st.markdown("**说多少来多少吗(可靠性)**")
        chart = reliability_chart(result, screen.palette)
        st.vega_lite_chart(None, chart, theme=None, key="reliability", alt=_reliability_words(result))
        st.caption("把地方×周按预计件数分成十等分;点在虚线上表示说多少来多少,在下方表示说多了。")
    with right:
        st.markdown("**区间够宽吗(90% 区间覆盖率)**")
        chart = coverage_chart(result, screen.palette)
        st.vega_lite_chart(None, chart, theme=None, key="coverage", alt=_coverage_words(result))
        st.caption("虚线为 90%,浅色带为 87–93%。低于带:区间太窄;高于带:区间太宽。随机化覆盖率,小件数也可比。")


def result_tiles(result: Result) -> list[Tile]:
    """Four figures that say how well the model did."""
    model, best = model_row(result), best_simple(result)
    month = next(row for row in result["comparison"] if row["forecast"] == LAST_MONTH)
    return [
        Tile("误差比:模型 ÷ 上月件数", f"{month['ratio']:.3f}", f"{_won(month)};停用规则看这一项"),
        Tile("误差比:模型 ÷ 最好的简单方法", f"{best['ratio']:.3f}", f"{NAMES[best['forecast']]},{_interval(best)}"),
        Tile(
            "命中率(预计最多的 5% 地方)",
            f"{model['hit_rate_5%']:.1%}",
            f"最好的简单方法 {best['hit_rate_5%']:.1%};PEI {model['pei_5%']:.1%}",
        ),
        Tile(
            "90% 区间覆盖率",
            f"{result['coverage']['90%']:.1%}",
            f"50% 区间 {result['coverage']['50%']:.1%};{result['places']:,} 处、{result.get('incidents', 0):,} 件次",
        ),
    ]


def _won(row: dict) -> str:
    return f"胜出,{_interval(row)}" if row["ratio"] < 1 else f"没有胜出,{_interval(row)}"


def _interval(row: dict) -> str:
    low, high = row["ratio_low"], row["ratio_high"]
    return "无区间" if low is None or high is None else f"95% 区间 {low:.3f}–{high:.3f}"


def _show_comparison(result: Result, what: str) -> None:
    st.markdown("**与简单方法相比**")
    table = comparison_table(result)
    st.dataframe(
        table, hide_index=True, row_height=ROW_HEIGHT, height=ROW_HEIGHT * (len(table) + 1) + 2,
        alt=f"{what}:模型与八种简单方法的偏差、误差比和命中率",
    )  # fmt: skip
    st.caption(
        "偏差为平均泊松偏差,越小越好;“模型÷它”小于 1 表示模型胜出,区间按周成块自助抽样。"
        "命中率、PAI、PEI 按预计最多的 1%、5%、10% 地方计。“偷看前后的平滑”能看到前后各周,不是预测,只表示还有多少余地。"
    )


def _show_weekly(screen: EvaluationScreen, result: Result, what: str) -> None:
    st.markdown("**说过 / 发生**(柱:发生;线:每周开始时说过)")
    if "weekly" not in result:
        st.caption("县级以下的研判范围不逐周列出件数。")
        return
    chart = weekly_chart(result, screen.palette)
    st.vega_lite_chart(None, chart, theme=None, key="weekly", alt=_weekly_words(result, what))
    with st.expander(f"逐周明细与当时发布的预测({len(screen.said)} 次已到期)"):
        st.dataframe(weekly_table(result, screen.said), hide_index=True, height=300, alt=f"{what}:逐周说过与发生")
        st.caption("“当时发布”为保存下来的预测,每周至多一次,留半年;“回测”由当时还没有见过这些周的模型补说。")


def _weekly_words(result: Result, what: str) -> str:
    weekly = pd.DataFrame(result["weekly"])
    said, came = weekly["expected_count"].sum(), weekly["incident_count"].sum()
    return f"{what}:{len(weekly)} 周共说过 {said:,.0f} 件,发生 {came:,} 件"


def _reliability_words(result: Result) -> str:
    last = result["reliability"][-1]
    return f"预计最多的十分之一:平均预计 {last['expected']:.2g} 件,平均发生 {last['observed']:.2g} 件"


def _coverage_words(result: Result) -> str:
    shares = result["coverage_by_decile"]
    return f"十等分的 90% 区间覆盖率在 {min(shares):.1%} 与 {max(shares):.1%} 之间"
