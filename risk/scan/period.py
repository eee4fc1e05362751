"""The study period of a scan, cut into steps, and the dates of its files."""

import math
import re
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

Unit = Literal["day", "month", "year"]
PRECISIONS = ("year", "month", "day")
_SHORT_YEAR_TURNS = 50
"""Two-digit years from here on belong to the last century."""


class DateError(ValueError):
    """A text is not a date, or not one precise enough."""


@dataclass(frozen=True)
class Date:
    """A date as written in a file: first day it may mean, and how precisely it is known."""

    day: pd.Timestamp
    precision: str


def read_date(text: str) -> Date:
    """Read YYYY, YYYY/MM, YYYY/MM/DD, MM/YYYY, MM/DD/YYYY or a two-digit year; `-` and `.` separate as well.

    Raises
    ------
    DateError
        Anything else.
    """
    parts = re.split(r"[/\-.]", text.strip())
    if not all(part.isdigit() for part in parts) or len(parts) > 3:
        raise DateError(f"{text!r} is not a date like 2017, 2017/12 or 2017/12/31")
    if len(parts) > 1 and len(parts[-1]) == 4:
        parts = [parts[-1], *parts[:-1]]
    year = int(parts[0])
    if len(parts[0]) <= 2:
        year += 1900 if year >= _SHORT_YEAR_TURNS else 2000
    month, day = (int(part) for part in [*parts[1:], "1", "1"][:2])
    try:
        return Date(pd.Timestamp(year=year, month=month, day=day), PRECISIONS[len(parts) - 1])
    except ValueError as error:
        raise DateError(f"{text!r} is not a date: {error}") from error


@dataclass(frozen=True)
class Period:
    """A study period in steps.

    Parameters
    ----------
    starts
        First day of each step and, last, the day after the period: shape (steps + 1,), datetime64[D].
    unit, length
        A step is `length` units long; only the first may be shorter.
    """

    starts: np.ndarray
    unit: Unit
    length: int

    @property
    def steps(self) -> int:
        """How many steps there are."""
        return len(self.starts) - 1

    def step_of(self, days: np.ndarray) -> np.ndarray:
        """Step of each day; −1 outside the period."""
        days = np.asarray(days, dtype="datetime64[D]")
        step = np.searchsorted(self.starts, days, side="right") - 1
        return np.where((step >= 0) & (days < self.starts[-1]), step, -1)

    def first_day(self, step: int) -> str:
        """First day of a step, YYYY/MM/DD."""
        return str(self.starts[step]).replace("-", "/")

    def last_day(self, step: int) -> str:
        """Last day of a step, YYYY/MM/DD."""
        return str(self.starts[step + 1] - 1).replace("-", "/")

    def days_per_step(self) -> float:
        """Mean length of a full step in days."""
        return self.length * {"day": 1.0, "month": 365.25 / 12, "year": 365.25}[self.unit]


def cut(start: str, end: str, *, unit: Unit = "day", length: int = 1) -> Period:
    """Cut a period, both dates included, into steps counted back from its end.

    An `end` written as a year or month means its last day.

    Raises
    ------
    ValueError
        The end lies before the start, or the step is not a positive number of days, months or years.
    """
    if unit not in ("day", "month", "year") or length < 1:
        raise ValueError(f"a step must be some days, months or years long, not {length} {unit}")
    first, last = read_date(start).day, read_date(end)
    after = last.day + pd.DateOffset(**{last.precision + "s": 1})  # type: ignore[arg-type]
    if after <= first:
        raise ValueError(f"the study period ends ({end}) before it starts ({start})")
    starts, back = [after], 1
    while starts[-1] > first:
        # From the end each time: a step back from 31 March must not carry the 28th of February along.
        starts.append(max(first, after - pd.DateOffset(**{unit + "s": back * length})))  # type: ignore[arg-type]
        back += 1
    return Period(np.array(starts[::-1], dtype="datetime64[D]"), unit, length)


def whole(start: str | None = None, end: str | None = None) -> Period:
    """A period of one step, for a purely spatial scan; without dates it is nominal."""
    first = read_date(start).day if start else pd.Timestamp(2000, 1, 1)
    last = read_date(end) if end else Date(first, "day")
    after = last.day + pd.DateOffset(**{last.precision + "s": 1})  # type: ignore[arg-type]
    if after <= first:
        raise ValueError(f"the study period ends ({end}) before it starts ({start})")
    return Period(np.array([first, after], dtype="datetime64[D]"), "day", int((after - first).days))


def longest_window(text: str, period: Period) -> int:
    """Steps in the longest window: a share of the period ("0.5", "50%") or a length ("28d", "4w", "6m", "2y").

    Raises
    ------
    ValueError
        The text is neither, or the window is shorter than one step.
    """
    found = re.fullmatch(r"\s*(\d*\.?\d+)\s*([dwmy%]?)\w*\s*", text)
    if not found:
        raise ValueError(f"{text!r} is neither a share like 0.5 nor a length like 28d, 4w, 6m, 2y")
    number, suffix = float(found[1]), found[2]
    if suffix in ("", "%"):
        share = number / 100 if suffix else number
        if not 0 < share <= 1:
            raise ValueError(f"a window may cover a share between 0 and 1 of the period, not {text!r}")
        units = math.floor(_units(period) * share + 1e-9)
    else:
        in_days = {"d": 1.0, "w": 7.0, "m": 365.25 / 12, "y": 365.25}
        per_unit = {"day": 1.0, "month": 365.25 / 12, "year": 365.25}[period.unit]
        units = math.floor(number * in_days[suffix] / per_unit + 1e-9)
    steps = units // period.length
    if steps < 1:
        raise ValueError(f"the longest window, {text!r}, is shorter than one step")
    return min(steps, period.steps)


def _units(period: Period) -> int:
    """Days, months or years in the whole period, a started one counted."""
    if period.length == 1:
        return period.steps
    first, after = pd.Timestamp(period.starts[0]), pd.Timestamp(period.starts[-1])
    return cut(str(first.date()), str((after - pd.Timedelta(days=1)).date()), unit=period.unit).steps
