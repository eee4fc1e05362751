"""Tables of assessment runs: what is emerging where, and the clusters of the scan."""

from sqlalchemy import BigInteger, Column, Float, Index, Integer, LargeBinary, String, Table

from data.tables.base import GrowingId, metadata

assessment_runs = Table(
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
"""Runs; `as_of` is the last day number counted, `parameters` is JSON, `finished_at` is NULL until it is whole."""

assessment_parts = Table(
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
"""One layer and type, "" for all types: what depends on nothing but its fingerprint, and so is shared by runs."""

assessment_run_parts = Table(
    "assessment_run_parts",
    metadata,
    Column("run_id", BigInteger, primary_key=True),
    Column("part_id", BigInteger, primary_key=True, index=True),
)

hotspots = Table(
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
"""Places with a class; counts are NULL where they are withheld; `hot` and `cold` hold a bit for every step."""

scan_clusters = Table(
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
"""Clusters of a scan, best first: `[start_day, end_day)`, `places` as JSON; counts are NULL where they are withheld."""
