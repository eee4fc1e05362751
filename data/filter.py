"""What is asked of the pool: a frozen filter that every count is given."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

EPOCH = dt.date(1970, 1, 1)
EPOCH_WEEKDAY = 3
"""Day 0 was a Thursday; Monday is 0."""


Counting = Literal["incidents", "reports"]
"""Whether reports that people have linked count as the one incident they are of, or each for itself."""


class OutOfScopeError(ValueError):
    """A division outside the reader's own was asked for."""


def day_number(day: dt.date) -> int:
    """Days since 1970-01-01 of a local date."""
    return (day - EPOCH).days


def date_of(number: int) -> dt.date:
    """Local date of a day number."""
    return EPOCH + dt.timedelta(days=number)


@dataclass(frozen=True)
class Period:
    """Half-open range of local dates."""

    start: dt.date
    end: dt.date

    def __post_init__(self) -> None:
        """Refuse an empty or reversed range."""
        if self.end <= self.start:
            raise ValueError(f"expected a period that ends after it starts, found {self.start} to {self.end}")

    @property
    def days(self) -> int:
        """Length in days."""
        return (self.end - self.start).days

    @property
    def previous(self) -> "Period":
        """The period of the same length just before (环比)."""
        return Period(self.start - dt.timedelta(days=self.days), self.start)

    @property
    def last_year(self) -> "Period":
        """The same number of days that ended on the same date a year ago (同比)."""
        end = _year_before(self.end)
        return Period(end - dt.timedelta(days=self.days), end)


def _year_before(day: dt.date) -> dt.date:
    if (day.month, day.day) == (2, 29):
        return dt.date(day.year - 1, 2, 28)
    return day.replace(year=day.year - 1)


@dataclass(frozen=True)
class IncidentFilter:
    """Which incidents are meant. Empty tuples mean all.

    `scope` is the reader's own division (code prefix) and has no default on purpose: nobody counts without saying
    for whom. `division` is the one asked about; it must lie within the scope and is the scope unless given.
    With `known_at` only what the pool had recorded by then counts, as it was recorded then.
    With `counting` "incidents" linked reports count once: where, when and from whom the leading report says.
    `weekdays` (0 is Monday) and `hours` (0-23) are local and of the moment of occurrence; `resolved_levels` are those
    that settled it, so that what is open falls out.
    """

    scope: str
    period: Period
    division: str = ""
    dispute_types: tuple[str, ...] = field(default=())
    sources: tuple[str, ...] = field(default=())
    channels: tuple[str, ...] = field(default=())
    statuses: tuple[str, ...] = field(default=())
    weekdays: tuple[int, ...] = field(default=())
    hours: tuple[int, ...] = field(default=())
    resolved_levels: tuple[str, ...] = field(default=())
    counting: Counting = "incidents"
    known_at: dt.datetime | None = None

    def __post_init__(self) -> None:
        """Fill in the division and refuse one outside the scope."""
        if not self.scope:
            raise ValueError("expected a scope (division code of the reader), found an empty one")
        if not self.division:
            object.__setattr__(self, "division", self.scope)
        if not self.division.startswith(self.scope):
            raise OutOfScopeError(f"division {self.division} lies outside {self.scope}")
        if self.known_at is not None and self.known_at.tzinfo is None:
            raise ValueError(f"expected a moment with a time zone, found {self.known_at}")
