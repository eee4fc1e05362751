"""Batches of what people do by hand: all that is linked on one day is one batch.

The log names the batch of every change, and a batch for each click would bury those of the feeds.
"""

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, insert, select, update

from data.store import next_id
from data.tables import batches
from data.tables.links import batch_notes

NAMES = {"links": "人工关联", "bounds": "区划变更", "words": "用语对照"}
MANY = "*"
"""Stands for the source of a batch that is of several sources."""


@dataclass(frozen=True)
class DayBatch:
    """One day's batch of a kind."""

    id: int

    def count(self, connection: Connection, rows: int, updated: int) -> None:
        """Count what was done: rows handled, and how many of them changed something."""
        names = {"rows_read": rows, "updated": updated, "unchanged": rows - updated}
        values = {batches.c[name]: batches.c[name] + number for name, number in names.items()}
        connection.execute(update(batches).where(batches.c.id == self.id).values(values))


def add_to_day(connection: Connection, kind: str, at: pd.Timestamp) -> DayBatch:
    """Return the batch of a kind on the day of a moment, a new one where there is none; inside `writing`."""
    day, moment = at.strftime("%Y-%m-%d"), int(at.timestamp())
    identity = f"{kind} {day}"
    same = (batches.c.file_hash == identity) & (batches.c.source == MANY) & (batches.c.datum == "")
    found = connection.execute(select(batches.c.id).where(same)).scalar()
    if found is not None:
        connection.execute(update(batches).where(batches.c.id == found).values(finished_at=moment))
        return DayBatch(int(found))
    number = next_id(connection, batches)
    counts = dict.fromkeys(("rows_read", "added", "updated", "unchanged", "outdated", "rejected"), 0)
    connection.execute(
        insert(batches).values(
            id=number,
            source=MANY,
            file_name=f"{NAMES[kind]} {day}",
            file_hash=identity,
            datum="",
            simulated=_all_simulated(connection),
            **counts,
            dropped_columns="[]",
            unmapped_words="{}",
            started_at=moment,
            finished_at=moment,
        )
    )
    connection.execute(insert(batch_notes).values(batch_id=number, kind=kind))
    return DayBatch(number)


def _all_simulated(connection: Connection) -> bool:
    """Nothing was delivered here: the batch is simulated where everything else is."""
    real = select(batches.c.id).where(~batches.c.simulated).limit(1)
    return connection.execute(real).first() is None
