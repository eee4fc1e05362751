"""Days on which a source brought far fewer or far more than on the same weekdays before.

A day is compared with the last eight days of its kind: the same weekday, or Sundays where the day is a holiday. The two
days after a holiday, when offices take in what has waited, are like no others: neither judged nor compared with. Counts
are put on a scale where chance has about the same size everywhere, `a(x) = 2 √(x + 3/8)` (Anscombe, Biometrika 35,
1948: unit variance for Poisson counts). The middle is the median, the spread 1.4826 × the median distance from it
(Hampel, JASA 69, 1974), never less than that of chance alone. A day is marked when it is `LIMIT` spreads away *and*
less than half or more than double the expected count: what is sure but small needs no mark.
"""

import datetime as dt

import numpy as np
import pandas as pd

from data.filter import date_of
from risk.holidays import SPRING_FESTIVALS

LIMIT = 4.0
FEWER, MORE = 0.5, 2.0
LOOK_BACK = 8
"""Days of the same kind that a day is compared with."""
LEAST = 4
"""Fewer of them say nothing."""
HISTORY = 7 * (LOOK_BACK + 4)
"""Days before the first judged one that are looked into: some of them are holidays and stand out."""

CATCHING_UP = 2
"""Days after a holiday that are left out."""

FEW, MANY, USUAL, UNKNOWN = "few", "many", "", "unknown"
_SUNDAY, _AFTER = 6, -1


def is_holiday(day: dt.date) -> bool:
    """New Year's Day, the eight days from Spring Festival's eve, 1-5 May, 1-7 October."""
    if (day.month, day.day) == (1, 1) or (day.month == 5 and day.day <= 5) or (day.month == 10 and day.day <= 7):
        return True
    return any(-1 <= (day - festival).days <= 6 for festival in SPRING_FESTIVALS)


def kind_of_day(days: np.ndarray) -> np.ndarray:
    """0 for Monday to 6 for Sunday, a holiday counting as a Sunday, −1 just after one; day numbers since 1970-01-01."""
    return np.array([_kind(date_of(int(day))) for day in days], dtype=np.int64)


def _kind(day: dt.date) -> int:
    if is_holiday(day):
        return _SUNDAY
    if any(is_holiday(day - dt.timedelta(days=back)) for back in range(1, CATCHING_UP + 1)):
        return _AFTER
    return day.weekday()


def judge_volumes(counts: np.ndarray, *, last_day: int, judged: int = 28) -> pd.DataFrame:
    """Judge the last days of a source.

    Parameters
    ----------
    counts
        Of consecutive days that end with `last_day`, zeros included, shape (days,); `judged + HISTORY` of them are
        enough, fewer leave early days unknown.
    last_day
        Day number of the last one, which must be complete.
    judged
        How many of the last days are judged.

    Returns
    -------
    `day`, `incident_count`, `expected` (NaN where unknown) and `mark` ("few", "many", "" or "unknown"), oldest first.
    """
    days = np.arange(last_day - len(counts) + 1, last_day + 1)
    kinds = kind_of_day(days)
    started = int(np.flatnonzero(counts)[0]) if counts.any() else len(counts)
    rows = [_judge(counts, kinds, at, started) for at in range(max(0, len(counts) - judged), len(counts))]
    table = pd.DataFrame(rows, columns=["at", "incident_count", "expected", "mark"])
    table.insert(0, "day", days[table.pop("at").to_numpy(dtype=np.int64)])
    return table


def _judge(counts: np.ndarray, kinds: np.ndarray, at: int, started: int) -> tuple[int, int, float, str]:
    count = int(counts[at])
    alike = np.flatnonzero(kinds[:at] == kinds[at])
    # Before its first row a source was not there at all, which says nothing about its volume.
    alike = alike[(alike >= started) & (alike >= at - HISTORY)][-LOOK_BACK:]
    if len(alike) < LEAST or kinds[at] == _AFTER:
        return at, count, np.nan, UNKNOWN
    before = counts[alike].astype(np.float64)
    expected = float(np.median(before))
    usual = _levelled(before)
    middle = float(np.median(usual))
    spread = max(1.0, 1.4826 * float(np.median(np.abs(usual - middle))))
    away = (float(_levelled(np.array([count]))[0]) - middle) / spread
    if away <= -LIMIT and count < FEWER * expected:
        return at, count, expected, FEW
    if away >= LIMIT and count > MORE * expected:
        return at, count, expected, MANY
    return at, count, expected, USUAL


def _levelled(counts: np.ndarray) -> np.ndarray:
    return np.asarray(2 * np.sqrt(counts + 0.375))
