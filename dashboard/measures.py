"""The four measures of the map: what each is called, and how its values come out of a numbers table."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.wording import SMALLEST_BASE


@dataclass(frozen=True)
class Measure:
    """`key` in the URL, `label` on the button, `title` in the legend, `ramp` a field of `Palette`.

    `greyed` says what grey means on the map: a place without a value.
    """

    key: str
    label: str
    title: str
    ramp: str
    note: str
    greyed: str = "不统计"

    @property
    def is_change(self) -> bool:
        """Whether the measure compares two periods, in per cent."""
        return self.ramp == "change"


COUNT = Measure("count", "件数", "件数(件)", "count", "左闭右开,分级固定,可跨期比较")
RATE = Measure("rate", "万人发生率", "万人发生率(件/万人)", "rate", "按 2020 年普查人口,左闭右开")
PREVIOUS = Measure("previous", "环比", "比上期", "change", "左闭右开", "少于 10 件或不统计")
LAST_YEAR = Measure("last_year", "同比", "比去年同期", "change", "左闭右开", "少于 10 件或不统计")
EMERGING = Measure("emerging", "新兴热点", "新兴热点", "count", "字为类别首字")
"""Drawn from an assessment and not from counts: see `emerging_layer`."""
SCORE = Measure("score", "风险分", "风险分", "count", "分级界限由模型固定")
EXPECTED = Measure("expected", "预计件数", "未来 4 周预计", "count", "左闭右开,分级固定")
SURPRISE = Measure("surprise", "异常", "超出此前预计", "change", "与此前预计相比")
RISK_MEASURES = {measure.key: measure for measure in (SCORE, EXPECTED, SURPRISE)}
"""Drawn from a forecast: see `risk_map`."""
MEASURES = {measure.key: measure for measure in (COUNT, RATE, PREVIOUS, LAST_YEAR)}
MAP_MEASURES = MEASURES | {EMERGING.key: EMERGING} | RISK_MEASURES
BASES = {"previous": ("previous_count", "上期"), "last_year": ("last_year_count", "去年同期")}


def measure_of(key: str | None) -> Measure:
    """The measure of a URL's key; an unknown or absent key is the count."""
    return MAP_MEASURES.get(key or "", COUNT)


def percent_change(current: pd.Series, previous: pd.Series) -> pd.Series:
    """Change in per cent, float; NaN where either count is missing or below 10."""
    now, before = (counts.astype("Float64").to_numpy(dtype=float, na_value=np.nan) for counts in (current, previous))
    stated = (now >= SMALLEST_BASE) & (before >= SMALLEST_BASE)
    change = np.full(len(now), np.nan)
    np.divide(100.0 * (now - before), before, out=change, where=stated)
    return pd.Series(change, index=current.index)


def measured(numbers: pd.DataFrame, measure: Measure) -> pd.Series:
    """Values of a measure, float, indexed as `numbers`; what cannot be stated is NaN.

    Parameters
    ----------
    numbers
        Columns `incident_count`, and by measure `rate`, `previous_count`, `last_year_count`. A missing count
        is one that was suppressed: as a value it is 0, which falls into the lowest class (`<5`), the truth
        about it.

    Raises
    ------
    ValueError
        The column that the measure needs is missing.
    """
    needed = "rate" if measure is RATE else BASES[measure.key][0] if measure.is_change else "incident_count"
    if needed not in numbers.columns:
        raise ValueError(f"measure {measure.key!r} needs column {needed!r}, found {list(numbers.columns)}")
    if measure.is_change:
        return percent_change(numbers["incident_count"], numbers[needed])
    values = numbers[needed].astype("Float64")
    if measure is COUNT:
        values = values.fillna(0)
    return pd.Series(values.to_numpy(dtype=float, na_value=np.nan), index=numbers.index)
