"""Tables of alerts: what was raised, where, what people did about it, and what officers keep for themselves."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, UniqueConstraint

from data.tables.base import GrowingId, metadata

alerts = Table(
    "alerts",
    metadata,
    Column("id", GrowingId, primary_key=True),
    Column("number", String(24), nullable=False, unique=True),
    Column("year", Integer, nullable=False),
    Column("serial", Integer, nullable=False),
    Column("scope", String(15), nullable=False),
    Column("dispute_type", String(8), nullable=False),
    Column("layer", String(16), nullable=False),
    Column("home", BigInteger, nullable=False),
    Column("within", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("level", Integer, nullable=False),
    Column("gravest_level", Integer, nullable=False),
    Column("emerging_class", Integer, nullable=False),
    Column("grade", Integer, nullable=False),
    Column("score", Integer),
    Column("recurrence_days", Integer, nullable=False),
    Column("first_day", Integer, nullable=False),
    Column("last_day", Integer, nullable=False),
    Column("last_count", BigInteger),
    Column("previous_count", BigInteger),
    Column("last_is_floor", Boolean, nullable=False),
    Column("previous_is_floor", Boolean, nullable=False),
    Column("words", String, nullable=False),
    Column("assigned_to", String(80)),
    Column("merged_into", BigInteger),
    Column("run_id", BigInteger, nullable=False),
    Column("raised_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    UniqueConstraint("year", "serial"),
    Index("alerts_by_home", "home"),
    Index("alerts_by_state", "state"),
)
"""Alerts; none is ever deleted, so numbers have no gaps.

`home` is the division its strongest place lies in, `within` the smallest that holds all of it (15 digits). Days are
day numbers, moments UTC seconds. Counts are NULL where they are withheld and `…_is_floor` where further places are
withheld beside them; `words` is the class's reason. `run_id` is the last assessment that saw it, `changed_at` when its
state or level last changed, `merged_into` the alert that it became a part of.
"""

alert_places = Table(
    "alert_places",
    metadata,
    Column("alert_id", BigInteger, primary_key=True, autoincrement=False),
    Column("layer", String(16), primary_key=True),
    Column("place", BigInteger, primary_key=True, autoincrement=False),
    Column("dispute_type", String(8), nullable=False),
    Column("home", BigInteger, nullable=False),
    Column("live", Boolean, nullable=False),
    Index("alert_places_by_home", "home"),
)
"""Divisions and hexagons that an alert ever covered; `live` while it is not settled."""

Index(
    "alert_places_once",
    alert_places.c.dispute_type,
    alert_places.c.layer,
    alert_places.c.place,
    unique=True,
    sqlite_where=alert_places.c.live,
    postgresql_where=alert_places.c.live,
)
# One place and type belongs to at most one alert that is not settled: what makes a second alert impossible.

alert_acts = Table(
    "alert_acts",
    metadata,
    Column("id", GrowingId, primary_key=True),
    Column("alert_id", BigInteger, nullable=False, index=True),
    Column("act", String(16), nullable=False),
    Column("person", String(40), nullable=False),
    Column("from_state", String(16)),
    Column("to_state", String(16), nullable=False),
    Column("from_level", Integer),
    Column("to_level", Integer, nullable=False),
    Column("note", String, nullable=False),
    Column("recorded_at", BigInteger, nullable=False, index=True),
)
"""Everything that happened to an alert, never changed; `person` is empty where an assessment did it."""

alert_sightings = Table(
    "alert_sightings",
    metadata,
    Column("alert_id", BigInteger, primary_key=True, autoincrement=False),
    Column("run_id", BigInteger, primary_key=True, autoincrement=False),
    Column("as_of", Integer, nullable=False),
    Column("level", Integer, nullable=False),
    Column("emerging_class", Integer, nullable=False),
    Column("grade", Integer, nullable=False),
    Column("score", Integer),
    Column("last_count", BigInteger),
    Column("last_is_floor", Boolean, nullable=False),
    Column("places", String, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
)
"""What an alert looked like in each assessment that saw it; `places` is JSON, a list by layer."""

alert_runs = Table(
    "alert_runs",
    metadata,
    Column("run_id", BigInteger, primary_key=True, autoincrement=False),
    Column("rules", String(64), nullable=False),
    Column("forecast_run_id", BigInteger),
    Column("raised", Integer, nullable=False),
    Column("grown", Integer, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
)
"""Assessments whose hotspots were gone through, and with which rules (their checksum)."""

saved_views = Table(
    "saved_views",
    metadata,
    Column("id", GrowingId, primary_key=True),
    Column("person", String(40), nullable=False),
    Column("name", String(40), nullable=False),
    Column("asked", String, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    UniqueConstraint("person", "name"),
)
"""Filters of the duty desk that officers keep; `asked` is JSON, the parameters of the address."""

last_looks = Table(
    "last_looks",
    metadata,
    Column("person", String(40), primary_key=True),
    Column("looked_at", BigInteger, nullable=False),
)
"""When an officer last looked at the duty desk."""
