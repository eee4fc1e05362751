"""Rows of the log, as segments need them."""

import pyarrow as pa
from sqlalchemy import ColumnElement, Select, and_, func, select

from data.arrow_reading import MOST_ROWS, Read
from data.segments.schema import LOG_SCHEMA, month_starts
from data.tables import changes

ROWS_PER_SEGMENT = 1_000_000

COLUMNS = [changes.c[name] for name in LOG_SCHEMA.names]


def last_position() -> Select:
    """The log's end, 0 where it is empty."""
    return select(func.coalesce(func.max(changes.c.position), 0))


def between(first: int, last: int) -> ColumnElement[bool]:
    """Positions of a range, both ends included."""
    return and_(changes.c.position >= first, changes.c.position <= last)


def months_of_log(read: Read, positions: tuple[int, int], months: tuple[int, int], zone: str) -> pa.Table:
    """Rows of some positions that occurred in some months, all ends included: what one segment holds."""
    start, end = month_starts(*months, zone)
    occurred = and_(changes.c.occurred_at >= start, changes.c.occurred_at < end)
    found = [LOG_SCHEMA.empty_table()]
    for first in range(positions[0], positions[1] + 1, MOST_ROWS):
        last = min(first + MOST_ROWS - 1, positions[1])
        found.append(read(select(*COLUMNS).where(between(first, last), occurred), LOG_SCHEMA))
    return pa.concat_tables(found).unify_dictionaries()
