"""Letters as readers get them: only those that their division may see."""

import datetime as dt
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import ColumnElement, Engine, and_, case, func, select

from data.filter import date_of, day_number
from data.letters.letter import Letter
from data.letters.life import AWAITING
from data.letters.rows import fetch, visible
from data.store import reading
from data.tables.letters import letter_acts, letters

MOST = 300
_LISTED = (
    "id", "kind", "state", "number", "issuer_name", "receiver", "division", "dispute_type", "alert", "title",
    "due_day", "issued_day", "drafter", "changed_at",
)  # fmt: skip


@dataclass(frozen=True)
class LetterFilter:
    """Which letters are meant. Empty tuples and texts mean all; `as_of` says which of them are overdue."""

    scope: str
    as_of: dt.date
    states: tuple[str, ...] = ()
    kind: str = ""
    only_overdue: bool = False
    alert: str = ""
    division: str = ""

    def __post_init__(self) -> None:
        """Refuse a filter that does not say for whom."""
        if not self.scope:
            raise ValueError("expected a scope (division code of the reader), found an empty one")


def list_letters(engine: Engine, wanted: LetterFilter, *, most: int = MOST) -> pd.DataFrame:
    """Letters, overdue ones first by deadline, then the latest changed.

    Returns
    -------
    `id`, `kind`, `state`, `number` ("" until issued), `issuer_name`, `receiver`, `division`, `dispute_type`, `alert`,
    `title`, `drafter`, `changed_at` (UTC seconds), `due` and `issued` (dates or None), `days_over` (days past the
    deadline while an answer is awaited, else 0).
    """
    late = case((overdue(wanted.as_of), letters.c.due_day), else_=2**31 - 1)
    query = select(*(letters.c[name] for name in _LISTED)).where(*_conditions(wanted))
    query = query.order_by(late, letters.c.changed_at.desc(), letters.c.id.desc()).limit(most)
    with reading(engine) as connection:
        found = pd.DataFrame(connection.execute(query).all(), columns=list(_LISTED))
    today = day_number(wanted.as_of)
    over = [
        max(0, today - int(due)) if state in AWAITING and not pd.isna(due) else 0
        for state, due in zip(found["state"], found["due_day"], strict=True)
    ]
    found["number"] = found["number"].fillna("")
    return found.assign(
        due=_dates(found["due_day"]), issued=_dates(found["issued_day"]), days_over=pd.Series(over, dtype="int64")
    ).drop(columns=["due_day", "issued_day"])


def count_letters(engine: Engine, wanted: LetterFilter) -> pd.DataFrame:
    """How many letters: `kind`, `state`, `letters`, `overdue`, one row for each kind and state that there is."""
    late = func.sum(case((overdue(wanted.as_of), 1), else_=0))
    query = select(letters.c.kind, letters.c.state, func.count(), late).where(*_conditions(wanted))
    with reading(engine) as connection:
        rows = connection.execute(query.group_by(letters.c.kind, letters.c.state)).all()
    counted = [(kind, state, int(number), int(over)) for kind, state, number, over in rows]
    return pd.DataFrame(counted, columns=["kind", "state", "letters", "overdue"])


def find_letter(engine: Engine, scope: str, letter_id: int) -> Letter | None:
    """One letter; None where there is none for this reader."""
    with reading(engine) as connection:
        return fetch(connection, letter_id, scope)


def acts_of(engine: Engine, scope: str, letter_id: int) -> pd.DataFrame:
    """What was done to a letter, oldest first; empty where there is none for this reader.

    Returns
    -------
    `act`, `from_state`, `to_state`, `person`, `note`, `recorded_at` (UTC seconds).
    """
    names = ("act", "from_state", "to_state", "person", "note", "recorded_at")
    query = (
        select(*(letter_acts.c[name] for name in names))
        .join(letters, letters.c.id == letter_acts.c.letter_id)
        .where(letter_acts.c.letter_id == letter_id, visible(scope))
        .order_by(letter_acts.c.id)
    )
    with reading(engine) as connection:
        return pd.DataFrame(connection.execute(query).all(), columns=list(names))


def overdue(as_of: dt.date) -> ColumnElement[bool]:
    """Condition of being overdue: an answer is awaited and the deadline's day is over."""
    return and_(letters.c.state.in_(AWAITING), letters.c.due_day < day_number(as_of))


def _conditions(wanted: LetterFilter) -> list[ColumnElement[bool]]:
    found = [visible(wanted.scope)]
    if wanted.states:
        found.append(letters.c.state.in_(wanted.states))
    if wanted.kind:
        found.append(letters.c.kind == wanted.kind)
    if wanted.alert:
        found.append(letters.c.alert == wanted.alert)
    if wanted.division:
        found.append(letters.c.division.startswith(wanted.division, autoescape=True))
    if wanted.only_overdue:
        found.append(overdue(wanted.as_of))
    return found


def _dates(days: pd.Series) -> pd.Series:
    return pd.Series([None if pd.isna(day) else date_of(int(day)) for day in days], index=days.index, dtype="object")
