"""Tables of the briefing screen: programmes, and the scenes each of them shows one after the other."""

from sqlalchemy import BigInteger, Boolean, Column, Integer, String, Table, UniqueConstraint, false

from data.tables.base import GrowingId, metadata

scene_programmes = Table(
    "scene_programmes",
    metadata,
    Column("id", GrowingId, primary_key=True),
    Column("scope", String(15), nullable=False),
    Column("name", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("removed", Boolean, nullable=False, server_default=false()),
    Column("person", String(20), nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    UniqueConstraint("scope", "name", "version"),
)
"""Every version of every programme; the highest of a name is the one that holds, unless it says `removed`.

`scope`: division of those whose programme it is. `person` saved this version at `recorded_at` (UTC seconds).
"""

scenes = Table(
    "scenes",
    metadata,
    Column("programme_id", BigInteger, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    Column("title", String(20), nullable=False),
    Column("seconds", Integer, nullable=False),
    Column("division", String(15), nullable=False),
    Column("dispute_type", String(8), nullable=False),
    Column("source", String(16), nullable=False),
    Column("period", String(8), nullable=False),
    Column("measure", String(16), nullable=False),
)
"""Scenes of one version of a programme in their order, from 1; "" as title, type or source is the usual one or all."""
