"""A letter as code sees it: what a draft holds, what stands of it, and who acts."""

import datetime as dt
from dataclasses import dataclass, field

import pandas as pd

from data.filter import day_number
from data.letters.life import AWAITING

Evidence = tuple[tuple[str, str], ...]
"""Rows of the evidence table: label and text, counts in it already withheld."""


@dataclass(frozen=True)
class Actor:
    """Who acts, at which moment (with the office's time zone), and the division that he belongs to."""

    person: str
    at: pd.Timestamp
    scope: str

    def __post_init__(self) -> None:
        """Refuse an actor without a scope, and a moment without a time zone."""
        if not self.scope:
            raise ValueError("expected a scope (division code of the officer), found an empty one")
        if self.at.tzinfo is None:
            raise ValueError(f"expected a moment with a time zone, found {self.at}")

    @property
    def seconds(self) -> int:
        """The moment in UTC seconds."""
        return int(self.at.timestamp())

    @property
    def day(self) -> dt.date:
        """The local date."""
        return self.at.date()


@dataclass(frozen=True)
class Draft:
    """What a letter says. `receiver` and `due` may be missing until it is submitted.

    `issuer` is the division whose centre issues it, `division` the area it is about, which lies within; `dispute_type`
    and `alert` are "" where it is about none.
    """

    kind: str
    issuer: str
    issuer_name: str
    division: str
    title: str
    body: str
    demand: str
    receiver: str = ""
    due: dt.date | None = None
    dispute_type: str = ""
    alert: str = ""
    evidence: Evidence = field(default=())


@dataclass(frozen=True)
class Letter:
    """A letter as it stands; `number` is "" until it is issued, `version` grows with every change."""

    id: int
    state: str
    number: str
    draft: Draft
    drafter: str
    drafted_at: int
    changed_at: int
    version: int
    issued: dt.date | None = None
    answered: dt.date | None = None

    def days_over(self, as_of: dt.date) -> int:
        """Days past the deadline while an answer is awaited, else 0."""
        if self.state not in AWAITING or self.draft.due is None:
            return 0
        return max(0, day_number(as_of) - day_number(self.draft.due))
