"""Moments as feeds write them."""

import pandas as pd

FORMS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日 %H:%M",
    "%Y年%m月%d日",
    "%Y%m%d%H%M%S",
    "%Y%m%d",
)
WITH_OFFSET = r"T?\d{2}:\d{2}.*(?:Z|[+-]\d{2}:?\d{2})$"


def epoch_seconds(values: pd.Series, *, zone: str) -> pd.Series:
    """UTC seconds (Int64) of moments written as text; NA where blank or not understood.

    A moment without an offset is local time in `zone`.
    """
    found = pd.Series(pd.NA, index=values.index, dtype="Int64")
    left = values[values != ""].str.replace("T", " ", n=1, regex=False)
    offset = left.str.contains(WITH_OFFSET, regex=True)
    if offset.any():
        _fill(found, pd.to_datetime(left[offset], format="ISO8601", utc=True, errors="coerce"))
        left = left[~offset]
    for form in FORMS:
        if left.empty:
            break
        local = pd.to_datetime(left, format=form, errors="coerce")
        known = local.notna()
        _fill(found, local[known].dt.tz_localize(zone, ambiguous=True, nonexistent="shift_forward"))
        left = left[~known]
    return found


def _fill(found: pd.Series, moments: pd.Series) -> None:
    moments = moments.dropna()
    if len(moments):
        found.loc[moments.index] = moments.dt.as_unit("s").astype("int64")
