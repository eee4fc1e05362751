"""Tables of feeds: what people say a feed's words mean, and how far other databases have been read."""

from sqlalchemy import BigInteger, Column, String, Table

from data.tables.base import metadata

word_mappings = Table(
    "word_mappings",
    metadata,
    Column("source", String(16), primary_key=True),
    Column("word", String(40), primary_key=True),
    Column("code", String(8), nullable=False),
    Column("person", String(40), nullable=False),
    Column("mapped_at", BigInteger, nullable=False),
)
"""Codes of types by a source's own word (`incidents.type_word`), who said so last and when (UTC seconds)."""

watermarks = Table(
    "watermarks",
    metadata,
    Column("feed", String(40), primary_key=True),
    Column("watermark", BigInteger, nullable=False),
    Column("pulled_at", BigInteger, nullable=False),
)
"""How far each feed's view has been read: a number, or a moment in microseconds since 1970 as the view wrote it."""
