"""Tables of what people say about reports and batches: which reports are of one incident, which batch mends another."""

from sqlalchemy import BigInteger, Column, Index, String, Table

from data.tables.base import GrowingId, metadata

links = Table(
    "links",
    metadata,
    Column("report_id", BigInteger, primary_key=True, autoincrement=False),
    Column("group_id", BigInteger, nullable=False, index=True),
)
"""Reports (ids of `incidents`) that are of one incident as they stand now; a group is named by its smallest id.

Which of a group counts as the incident is said by `incidents.duplicate`: it is the one that is not.
"""

link_acts = Table(
    "link_acts",
    metadata,
    Column("id", GrowingId, primary_key=True),
    Column("act", String(8), nullable=False),
    Column("report_id", BigInteger, nullable=False),
    Column("other_id", BigInteger, nullable=False),
    Column("person", String(40), nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Index("link_acts_by_report", "report_id"),
    Index("link_acts_by_other", "other_id"),
)
"""Everything that was said, never changed: "link", "unlink" and "dismiss" of two reports, by whom and when."""

dismissed_pairs = Table(
    "dismissed_pairs",
    metadata,
    Column("first_id", BigInteger, primary_key=True, autoincrement=False),
    Column("second_id", BigInteger, primary_key=True, autoincrement=False),
)
"""Pairs that somebody has said are not one incident, the smaller id first; they are not suggested again."""

batch_notes = Table(
    "batch_notes",
    metadata,
    Column("batch_id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(8), nullable=False),
    Column("corrects", BigInteger, index=True),
)
"""Batches that are no plain file: how they came (`data.batches.KINDS`), and the batch whose rejected rows they mend."""

solved_rows = Table(
    "solved_rows",
    metadata,
    Column("rejected_id", BigInteger, primary_key=True, autoincrement=False),
    Column("batch_id", BigInteger, nullable=False, index=True),
    Column("recorded_at", BigInteger, nullable=False),
)
"""Rejected rows (ids of `rejected`) that came in after all, and the batch that brought them."""
