"""What the trends consist of, already as a reader may see it: None and NA are withheld."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.disclosure import is_open, smallest_shown, withhold
from data.filter import IncidentFilter, Period
from data.totals import Totals

WEEKS = 52
"""Weeks shown, each beside the same one of the year before."""
DAYS_SHOWN = 56
UNKNOWN_LEVEL = ""
"""Settled without saying at which level."""
BANDS: tuple[tuple[int, str], ...] = (
    (0, "3 天内"), (4, "4–7 天"), (8, "8–15 天"), (16, "16–30 天"), (31, "31–60 天"), (61, "60 天以上"),
)  # fmt: skip
"""First day and name of each band of days from acceptance to the end; 30 and 60 are the usual limits."""
QUANTILES = (0.25, 0.5, 0.75, 0.9)


@dataclass(frozen=True)
class Part:
    """A part and the whole it is of; None = withheld."""

    part: int | None
    whole: int | None


@dataclass(frozen=True)
class Rhythm:
    """Counts over time.

    Parameters
    ----------
    weeks
        Indexed by first day: `incident_count`, `last_year_count` (52 weeks earlier), Int64.
    days
        Counts by day; None below the county, where days would give small weeks away.
    hours
        Weekday (0 is Monday) by hour, Int64.
    windows
        "7d", "28d" and "ytd".
    total
        Of the period itself.
    """

    weeks: pd.DataFrame
    days: pd.Series | None
    hours: pd.DataFrame
    windows: dict[str, Totals]
    total: Totals


@dataclass(frozen=True)
class Matrix:
    """Counts by dispute type (rows) and part of the division (columns, codes), Int64."""

    current: pd.DataFrame
    previous: pd.DataFrame
    last_year: pd.DataFrame


@dataclass(frozen=True)
class Durations:
    """Days from acceptance to the end.

    Parameters
    ----------
    count
        Settled incidents; None = withheld.
    bands
        Counts by name of `BANDS`, Int64.
    quantiles
        Days by share of `QUANTILES`; empty where there are too few to state them.
    """

    count: int | None
    bands: pd.Series
    quantiles: dict[float, int]

    @classmethod
    def of(cls, asked: IncidentFilter, days: np.ndarray, weights: np.ndarray) -> "Durations":
        """Of days that rise, each with how many were settled after so many."""
        total = int(weights.sum())
        firsts = np.array([first for first, _ in BANDS])
        band = np.searchsorted(firsts, days, side="right") - 1
        counts = np.bincount(np.maximum(band, 0), weights=weights, minlength=len(BANDS)).astype(np.int64)
        bands = pd.Series(counts, index=[name for _, name in BANDS], dtype="Int64")
        k = 1 if is_open(asked.division) else smallest_shown(asked)
        if not is_open(asked.division):
            bands = withhold(bands, k)
        if total < k:
            return cls(0 if total == 0 else None, bands, {})
        reached = np.searchsorted(weights.cumsum(), [share * total for share in QUANTILES])
        return cls(total, bands, dict(zip(QUANTILES, days[reached].tolist(), strict=True)))


@dataclass(frozen=True)
class Settling:
    """What was closed in a period.

    Parameters
    ----------
    levels
        Indexed by level that settled it (`UNKNOWN_LEVEL` last): `incident_count`, `previous_count`, Int64.
    channels
        Successes of those with an outcome, by channel: in the period, in the one before.
    durations, previous_durations
        In the period, in the one before.
    """

    levels: pd.DataFrame
    channels: dict[str, tuple[Part, Part]]
    durations: Durations
    previous_durations: Durations


@dataclass(frozen=True)
class Progress:
    """Where the incidents of a period stand.

    Parameters
    ----------
    sources, statuses
        Indexed by code: `incident_count`, `previous_count`, Int64.
    reopened
        Those open again, of those that had been closed.
    """

    sources: pd.DataFrame
    statuses: pd.DataFrame
    reopened: Part


def windows_of(today: dt.date) -> dict[str, Period]:
    """The three windows that stand side by side; `today` is part of them."""
    end = today + dt.timedelta(days=1)
    return {
        "7d": Period(end - dt.timedelta(days=7), end),
        "28d": Period(end - dt.timedelta(days=28), end),
        "ytd": Period(dt.date(today.year, 1, 1), end),
    }
