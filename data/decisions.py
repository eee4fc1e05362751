"""What becomes of each row handed in, decided and carried out by the store itself, a set of rows at a time.

Every way of changing an incident goes the same four steps: decide (compare with what is stored), cancel (-1 for facts
that no longer hold), write the current rows, confirm (+1 for facts that hold now). Rows of incidents that nobody has
heard of, which is nearly all of a large file, need none of it: they are written and logged first, and what is left is
decided. The statements serve every store.
"""

from enum import IntEnum
from functools import cache

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    Select,
    Table,
    case,
    delete,
    exists,
    false,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from data.tables import FACTS, changes, incidents

DELIVERED = (*(name for name in FACTS if name != "duplicate"), "longitude", "latitude", "coded", "type_word")
"""What a row of a feed says of an incident; `duplicate` is said by people who link reports, not by feeds."""

INCOMING = ("external_id", *DELIVERED, "version", "withdrawn")
"""Columns of a row handed in."""


_LOGGED = ["incident_id", "weight", *FACTS, "batch_id", "recorded_at"]


class Outcome(IntEnum):
    """What became of a row."""

    ADDED = 0
    UPDATED = 1
    UNCHANGED = 2
    OUTDATED = 3
    """Says less than what is stored: its version is older. Changes nothing."""


decided = Table(
    "decided",
    MetaData(),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("incident_id", BigInteger, nullable=False),
    Column("outcome", Integer, nullable=False),
    Column("recount", Boolean, nullable=False),
    prefixes=["TEMPORARY"],
)
"""`n` of the row handed in, the incident that it is about, what becomes of it, and whether any count changes."""


@cache
def incoming_table(name: str, columns: tuple[str, ...], *, schema: str | None = None) -> Table:
    """Return a table for rows handed in: `n`, `turn`, and columns of `incidents`; temporary unless in a schema.

    The same one for the same arguments, so that SQLAlchemy knows statements with it again and writes them out once.
    """
    kept = [Column(each, incidents.c[each].type) for each in columns]
    numbers = [Column("n", Integer, primary_key=True, autoincrement=False), Column("turn", Integer)]
    return Table(name, MetaData(), *numbers, *kept, schema=schema, prefixes=[] if schema else ["TEMPORARY"])


def add_new(
    connection: Connection, incoming: Table, wanted: ColumnElement[bool], *, first_id: int, batch_id: int
) -> int:
    """Write those wanted rows whose incidents the store does not know, and return how many these were.

    Among the wanted an external id stands once; a new incident gets the id `first_id + n`.
    """
    came = incoming.c
    rows = (
        select(first_id + came.n, *(came[name] for name in INCOMING), literal(batch_id)).where(wanted).order_by(came.n)
    )
    # One search of the unique index for both: whether the incident is known, and where its entry goes.
    adding = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    new = adding(incidents).from_select(["id", *INCOMING, "batch_id"], rows)
    new = new.on_conflict_do_nothing(index_elements=["source", "external_id"])
    return connection.execute(new, execution_options={"preserve_rowcount": True}).rowcount


def log_new(connection: Connection, ids: tuple[int, int], *, batch_id: int, recorded_at: int) -> None:
    """Write the facts of incidents that were just added to the log; ids from the first to the last one."""
    said = [literal(1), *(incidents.c[name] for name in FACTS), literal(batch_id), literal(recorded_at)]
    new = incidents.c.id.between(*ids) & ~incidents.c.withdrawn
    rows = select(incidents.c.id, *said).where(new).order_by(incidents.c.id)
    connection.execute(insert(changes).from_select(_LOGGED, rows))


def known(incoming: Table, *, first_id: int) -> ColumnElement[bool]:
    """Which rows handed in `add_new` left alone."""
    new = incidents.alias("new")
    return ~exists().where(new.c.id == first_id + incoming.c.n)


def decide(connection: Connection, incoming: Table, wanted: ColumnElement[bool]) -> None:
    """Decide the wanted rows, all about incidents that are stored, among which an external id stands once."""
    came, stored = incoming.c, incidents.c
    recount = _differ(incoming, FACTS) | (came.withdrawn != stored.withdrawn)
    # A withdrawal says nothing else: what the incident was stays as it was known.
    changed = case((came.withdrawn, ~stored.withdrawn), else_=recount | _differ(incoming, DELIVERED))
    older = came.version < stored.version
    outcome = case((older, Outcome.OUTDATED), (changed, Outcome.UPDATED), else_=Outcome.UNCHANGED)
    counts = case((older, false()), else_=recount)
    same = (stored.source == came.source) & (stored.external_id == came.external_id)
    rows = select(came.n, stored.id, outcome, counts)
    _decide(connection, rows.join_from(incoming, incidents, same).where(wanted))


def decide_revision(connection: Connection, revised: Table, columns: tuple[str, ...]) -> None:
    """Decide rows that name incidents by `id` and say new values of `columns`; unknown ids are left out."""
    recount = _differ(revised, (*FACTS, "withdrawn"))
    outcome = case((_differ(revised, columns), Outcome.UPDATED), else_=Outcome.UNCHANGED)
    rows = select(revised.c.n, incidents.c.id, outcome, recount)
    _decide(connection, rows.join_from(revised, incidents, incidents.c.id == revised.c.id))


def _decide(connection: Connection, rows: Select) -> None:
    connection.execute(delete(decided))
    connection.execute(insert(decided).from_select(list(decided.c), rows))


def _differ(table: Table, columns: tuple[str, ...]) -> ColumnElement[bool]:
    pairs = [(table.c[name], incidents.c[name]) for name in columns if name in table.c]
    return or_(false(), *(new.is_distinct_from(old) for new, old in pairs))


def log_facts(connection: Connection, weight: int, *, batch_id: int, recorded_at: int) -> None:
    """Write the decided incidents' facts as they stand now to the log: -1 before they are written, +1 after."""
    facts = [incidents.c[name] for name in FACTS]
    said = [literal(weight), *facts, literal(batch_id), literal(recorded_at)]
    rows = (
        select(incidents.c.id, *said)
        .join_from(decided, incidents, incidents.c.id == decided.c.incident_id)
        .where(decided.c.recount, ~incidents.c.withdrawn)
        .order_by(decided.c.n)
    )
    connection.execute(insert(changes).from_select(_LOGGED, rows))


def write_current(connection: Connection, incoming: Table, *, batch_id: int) -> None:
    """Carry out what was decided on the current rows."""
    came, stored = incoming.c, incidents.c
    about = (decided.c.n == came.n) & (stored.id == decided.c.incident_id)
    updated = about & (decided.c.outcome == Outcome.UPDATED)
    values = {stored[name]: came[name] for name in DELIVERED} | {stored.withdrawn: false(), stored.batch_id: batch_id}
    withdrawal = {stored.withdrawn: true(), stored.batch_id: batch_id}
    newer = decided.c.outcome.in_((Outcome.UPDATED, Outcome.UNCHANGED)) & (
        came.version > func.coalesce(stored.version, came.version - 1)
    )
    connection.execute(update(incidents).values(values).where(updated, ~came.withdrawn))
    connection.execute(update(incidents).values(withdrawal).where(updated, came.withdrawn))
    connection.execute(update(incidents).values({stored.version: came.version}).where(about, newer))


def write_revision(connection: Connection, revised: Table, columns: tuple[str, ...]) -> None:
    """Write new values of `columns` where they differ."""
    values = {incidents.c[name]: revised.c[name] for name in columns}
    about = (decided.c.n == revised.c.n) & (incidents.c.id == decided.c.incident_id)
    connection.execute(update(incidents).values(values).where(about, decided.c.outcome == Outcome.UPDATED))
