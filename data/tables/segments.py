"""Tables of what is published: the segments that count, how far the log is covered by them, and what lies ready."""

from sqlalchemy import BigInteger, Column, Integer, String, Table

from data.tables.base import GrowingId, metadata


def _file() -> list[Column]:
    return [
        Column("id", GrowingId, primary_key=True),
        Column("file_name", String(120), nullable=False, unique=True),
        Column("first_position", BigInteger, nullable=False),
        Column("last_position", BigInteger, nullable=False),
        Column("first_month", Integer, nullable=False),
        Column("last_month", Integer, nullable=False),
        Column("rows", BigInteger, nullable=False),
        Column("size", BigInteger, nullable=False),
        Column("file_hash", String(64), nullable=False),
    ]


segments = Table("segments", metadata, *_file(), Column("published_at", BigInteger, nullable=False))
"""The files that count now. Each holds exactly the log's rows of its positions and months (both ends included), so
that it can be made again from the log. Months are counted since year 0; ids only grow, whatever is swapped."""

published = Table(
    "published",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("settled", BigInteger, nullable=False),
    Column("version", BigInteger, nullable=False),
)
"""One row, id 1. The segments hold the log up to `position`, once each; up to `settled` every file is of one month.

`version` changes whenever a count may; putting files together leaves it alone.
"""

ready_segments = Table("ready_segments", metadata, *_file())
"""Files that an import has made of its own rows of the log, in the transaction that wrote them: publishing names them
instead of reading these positions of the log. They count nowhere before that."""
