"""What a back-test measured, as tables in the reader's language."""

from typing import Any

import pandas as pd

from data.backtests.measured import PEEK
from data.backtests.reading import Result
from risk.backtest.verdict import LAST_MONTH, MODEL

NAMES = {
    MODEL: "模型",
    "last week": "上周件数",
    LAST_MONTH: "上月件数(近 4 周平均)",
    "mean of 13 weeks": "近 13 周平均",
    "mean of 52 weeks": "近 52 周平均",
    "all history": "全部历史平均",
    "same weeks last year": "去年同期",
    "EWMA 13 weeks": "指数加权(半衰 13 周)",
    "self + ring 1": "本地与相邻平均",
    PEEK: "偷看前后的平滑(不是预测)",
}
"""What each way to foretell is called."""
FORECAST, DEVIANCE, RATIO, INTERVAL = "方法", "偏差", "模型÷它", "95% 区间"
SHARES = ("1%", "5%", "10%")
MEASURES = {"hit_rate": "命中率", "pai": "PAI", "pei": "PEI"}


def best_simple(result: Result) -> dict[str, Any]:
    """Row of the simple rule that did best."""
    rows = [row for row in result["comparison"] if row["forecast"] not in (MODEL, PEEK)]
    return dict(min(rows, key=lambda row: row["deviance"]))


def model_row(result: Result) -> dict[str, Any]:
    """Row of the model."""
    return dict(next(row for row in result["comparison"] if row["forecast"] == MODEL))


def comparison_table(result: Result) -> pd.DataFrame:
    """The model first, then every rule from the best to the worst, the smoother that peeks among them."""
    return pd.DataFrame([_row(row) for row in result["comparison"]])


def _row(row: dict[str, Any]) -> dict[str, str]:
    own = row["forecast"] == MODEL
    low, high = row["ratio_low"], row["ratio_high"]
    words = {
        FORECAST: NAMES.get(row["forecast"], row["forecast"]),
        DEVIANCE: f"{row['deviance']:.4g}",
        RATIO: "—" if own else f"{row['ratio']:.3f}",
        INTERVAL: "—" if own or low is None or high is None else f"{low:.3f}–{high:.3f}",
    }
    for measure, name in MEASURES.items():
        for share in SHARES:
            value = row[f"{measure}_{share}"]
            words[f"{name} {share}"] = "—" if value is None else _measured(measure, value)
    return words


def _measured(measure: str, value: float) -> str:
    return f"{value:.1%}" if measure != "pai" else f"{value:.1f}"


def weekly_table(result: Result, said: pd.DataFrame) -> pd.DataFrame:
    """Week by week what was said and what came: as published where a run was kept, else as tested."""
    weekly = pd.DataFrame(result["weekly"]) if "weekly" in result else pd.DataFrame()
    tested = [
        {
            "自": row.week,
            "口径": "回测(该层级参评地方)",
            "说过": f"{row.expected_count:,.1f}",
            "发生": f"{row.incident_count:,}",
            "发生÷说过": _over(row.incident_count, row.expected_count),
            "落入 90% 区间的地方": f"{row.covered:.1%}",
        }
        for row in weekly.itertuples()
    ]
    published = [
        {
            "自": f"{row.first_day:%Y-%m-%d}",
            "口径": f"当时发布(全域,模型 {row.model_id})",
            "说过": f"{row.expected_count:,.1f}",
            "发生": "<5" if pd.isna(row.incident_count) else f"{row.incident_count:,}",
            "发生÷说过": "—" if pd.isna(row.incident_count) else _over(row.incident_count, row.expected_count),
            "落入 90% 区间的地方": "—",
        }
        for row in said.itertuples()
    ]
    return pd.DataFrame([*published[::-1], *tested[::-1]])


def _over(came: float, said: float) -> str:
    return f"{came / said:.2f}" if said > 0 and came >= 0 else "—"
