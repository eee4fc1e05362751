"""Words of the map's tooltips: at most four lines, and nothing that is not also in the table or the tiles."""

import pandas as pd

from dashboard.measures import BASES, COUNT, RATE, Measure, measured
from dashboard.wording import (
    SUPPRESSED_BELOW,
    both_counts,
    count_text,
    percent_change_text,
    rate_text,
    signed_change_text,
    table_name,
)

NOT_COUNTED = "不统计"
_STAND_INS = str.maketrans({"<": "‹", ">": "›", "&": "＆", '"': "″", "'": "′", "{": "(", "}": ")"})


def value_texts(numbers: pd.DataFrame, measure: Measure, *, below: int = SUPPRESSED_BELOW) -> pd.Series:
    """The measure of each row as it is written on the map, text, indexed as `numbers`."""
    if measure is COUNT:
        return numbers["incident_count"].map(lambda value: count_text(value, below=below)).astype(object)
    values = measured(numbers, measure)
    return values.map(rate_text if measure is RATE else signed_change_text).astype(object)


def _details(numbers: pd.DataFrame, measure: Measure, below: int) -> list[str]:
    """Second line of each row: both counts of the change, or the count behind the rate; empty when unknown."""
    column, then = BASES.get(measure.key, BASES["previous"])
    now = numbers["incident_count"].tolist()
    if measure is RATE:
        return [f"本期 {count_text(count, below=below)} 件" for count in now]
    if column not in numbers.columns:
        return [""] * len(now)
    before = numbers[column].tolist()
    return [both_counts(*pair, then=then, below=below) for pair in zip(now, before, strict=True)]


def _value_line(value: str, measure: Measure) -> str:
    title = "件数" if measure is COUNT else measure.label if measure is RATE else measure.title
    unit = " 件" if measure is COUNT else " 件/万人" if measure is RATE and value[:1].isdigit() else ""
    return f"{title}:{value}{unit}"


def plain(text: object) -> str:
    """Text from a file without the signs that HTML could read; other signs stand in for them.

    Streamlit escapes what it fills into a tooltip, so nothing may be escaped here; but nothing depends on it either.
    """
    return str(text).translate(_STAND_INS)


def tip(title: object, line: str, detail: str = "") -> dict[str, str]:
    """The fields of a row that `deck.tooltip` shows: bold title, bold line, muted detail."""
    return {"t": plain(title), "m": line, "d": detail}


def tip_texts(
    names: pd.Series, numbers: pd.DataFrame, measure: Measure, *, below: int = SUPPRESSED_BELOW
) -> dict[str, dict[str, str]]:
    """Tooltip fields by code, as in `tip`; a place without numbers is 不统计.

    Parameters
    ----------
    names
        Text by code (or cell).
    numbers
        As in `measures.measured`, indexed by the same codes.
    """
    known = {}
    values = value_texts(numbers, measure, below=below).tolist()
    if measure.is_change:
        values = [percent_change_text(change) for change in measured(numbers, measure).tolist()]
    details = _details(numbers, measure, below)
    hidden = numbers["incident_count"].isna().tolist()
    for code, value, detail, is_hidden in zip(numbers.index, values, details, hidden, strict=True):
        hint = f"(数量少于 {below} 件,不显示)" if measure is COUNT and is_hidden else ""
        known[code] = (_value_line(value, measure) + hint, detail)
    tips = {}
    for code, name in zip(names.index, names.tolist(), strict=True):
        line, detail = known.get(code, (NOT_COUNTED, ""))
        tips[str(code)] = tip(table_name(str(name)), line, detail)
    return tips
