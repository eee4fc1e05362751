"""Three counts that are always told together."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Totals:
    """Counts of one place in a period, the one before and the one a year ago; None = withheld."""

    current: int | None
    previous: int | None
    last_year: int | None
