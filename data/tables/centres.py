"""Tables of the governance centres: where they are, how many people work in them, which rooms they have."""

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, String, Table, false

from data.tables.base import GrowingId, metadata

centres = Table(
    "centres",
    metadata,
    Column("id", GrowingId, primary_key=True),
    Column("code", String(32), nullable=False, unique=True),
    Column("name", String(60), nullable=False),
    Column("level", Integer, nullable=False),
    Column("place", BigInteger, nullable=False),
    Column("longitude", Float(53)),
    Column("latitude", Float(53)),
    Column("site_class", String(16), nullable=False),
    Column("posts", Integer),
    Column("cadres", Integer),
    Column("mediators", Integer),
    Column("rotating", Integer),
    Column("daily_visitors", Integer),
    Column("withdrawn", Boolean, nullable=False, server_default=false()),
    Column("simulated", Boolean, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Index("centres_by_place", "place"),
)
"""Centres as they are now; numbers of people only, never who they are.

`code` is the office's own name for the centre; `place` and `level` (1-5) say which division it serves; `site_class` is
the class the office states, "" where it states none. `posts` are those approved (编制), `cadres` those who fill them or
are lent, `mediators` mediators and staff who stay, `rotating` those who come by turns; NULL where nothing was said.
`withdrawn`: closed, serves nobody.
"""

centre_rooms = Table(
    "centre_rooms",
    metadata,
    Column("centre_id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(32), primary_key=True),
    Column("rooms", Integer, nullable=False),
)
"""Rooms of each centre by kind, at least one."""

centre_imports = Table(
    "centre_imports",
    metadata,
    Column("id", GrowingId, primary_key=True),
    Column("file_name", String(255), nullable=False),
    Column("file_hash", String(64), nullable=False),
    Column("simulated", Boolean, nullable=False),
    Column("rows_read", BigInteger, nullable=False),
    Column("added", BigInteger, nullable=False),
    Column("updated", BigInteger, nullable=False),
    Column("unchanged", BigInteger, nullable=False),
    Column("rejected", BigInteger, nullable=False),
    Column("dropped_columns", String, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
)
"""Files of centres that were taken in; every row read is added, updated, unchanged or rejected."""
