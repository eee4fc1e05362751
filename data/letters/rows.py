"""Rows of the table of letters, and the letters they are; who may see which."""

import json
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from data.filter import date_of, day_number
from data.letters.letter import Draft, Letter
from data.letters.life import OUTGOING
from data.letters.wording import LetterRefusedError
from data.tables.letters import letters
from geo.divisions import place_of, place_range

_PLAIN = ("kind", "issuer", "issuer_name", "receiver", "division", "dispute_type", "alert", "title", "body", "demand")


class UnknownLetterError(LetterRefusedError):
    """There is no such letter for this officer."""


def visible(scope: str) -> ColumnElement[bool]:
    """Letters that an officer of a division may see.

    Those about a place in his division; before one has gone out, only where a centre in his division writes it.
    """
    start, after = place_range(scope)
    about = and_(letters.c.place >= start, letters.c.place < after)
    return and_(about, or_(letters.c.state.in_(OUTGOING), letters.c.issuer.startswith(scope, autoescape=True)))


def fetch(connection: Connection, letter_id: int, scope: str) -> Letter | None:
    """One letter; None where there is none for this scope."""
    query = select(letters).where(letters.c.id == letter_id, visible(scope))
    row = connection.execute(query).mappings().first()
    return None if row is None else letter_of(row)


def demanded(connection: Connection, letter_id: int, scope: str) -> Letter:
    """One letter.

    Raises
    ------
    UnknownLetterError
        There is none for this scope.
    """
    letter = fetch(connection, letter_id, scope)
    if letter is None:
        raise UnknownLetterError(f"没有编号为 {letter_id} 的函,或者它不在您的区划之内。")
    return letter


def letter_of(row: Any) -> Letter:
    """The letter that a row (a mapping of all columns) is."""
    draft = Draft(
        kind=row["kind"],
        issuer=row["issuer"],
        issuer_name=row["issuer_name"],
        division=row["division"],
        title=row["title"],
        body=row["body"],
        demand=row["demand"],
        receiver=row["receiver"],
        due=_date(row["due_day"]),
        dispute_type=row["dispute_type"],
        alert=row["alert"],
        evidence=tuple((str(label), str(text)) for label, text in json.loads(row["evidence"])),
    )
    return Letter(
        id=int(row["id"]),
        state=row["state"],
        number=row["number"] or "",
        draft=draft,
        drafter=row["drafter"],
        drafted_at=int(row["drafted_at"]),
        changed_at=int(row["changed_at"]),
        version=int(row["version"]),
        issued=_date(row["issued_day"]),
        answered=_date(row["answered_day"]),
    )


def draft_values(draft: Draft) -> dict[str, Any]:
    """Columns that hold a draft."""
    plain = (
        "kind",
        "issuer",
        "issuer_name",
        "receiver",
        "division",
        "dispute_type",
        "alert",
        "title",
        "body",
        "demand",
    )
    return {name: getattr(draft, name) for name in plain} | {
        "place": place_of(draft.division),
        "due_day": None if draft.due is None else day_number(draft.due),
        "evidence": json.dumps(draft.evidence, ensure_ascii=False),
    }


def _date(day: int | None) -> Any:
    return None if day is None else date_of(int(day))
