"""Steps of time that a cube is cut into, counted back from the last complete day."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from data.filter import Period, date_of, day_number

Unit = Literal["day", "week", "month"]
UNITS: tuple[Unit, ...] = ("day", "week", "month")
_DAYS = {"day": 1, "week": 7}


@dataclass(frozen=True)
class Steps:
    """Steps without gaps.

    Parameters
    ----------
    edges
        First day number of each step and, last, the day after them all; they rise.
    unit
        "day", "week" or "month".
    """

    edges: tuple[int, ...]
    unit: Unit

    @property
    def count(self) -> int:
        """How many steps there are."""
        return len(self.edges) - 1

    @property
    def period(self) -> Period:
        """All of them."""
        return Period(date_of(self.edges[0]), date_of(self.edges[-1]))

    @property
    def names(self) -> list[str]:
        """First day of each step, YYYY-MM-DD."""
        return [date_of(edge).isoformat() for edge in self.edges[:-1]]

    def of(self, step: int) -> Period:
        """One step; −1 is the last."""
        step %= self.count
        return Period(date_of(self.edges[step]), date_of(self.edges[step + 1]))

    def step_of(self, days: np.ndarray) -> np.ndarray:
        """Step of each day number that lies in the period, int64."""
        return np.searchsorted(np.array(self.edges), days, side="right").astype(np.int64) - 1


def steps_until(as_of: dt.date, *, unit: Unit, count: int) -> Steps:
    """The last `count` steps that end with the day `as_of`, which is complete.

    A week is any seven days, a month runs from the same day of the month: no step is ever partly in the future, and
    none is shorter than the others because today is a Tuesday.

    Raises
    ------
    ValueError
        Another unit, or fewer than one step.
    """
    if unit not in UNITS or count < 1:
        raise ValueError(f"expected at least one day, week or month, found {count} of {unit!r}")
    after = day_number(as_of) + 1
    if unit == "month":
        # From the end each time: a step back from 31 March must not carry the 28th of February along.
        end = pd.Timestamp(date_of(after))
        edges = [day_number((end - pd.DateOffset(months=back)).date()) for back in range(count, -1, -1)]
    else:
        edges = [after - back * _DAYS[unit] for back in range(count, -1, -1)]
    return Steps(tuple(edges), unit)


def last_complete_day(latest: dt.datetime | None, now: dt.datetime, *, left_out: int = 0) -> dt.date:
    """Day that steps end with: the one before today, or before the newest incident's if the pool has been at rest.

    Parameters
    ----------
    latest
        Newest acceptance in the pool, local; None if it is empty.
    left_out
        Further days left out because reports of them are still coming in.
    """
    today = min(latest, now) if latest is not None else now
    return today.date() - dt.timedelta(days=1 + left_out)
