"""Tables of the record store.

Facts stand twice: as they are now in `incidents`, and signed in `changes` (+1 for what came to hold, -1 for
what it replaced), so that every count is a sum of weights and any past state can be summed again.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    false,
    text,
)

from data.tables.base import GrowingId, metadata


def _facts() -> list[Column]:
    return [
        Column("source", String(16), nullable=False),
        Column("dispute_type", String(8), nullable=False),
        Column("sub_source", String(16)),
        Column("channel", String(16), nullable=False),
        Column("status", String(16), nullable=False),
        Column("outcome", String(16)),
        Column("scale", String(4)),
        Column("resolved_level", String(16)),
        Column("occurred_at", BigInteger, nullable=False),
        Column("accepted_at", BigInteger, nullable=False),
        Column("closed_at", BigInteger),
        Column("place", BigInteger, nullable=False),
        Column("cell", BigInteger, nullable=False),
        Column("located_by", Integer, nullable=False),
        Column("conflict", Boolean, nullable=False),
        Column("duplicate", Boolean, nullable=False, server_default=false()),
    ]


FACTS = tuple(column.name for column in _facts())
"""Columns that decide a count; a change of any of them is written to the log."""

incidents = Table(
    "incidents",
    metadata,
    Column("id", GrowingId, primary_key=True),
    Column("external_id", String(80), nullable=False),
    *_facts(),
    Column("longitude", Float(53)),
    Column("latitude", Float(53)),
    Column("coded", BigInteger),
    Column("version", BigInteger),
    Column("withdrawn", Boolean, nullable=False, server_default=false()),
    Column("type_word", String(40)),
    Column("batch_id", BigInteger, nullable=False),
    UniqueConstraint("source", "external_id", name="one_incident_per_source_and_external_id"),
    Index("incidents_by_occurred_at", "occurred_at"),
    Index(
        "incidents_by_type_word",
        "source",
        "type_word",
        sqlite_where=text("type_word IS NOT NULL"),
        postgresql_where=text("type_word IS NOT NULL"),
    ),
)
"""Incidents as they are now.

`coded`: place of the division that the row's code names, 0 without one; what `place` is settled from again when
boundaries change. `duplicate`: another report of an incident that counts already. `version`: the feed's own number or
time of the row, so that a late delivery of an older one changes nothing. `withdrawn`: taken back by its feed; counts
nowhere. `type_word`: the feed's word for the type where no table knows it (D99 until somebody maps the word).
"""

changes = Table(
    "changes",
    metadata,
    Column("position", GrowingId, primary_key=True),
    Column("incident_id", BigInteger, nullable=False),
    Column("weight", Integer, nullable=False),
    *_facts(),
    Column("batch_id", BigInteger, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Index("changes_by_incident", "incident_id"),
)

batches = Table(
    "batches",
    metadata,
    Column("id", GrowingId, primary_key=True),
    Column("source", String(16), nullable=False),
    Column("file_name", String(255), nullable=False),
    Column("file_hash", String(64), nullable=False),
    Column("datum", String(8), nullable=False),
    Column("simulated", Boolean, nullable=False),
    Column("rows_read", BigInteger, nullable=False),
    Column("added", BigInteger, nullable=False),
    Column("updated", BigInteger, nullable=False),
    Column("unchanged", BigInteger, nullable=False),
    Column("outdated", BigInteger, nullable=False, server_default="0"),
    Column("rejected", BigInteger, nullable=False),
    Column("dropped_columns", String, nullable=False),
    Column("unmapped_words", String, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger, nullable=False),
    Index("batches_by_file", "file_hash", "source", "datum"),
)
"""Deliveries. `outdated` of the `unchanged` rows were older, by the feed's own version, than what was stored."""

rejected = Table(
    "rejected",
    metadata,
    Column("id", GrowingId, primary_key=True),
    Column("batch_id", BigInteger, nullable=False, index=True),
    Column("line", BigInteger, nullable=False),
    Column("column", String(32), nullable=False),
    Column("reason", String(200), nullable=False),
    Column("row", String, nullable=False),
)
