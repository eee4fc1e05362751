"""Tables of letters (函) with their history and numbers, and of whistles (中心吹哨、部门报到) with their times."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from data.tables.base import GrowingId, metadata

letters = Table(
    "letters",
    metadata,
    Column("id", GrowingId, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("state", String(12), nullable=False),
    Column("number", String(120), unique=True),
    Column("issuer", String(15), nullable=False),
    Column("issuer_name", String(60), nullable=False),
    Column("receiver", String(60), nullable=False),
    Column("place", BigInteger, nullable=False),
    Column("division", String(15), nullable=False),
    Column("dispute_type", String(8), nullable=False),
    Column("alert", String(20), nullable=False, index=True),
    Column("title", String(80), nullable=False),
    Column("body", String, nullable=False),
    Column("demand", String, nullable=False),
    Column("evidence", String, nullable=False),
    Column("due_day", Integer),
    Column("issued_day", Integer),
    Column("answered_day", Integer),
    Column("drafter", String(40), nullable=False),
    Column("drafted_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Index("letters_by_state", "state", "due_day"),
    Index("letters_by_place", "place"),
)
"""Letters as they stand now.

`kind` names a kind of the configuration, `state` a state of `data.letters.life`. `issuer` is the code of the division
whose centre issues it, `issuer_name` what that centre was called then; `division` and `place` say what area it is
about; `dispute_type` and `alert` (number) are "" where it is about none. `evidence` is JSON of pairs of label and text,
counts in it already withheld. `number` is NULL until the letter is issued. Days are local day numbers; `version` grows
with every change, so that nobody overwrites what he has not seen.
"""

letter_acts = Table(
    "letter_acts",
    metadata,
    Column("id", GrowingId, primary_key=True),
    Column("letter_id", BigInteger, nullable=False, index=True),
    Column("act", String(12), nullable=False),
    Column("from_state", String(12), nullable=False),
    Column("to_state", String(12), nullable=False),
    Column("person", String(40), nullable=False),
    Column("note", String, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
)
"""Everything that was done to a letter, never changed; `from_state` is "" for its first draft."""

letter_numbers = Table(
    "letter_numbers",
    metadata,
    Column("kind", String(32), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("issuer", String(15), primary_key=True),
    Column("last", Integer, nullable=False),
)
"""Last serial number given by kind, year and issuer; raised in the transaction that issues a letter."""

whistles = Table(
    "whistles",
    metadata,
    Column("id", GrowingId, primary_key=True),
    Column("alert", String(20), nullable=False, index=True),
    Column("place", BigInteger, nullable=False, index=True),
    Column("division", String(15), nullable=False),
    Column("dispute_type", String(8), nullable=False),
    Column("matter", String(200), nullable=False),
    Column("person", String(40), nullable=False),
    Column("whistled_at", BigInteger, nullable=False),
)
"""Calls for departments to come; `alert` and `dispute_type` are "" where it is about none."""

whistle_times = Table(
    "whistle_times",
    metadata,
    Column("whistle_id", BigInteger, primary_key=True, autoincrement=False),
    Column("department", String(40), primary_key=True),
    Column("arrived_at", BigInteger),
    Column("arrived_person", String(40), nullable=False),
    Column("finished_at", BigInteger),
    Column("finished_person", String(40), nullable=False),
    Column("result", String(500), nullable=False),
)
"""When each department that was called came (报到) and what came of it (办结), and who noted it ("" until then)."""
