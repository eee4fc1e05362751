"""Rows that are wrong on purpose, one fault each, beside the valid ones."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from data.simulation.profiles import DIRTY_SHARE

Cells = dict[str, "np.ndarray | pd.Series | list[str] | str"]
Fault = Callable[[pd.DataFrame, np.random.Generator], Cells]


def _bad_date(rows: pd.DataFrame, _: np.random.Generator) -> Cells:
    return {"受理时间": (["2025-02-30 25:61:00", "昨天上午"] * len(rows))[: len(rows)]}


def _outside(rows: pd.DataFrame, rng: np.random.Generator) -> Cells:
    x, y = 121.2 + rng.random(len(rows)) / 2, 31.0 + rng.random(len(rows)) / 2
    return {"经度": np.char.mod("%.6f", x), "纬度": np.char.mod("%.6f", y), "区划代码": ""}


def _swapped(rows: pd.DataFrame, rng: np.random.Generator) -> Cells:
    x, y = 101.0 + rng.random(len(rows)) * 5, 34.0 + rng.random(len(rows)) * 3
    return {"经度": np.char.mod("%.6f", y), "纬度": np.char.mod("%.6f", x), "区划代码": ""}


def _closed_too_soon(rows: pd.DataFrame, _: np.random.Generator) -> Cells:
    closed = _in_year(rows["受理时间"], 2014)
    return {"状态": "办结", "办理结果": "成功", "化解层级": "县级", "办结时间": closed}


def _in_year(times: pd.Series, year: int) -> pd.Series:
    """The feed's own format with another year; 5 March is a day that every year has."""
    separator = times.str[4:5]
    return str(year) + separator + "03" + separator + "05" + times.str[10:]


FAULTS: dict[str, Fault] = {
    "bad_date": _bad_date,
    "year_1899": lambda rows, _: {"受理时间": _in_year(rows["受理时间"], 1899)},
    "year_2199": lambda rows, _: {"受理时间": _in_year(rows["受理时间"], 2199)},
    "closed_before_accepted": _closed_too_soon,
    "blank_type": lambda *_: {"纠纷类型": ""},
    "unknown_code": lambda *_: {"区划代码": "990101001001", "经度": "", "纬度": ""},
    "swapped_coordinates": _swapped,
    "zero_coordinates": lambda *_: {"经度": "0.000000", "纬度": "0.000000", "区划代码": ""},
    "outside_coordinates": _outside,
    "missing_id": lambda *_: {"编号": ""},
}
"""Kind to the cells it spoils. Rows with impossible coordinates carry no code that could place them instead."""


def dirty_rows(rows: pd.DataFrame, numbers: pd.Series, rng: np.random.Generator) -> tuple[pd.DataFrame, dict[str, int]]:
    """Spoiled copies of rows under identifiers of their own, and how many there are of each kind.

    Parameters
    ----------
    rows
        Valid rows of one feed as text, with the feed's headers.
    numbers
        Unused identifiers, at least `dirty_count(len(rows))` of them.
    """
    each = dirty_count(len(rows)) // len(FAULTS)
    parts = []
    for at, fault in enumerate(FAULTS.values()):
        template = rows.iloc[rng.integers(0, len(rows), each)]
        spoiled = template.assign(编号=numbers.iloc[at * each : (at + 1) * each].to_numpy())
        parts.append(spoiled.assign(**fault(spoiled, rng)))
    return pd.concat(parts), dict.fromkeys(FAULTS, each)


def dirty_count(rows: int) -> int:
    """About three in a thousand, the same number of every kind, at least one each; none in an empty feed."""
    return max(1, round(rows * DIRTY_SHARE / len(FAULTS))) * len(FAULTS) if rows else 0
