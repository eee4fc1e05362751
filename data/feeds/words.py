"""Words for types that no profile knows: listed, and given a code by people, for what came before as for what comes."""

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, Engine, func, insert, select, update

from data.change_log import revise_incidents
from data.day_batches import add_to_day
from data.store import reading, writing
from data.tables import incidents
from data.tables.feeds import word_mappings
from risk.incident import DISPUTE_TYPES, SOURCES

PART = 100_000
"""Incidents that are revised at once; a batch has as many parts as it needs."""


@dataclass(frozen=True)
class Mapped:
    """What a mapping did: incidents with the word, and how many of them changed their type by it."""

    incidents: int = 0
    changed: int = 0


def list_words(engine: Engine) -> pd.DataFrame:
    """Words that no profile knows, each once: those without a code first, the most frequent of them first.

    Returns
    -------
    `source`, `word`, `code` (None where nobody has mapped it), `incidents` (those not withdrawn), `first_seen`,
    `last_seen` (earliest and latest acceptance of these, UTC seconds).
    """
    accepted = incidents.c.accepted_at
    counted = func.count().label("incidents")
    same = (word_mappings.c.source == incidents.c.source) & (word_mappings.c.word == incidents.c.type_word)
    query = (
        select(
            incidents.c.source,
            incidents.c.type_word.label("word"),
            word_mappings.c.code,
            counted,
            func.min(accepted).label("first_seen"),
            func.max(accepted).label("last_seen"),
        )
        .join_from(incidents, word_mappings, same, isouter=True)
        .where(incidents.c.type_word.is_not(None), ~incidents.c.withdrawn)
        .group_by(incidents.c.source, incidents.c.type_word, word_mappings.c.code)
        .order_by(word_mappings.c.code.is_not(None), counted.desc(), incidents.c.source, incidents.c.type_word)
    )
    with reading(engine) as connection:
        result = connection.execute(query)
        return pd.DataFrame(result.all(), columns=list(result.keys()))


def map_word(engine: Engine, source: str, word: str, code: str, *, person: str, at: pd.Timestamp) -> Mapped:
    """Give a word of a source a code, for the incidents that came with it and those that will; all in one transaction.

    The code that it has already changes nothing. The incidents are revised in the day's batch "words".

    Parameters
    ----------
    at
        The moment, with time zone.

    Raises
    ------
    ValueError
        No such source or type, or a blank word.
    """
    if source not in SOURCES or code not in DISPUTE_TYPES or not word.strip():
        raise ValueError(f"expected a source, a word and a type's code, found {source!r}, {word!r}, {code!r}")
    key = (word_mappings.c.source == source) & (word_mappings.c.word == word)
    said = {"code": code, "person": person, "mapped_at": int(at.timestamp())}
    with writing(engine) as connection:
        known = connection.execute(select(word_mappings.c.code).where(key)).scalar()
        if known == code:
            return Mapped(_count(connection, source, word))
        if known is None:
            connection.execute(insert(word_mappings).values(source=source, word=word, **said))
        else:
            connection.execute(update(word_mappings).where(key).values(**said))
        return _recode(connection, source, word, code, at)


def _count(connection: Connection, source: str, word: str) -> int:
    of_word = (incidents.c.source == source) & (incidents.c.type_word == word)
    return int(connection.execute(select(func.count()).where(of_word)).scalar_one())


def _recode(connection: Connection, source: str, word: str, code: str, at: pd.Timestamp) -> Mapped:
    of_word = (incidents.c.source == source) & (incidents.c.type_word == word)
    ids = connection.execute(select(incidents.c.id).where(of_word).order_by(incidents.c.id)).scalars().all()
    if not ids:
        return Mapped()
    batch, changed = add_to_day(connection, "words", at), 0
    for start in range(0, len(ids), PART):
        revised = pd.DataFrame({"id": ids[start : start + PART], "dispute_type": code})
        changed += revise_incidents(connection, revised, batch_id=batch.id, recorded_at=int(at.timestamp()))
    batch.count(connection, len(ids), changed)
    return Mapped(len(ids), changed)


def count_unmapped(engine: Engine) -> int:
    """How many words wait for somebody to map them."""
    same = (word_mappings.c.source == incidents.c.source) & (word_mappings.c.word == incidents.c.type_word)
    waiting = (
        select(incidents.c.source, incidents.c.type_word)
        .join_from(incidents, word_mappings, same, isouter=True)
        .where(incidents.c.type_word.is_not(None), ~incidents.c.withdrawn, word_mappings.c.code.is_(None))
        .distinct()
        .subquery()
    )
    with reading(engine) as connection:
        return int(connection.execute(select(func.count()).select_from(waiting)).scalar_one())
