"""Table of the boundaries that were imported."""

from sqlalchemy import BigInteger, Boolean, Column, Integer, String, Table, false

from data.tables.base import GrowingId, metadata

boundary_vintages = Table(
    "boundary_vintages",
    metadata,
    Column("id", GrowingId, primary_key=True),
    Column("name", String(80), nullable=False),
    Column("level", Integer, nullable=False),
    Column("valid_from", Integer, nullable=False),
    Column("schematic", Boolean, nullable=False),
    Column("units", BigInteger, nullable=False),
    Column("refused", BigInteger, nullable=False),
    Column("file_name", String(255), nullable=False),
    Column("file_hash", String(64), nullable=False),
    Column("source_note", String(200), nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("moved", BigInteger),
    Column("collected", Boolean, nullable=False, server_default=false()),
)
"""Imports of boundaries, each a whole state of the divisions in a folder of its own, named by `id`.

`level`: which level the file replaced. `valid_from`: day. `schematic`: whether its outlines are 示意. `moved`:
incidents that lie elsewhere by it than before, NULL until all were looked at. `collected`: its folder is gone.
"""
