"""Weekly counts of every place and kind, zeros included."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

DAYS_A_WEEK = 7
MONDAY = 4
"""1970-01-01 was a Thursday: day 4 is the first Monday."""

NOT_LEARNT_FROM = ("grid_patrol",)
"""Feeds that find more where patrols go: counted on a layer of their own, never in the training target."""


@dataclass(frozen=True)
class WeeklyCounts:
    """How many incidents every place had in every week.

    Parameters
    ----------
    counts
        Shape (kinds, places, weeks), never negative; a place without incidents is a row of zeros.
    places
        Distinct place identifiers, int64, shape (places,), ascending.
    kinds
        Names of the first axis.
    first_day
        Day number since 1970-01-01 on which week 0 begins.
    reported
        Share of each kind's incidents of each week that is in `counts` yet (`risk.forecast.delay`), shape (kinds,
        weeks); None: all of them.
    """

    counts: np.ndarray
    places: np.ndarray
    kinds: tuple[str, ...]
    first_day: int
    reported: np.ndarray | None = None

    def __post_init__(self) -> None:
        """Refuse axes that do not fit together."""
        expected = (len(self.kinds), len(self.places))
        if self.counts.ndim != 3 or self.counts.shape[:2] != expected:
            raise ValueError(f"expected counts of shape {(*expected, 'weeks')}, found {self.counts.shape}")
        shape = (len(self.kinds), self.weeks)
        if self.reported is not None and self.reported.shape != shape:
            raise ValueError(f"expected shares reported of shape {shape}, found {self.reported.shape}")

    @property
    def weeks(self) -> int:
        """Number of whole weeks."""
        return int(self.counts.shape[2])

    def before(self, week: int) -> "WeeklyCounts":
        """The same places as they were known before `week` began."""
        reported = None if self.reported is None else self.reported[:, :week]
        return replace(self, counts=self.counts[:, :, :week], reported=reported)

    def of(self, kinds: Sequence[str]) -> np.ndarray:
        """Counts of the named kinds together, shape (places, weeks)."""
        return self.counts[self.positions(kinds)].sum(axis=0)

    def reported_of(self, kinds: Sequence[str]) -> np.ndarray:
        """Share of the named kinds' incidents of each week that is in the counts yet, shape (weeks,).

        Kinds weigh by what had been seen of them before the week: nothing of a week or of those after it enters.
        """
        if self.reported is None:
            return np.ones(self.weeks)
        chosen = self.positions(kinds)
        by_week = self.counts[chosen].sum(axis=1)
        weight = np.cumsum(by_week, axis=1) - by_week + 1e-9
        return np.asarray((weight * self.reported[chosen]).sum(axis=0) / weight.sum(axis=0))

    def positions(self, kinds: Sequence[str]) -> list[int]:
        """Where the named kinds are on the first axis.

        Raises
        ------
        ValueError
            A kind is not among `kinds`, or none is named.
        """
        missing = [kind for kind in kinds if kind not in self.kinds]
        if missing or not kinds:
            raise ValueError(f"expected some of {self.kinds}, found {tuple(kinds)}")
        return [self.kinds.index(kind) for kind in kinds]

    def only(self, kept: np.ndarray) -> "WeeklyCounts":
        """The places picked by a boolean mask or by positions in ascending order."""
        return replace(self, counts=self.counts[:, kept], places=self.places[kept])


def learnt_from(incidents: pd.DataFrame) -> pd.DataFrame:
    """Incidents that citizens brought in: all rows whose `source` is not in `NOT_LEARNT_FROM`."""
    return incidents[~incidents["source"].isin(NOT_LEARNT_FROM)]


def count_weekly(
    incidents: pd.DataFrame,
    *,
    end_day: int | None = None,
    places: np.ndarray | None = None,
    kinds: Sequence[str] | None = None,
) -> WeeklyCounts:
    """Count incidents by place, kind and week; weeks begin on Monday.

    Parameters
    ----------
    incidents
        One row per incident: `place` (int64, 0 where unknown: left out), `kind` (text), `day` (days since
        1970-01-01). Weeks run from the first Monday on or after the earliest day.
    end_day
        Day after the last one that is fully known; the week it falls into is dropped. Default: the day after the
        latest incident.
    places, kinds
        What the axes hold; default: everything that occurs, before the first Monday included. Rows of other places
        or kinds are left out.

    Raises
    ------
    ValueError
        There is not one whole week.
    """
    known = incidents[incidents["place"] != 0]
    if not len(known):
        raise ValueError("expected incidents with a place, found none")
    days = known["day"].to_numpy(np.int64)
    first = int(days.min())
    first += (MONDAY - first) % DAYS_A_WEEK
    weeks = ((int(days.max()) + 1 if end_day is None else end_day) - first) // DAYS_A_WEEK
    if weeks < 1:
        raise ValueError("expected at least one whole week of incidents, Monday to Sunday")
    axis = np.unique(known["place"].to_numpy(np.int64)) if places is None else np.unique(places)
    names = tuple(sorted(known["kind"].unique())) if kinds is None else tuple(kinds)
    kind = pd.Categorical(known["kind"], categories=list(names)).codes.astype(np.int64)
    place = known["place"].to_numpy(np.int64)
    row = np.searchsorted(axis, place).clip(max=len(axis) - 1)
    week = (days - first) // DAYS_A_WEEK
    kept = (kind >= 0) & (axis[row] == place) & (week >= 0) & (week < weeks)
    shape = (len(names), len(axis), weeks)
    flat = np.ravel_multi_index((kind[kept], row[kept], week[kept]), shape)
    counts = np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape)
    return WeeklyCounts(counts.astype(np.float64), axis, names, first)
