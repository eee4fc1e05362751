"""What the coming weeks are expected to bring to the division on the page, or why that is not shown."""

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from dashboard.pool import Pool
from dashboard.trends.asked import TrendsAsked
from dashboard.trends.reads import read_forecast_rows
from data.forecasts.reading import ForecastFilter, find_forecast
from data.forecasts.switch import shown_or_why
from data.layers import LEVEL_NAMES
from geo.divisions import level_of

OLDEST = dt.timedelta(days=7)
"""A forecast whose first week is over is not one any more."""
SUMMED = {1: 2}
"""The topmost level is not forecast by itself: its parts of the next one are added."""


@dataclass(frozen=True)
class Band:
    """Expected counts of the week and of the four weeks after `as_of`, with the ends of their 90 % intervals.

    `sources` are those foretold; `summed` says that the ends are sums of the parts' ends, and so further apart than
    need be.
    """

    as_of: dt.date
    week: tuple[float, float, float]
    month: tuple[float, float, float]
    sources: tuple[str, ...]
    summed: bool


def read_band(pool: Pool, asked: TrendsAsked, *, today: dt.date, last_day: dt.date) -> tuple[Band | None, str]:
    """The forecast, or None and the reason in words; `last_day` is that of the period on the page."""
    if asked.source or asked.channel or asked.status or asked.charted or asked.counting != "incidents":
        return None, "预测只按区划和类型作出;取消来源、渠道、状态等条件后显示。"
    run = find_forecast(pool.engine, pool.settings, pool.settings.root_code)
    if run is None:
        return None, "还没有预测过(manage.py assess)。"
    if last_day < today:
        return None, "所看时段早于今天,不画预测。"
    if today - run.as_of > OLDEST:
        return None, f"最近一次预测截至 {run.as_of:%Y-%m-%d},已过期;请重新运行 manage.py assess。"
    level = level_of(asked.code)
    layer = LEVEL_NAMES[SUMMED.get(level, level)]
    if layer not in run.settings["layers"]:
        return None, "这一层级没有预测。"
    off = shown_or_why(pool.engine, pool.settings, run, layer, asked.type)
    if off is not None:
        return None, off
    wanted = ForecastFilter(pool.settings.root_code, layer, asked.code, asked.type, run.id)
    rows = read_forecast_rows(pool, run, wanted)
    rows = rows if level in SUMMED else rows[rows["code"] == asked.code]
    if rows.empty:
        return None, "这里很少有件,没有预测。"
    return Band(run.as_of, _sums(rows, "week"), _sums(rows, "month"), tuple(run.card["sources"]), len(rows) > 1), ""


def _sums(rows: pd.DataFrame, window: str) -> tuple[float, float, float]:
    names = (f"expected_{window}", f"low_90_{window}", f"high_90_{window}")
    expected, low, high = (float(rows[name].sum()) for name in names)
    return expected, low, high
