"""The first release's tables, as they stood then."""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

revision = "0001"
down_revision = None

metadata = MetaData()

# SQLite gives only INTEGER PRIMARY KEY the growing row id that keeps inserts sequential.
GrowingId = BigInteger().with_variant(Integer, "sqlite")


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
    ]


Table(
    "incidents",
    metadata,
    Column("id", GrowingId, primary_key=True),
    Column("external_id", String(80), nullable=False),
    *_facts(),
    Column("longitude", Float(53)),
    Column("latitude", Float(53)),
    Column("batch_id", BigInteger, nullable=False),
    UniqueConstraint("source", "external_id", name="one_incident_per_source_and_external_id"),
    Index("incidents_by_place", "place"),
)

Table(
    "changes",
    metadata,
    Column("position", GrowingId, primary_key=True),
    Column("incident_id", BigInteger, nullable=False),
    Column("weight", Integer, nullable=False),
    *_facts(),
    Column("batch_id", BigInteger, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
)

Table(
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
    Column("rejected", BigInteger, nullable=False),
    Column("dropped_columns", String, nullable=False),
    Column("unmapped_words", String, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger, nullable=False),
    Index("batches_by_file", "file_hash", "source", "datum"),
)

Table(
    "rejected",
    metadata,
    Column("id", GrowingId, primary_key=True),
    Column("batch_id", BigInteger, nullable=False, index=True),
    Column("line", BigInteger, nullable=False),
    Column("column", String(32), nullable=False),
    Column("reason", String(200), nullable=False),
    Column("row", String, nullable=False),
)

Table(
    "segments",
    metadata,
    Column("id", GrowingId, primary_key=True),
    Column("file_name", String(120), nullable=False, unique=True),
    Column("first_position", BigInteger, nullable=False, unique=True),
    Column("last_position", BigInteger, nullable=False, unique=True),
    Column("rows", BigInteger, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("file_hash", String(64), nullable=False),
    Column("published_at", BigInteger, nullable=False),
)

Table(
    "assessment_runs",
    metadata,
    Column("id", GrowingId, primary_key=True),
    Column("scope", String(15), nullable=False),
    Column("data_version", BigInteger, nullable=False),
    Column("as_of", Integer, nullable=False),
    Column("parameters", String, nullable=False),
    Column("key", String(64), nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    Index("assessment_runs_by_key", "key", "data_version"),
)

Table(
    "assessment_parts",
    metadata,
    Column("id", GrowingId, primary_key=True),
    Column("fingerprint", String(64), nullable=False, unique=True),
    Column("kind", String(8), nullable=False),
    Column("layer", String(16), nullable=False),
    Column("dispute_type", String(8), nullable=False),
    Column("first_day", Integer, nullable=False),
    Column("unit", String(8), nullable=False),
    Column("steps", Integer, nullable=False),
    Column("places", BigInteger, nullable=False),
    Column("incidents", BigInteger, nullable=False),
    Column("elsewhere", BigInteger, nullable=False),
    Column("computed_at", BigInteger, nullable=False),
)

Table(
    "assessment_run_parts",
    metadata,
    Column("run_id", BigInteger, primary_key=True),
    Column("part_id", BigInteger, primary_key=True, index=True),
)

Table(
    "hotspots",
    metadata,
    Column("part_id", BigInteger, primary_key=True),
    Column("place", BigInteger, primary_key=True),
    Column("home", BigInteger, nullable=False),
    Column("within", BigInteger, nullable=False),
    Column("emerging_class", Integer, nullable=False),
    Column("hot_steps", Integer, nullable=False),
    Column("cold_steps", Integer, nullable=False),
    Column("first_hot", Integer, nullable=False),
    Column("last_run", Integer, nullable=False),
    Column("last_z", Float(53), nullable=False),
    Column("trend_z", Float(53), nullable=False),
    Column("trend_p", Float(53), nullable=False),
    Column("evidence", Float(53), nullable=False),
    Column("last_count", BigInteger),
    Column("previous_count", BigInteger),
    Column("incident_count", BigInteger),
    Column("hot", LargeBinary, nullable=False),
    Column("cold", LargeBinary, nullable=False),
)

Table(
    "scan_clusters",
    metadata,
    Column("part_id", BigInteger, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("place", BigInteger, nullable=False),
    Column("home", BigInteger, nullable=False),
    Column("within", BigInteger, nullable=False),
    Column("longitude", Float(53), nullable=False),
    Column("latitude", Float(53), nullable=False),
    Column("radius_km", Float(53), nullable=False),
    Column("places", String, nullable=False),
    Column("start_day", Integer, nullable=False),
    Column("end_day", Integer, nullable=False),
    Column("incident_count", BigInteger),
    Column("expected_count", Float(53)),
    Column("statistic", Float(53), nullable=False),
    Column("p_value", Float(53), nullable=False),
    Column("recurrence_days", Float(53), nullable=False),
)


def upgrade() -> None:
    """To this release."""
    metadata.create_all(op.get_bind())


def downgrade() -> None:
    """Back to nothing."""
    metadata.drop_all(op.get_bind())
