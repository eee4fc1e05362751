"""Words of the map's tooltips: at most four lines, and nothing that is not also in the table or the tiles."""

from html import escape

import pandas as pd

from dashboard.measures import BASES, COUNT, RATE, Measure, measured
from dashboard.wording import (
    SUPPRESSED_BELOW,
    both_counts,
    count_text,
    is_missing,
    percent_change_text,
    rate_text,
    table_name,
)

NOT_COUNTED = "不统计"


def value_texts(numbers: pd.DataFrame, measure: Measure, *, below: int = SUPPRESSED_BELOW) -> pd.Series:
    """The measure of each row as it is written on the map, text, indexed as `numbers`."""
    if measure is COUNT:
        return numbers["incident_count"].map(lambda value: count_text(value, below=below)).astype(object)
    values = measured(numbers, measure)
    return values.map(rate_text if measure is RATE else percent_change_text).astype(object)


def _lines(row: pd.Series, value: str, measure: Measure, below: int) -> list[str]:
    unit = " 件" if measure is COUNT else " 件/万人" if measure is RATE and value[:1].isdigit() else ""
    title = "件数" if measure is COUNT else measure.label if measure is RATE else measure.title
    column, then = BASES.get(measure.key, BASES["previous"])
    lines = [f"{title}:<b>{escape(value)}</b>{unit}"]
    if measure is RATE:
        lines.append(f"本期 {escape(count_text(row['incident_count'], below=below))} 件")
    elif column in row.index:
        lines.append(escape(both_counts(row["incident_count"], row[column], then=then, below=below)))
    if measure is COUNT and is_missing(row["incident_count"]):
        lines.append(f"数量少于 {below} 件,不显示")
    return lines


def tip_texts(names: pd.Series, numbers: pd.DataFrame, measure: Measure, *, below: int = SUPPRESSED_BELOW) -> pd.Series:
    """Tooltip HTML of each name, escaped, indexed as `names`; a place without numbers is 不统计.

    Parameters
    ----------
    names
        Text by code (or cell).
    numbers
        As in `measures.measured`, indexed by the same codes.
    """
    values = value_texts(numbers, measure, below=below)
    tips = {}
    for code, name in names.items():
        lines = _lines(numbers.loc[code], values[code], measure, below) if code in values.index else [NOT_COUNTED]
        tips[code] = "<br/>".join([f"<b>{escape(table_name(str(name)))}</b>", *lines])
    return pd.Series(tips, index=names.index, dtype=object)
