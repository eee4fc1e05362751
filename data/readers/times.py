"""Moments as feeds write them."""

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
import pandas as pd

from data.readers.plain import moments, whole_numbers

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
_SHAPES = {"%Y": r"\d{4}", "%f": r"\d{1,9}"} | dict.fromkeys(("%m", "%d", "%H", "%M", "%S"), r"\d{1,2}")
WITH_OFFSET = r"T?\d{2}:\d{2}.*(?:Z|[+-]\d{2}:?\d{2})$"


def epoch_seconds(values: pd.Series, *, zone: str, forms: Sequence[str] = FORMS) -> pd.Series:
    """UTC seconds (Int64) of moments written as text; NA where blank or not understood.

    A moment without an offset is local time in `zone`: of the two that a clock set back shows, the first; of those
    that a clock put forward leaves out, the next one.
    """
    plain = moments(values)
    seconds, known = plain.seconds.copy(), plain.known.copy()
    local = np.flatnonzero(known & ~plain.utc)
    seconds[local] = _utc(pd.Series(seconds[local].astype("datetime64[s]")), zone)
    left = values[~known].str.strip()
    if (left != "").any():
        careful = _carefully(left[left != ""], zone, forms)
        read = values.index.get_indexer(careful.index)
        seconds[read], known[read] = careful.to_numpy(), True
    return pd.Series(pd.arrays.IntegerArray(seconds, ~known), index=values.index)


def versions(values: pd.Series, *, zone: str) -> pd.Series:
    """Versions (Int64) as feeds count them: whole numbers as they are, moments in milliseconds since 1970."""
    found = whole_numbers(values)
    rest = values[found.isna() & (values != "")]
    if len(rest):
        fraction = rest.str.extract(r"\d{2}:\d{2}:\d{2}(\.\d+)", expand=False).fillna("0")
        moment = rest.str.replace(r"(\d{2}:\d{2}:\d{2})\.\d+", r"\1", regex=True)
        thousandths = (pd.to_numeric(fraction) * 1000).astype("int64")
        found.loc[rest.index] = epoch_seconds(moment, zone=zone) * 1000 + thousandths
    return found


def _carefully(values: pd.Series, zone: str, forms: Sequence[str]) -> pd.Series:
    """UTC seconds of those that are understood."""
    left = values.str.replace("T", " ", n=1, regex=False)
    offset = left.str.contains(WITH_OFFSET, regex=True)
    found = []
    if offset.any():
        stated = pd.to_datetime(left[offset], format="ISO8601", utc=True, errors="coerce").dropna()
        found.append(stated.dt.as_unit("s").astype("int64"))
        left = left[~offset]
    for form in forms:
        fitting = left[left.str.fullmatch(_shape(form))]
        if fitting.empty:
            continue  # far cheaper than to have pandas find out that nothing has this form
        local = pd.to_datetime(fitting, format=form, errors="coerce").dropna()
        found.append(pd.Series(_utc(local, zone), index=local.index))
        left = left.drop(local.index)
    return pd.concat(found) if found else pd.Series(dtype="int64")


@cache
def _shape(form: str) -> str:
    """Regular expression of what may be a moment of the form: digits where digits are, anything for other parts."""
    literals = re.split(r"%.", form)
    parts = [_SHAPES.get(code, ".+") for code in re.findall(r"%.", form)]
    return "".join(re.escape(literal) + part for literal, part in zip(literals, [*parts, ""], strict=True))


def _utc(local: pd.Series, zone: str) -> np.ndarray:
    ambiguous = np.ones(len(local), bool)
    moment = local.dt.tz_localize(zone, ambiguous=ambiguous, nonexistent="shift_forward")
    return moment.dt.as_unit("s").astype("int64").to_numpy()
