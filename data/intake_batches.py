"""Batches of the HTTP intake: what a key brings within an hour of one source is one batch.

A batch for each request would bury an office's list of batches under those of a feed that posts every second.
"""

import hashlib
import json
from dataclasses import dataclass, field

import pandas as pd
from sqlalchemy import Connection, insert, select, update

from data.change_log import Written
from data.intake_rows import Intake
from data.store import add_rows, next_id
from data.tables import batches, rejected


@dataclass
class HourBatch:
    """A batch that is being added to; `rows_read` is what it held before."""

    id: int
    is_new: bool
    rows_read: int
    written: Written = field(default_factory=Written)
    refused: list[pd.DataFrame] = field(default_factory=list)
    read: int = 0
    dropped: set[str] = field(default_factory=set)
    unmapped: dict[str, int] = field(default_factory=dict)

    def add(self, outcomes: pd.Series, refused: pd.DataFrame, dropped: tuple[str, ...], type_words: pd.Series) -> None:
        """Count a request's rows; `refused` has column, reason and row, `type_words` the words that no table knows."""
        lines = range(self.rows_read + self.read + 1, self.rows_read + self.read + 1 + len(refused))
        self.refused.append(refused[["column", "reason", "row"]].assign(line=list(lines), batch_id=self.id))
        self.read += len(outcomes) + len(refused)
        self.written += Written.of(outcomes)
        self.dropped.update(dropped)
        for word in type_words.dropna():
            self.unmapped[word] = self.unmapped.get(word, 0) + 1


def open_batch(connection: Connection, *, key_id: int, source: str, hour: str) -> HourBatch:
    """Return the hour's batch of a key and source, or a new one that is not written yet; inside `writing`."""
    same = (batches.c.file_hash == _hash(key_id, source, hour)) & (batches.c.source == source)
    row = connection.execute(select(batches.c.id, batches.c.rows_read).where(same)).first()
    if row is None:
        return HourBatch(next_id(connection, batches), True, 0)
    return HourBatch(row.id, False, row.rows_read)


def close_batch(connection: Connection, batch: HourBatch, intake: Intake, *, as_of: pd.Timestamp) -> None:
    """Write what was added to a batch."""
    if not batch.read:
        return
    moment, hour = int(as_of.timestamp()), hour_of(as_of)
    if batch.is_new:
        connection.execute(
            insert(batches).values(
                id=batch.id,
                source=intake.source,
                file_name=f"HTTP {intake.name} {hour}",
                file_hash=_hash(intake.key_id, intake.source, hour),
                datum=intake.datum.value,
                simulated=False,
                **dict.fromkeys(("rows_read", "added", "updated", "unchanged", "outdated", "rejected"), 0),
                dropped_columns="[]",
                unmapped_words="{}",
                started_at=moment,
                finished_at=moment,
            )
        )
    _count(connection, batch, moment)
    add_rows(connection, rejected, pd.concat(batch.refused, ignore_index=True))


def _count(connection: Connection, batch: HourBatch, moment: int) -> None:
    this = batches.c.id == batch.id
    kept = connection.execute(select(batches.c.dropped_columns, batches.c.unmapped_words).where(this)).one()
    words = json.loads(kept.unmapped_words)
    for word, count in batch.unmapped.items():
        words[word] = words.get(word, 0) + count
    dropped = sorted(batch.dropped | set(json.loads(kept.dropped_columns)))[:50]
    written = batch.written
    counted = {
        "rows_read": batch.read,
        "added": written.added,
        "updated": written.updated,
        "unchanged": written.unchanged,
        "outdated": written.outdated,
        "rejected": sum(len(part) for part in batch.refused),
    }
    sums = {batches.c[name]: batches.c[name] + count for name, count in counted.items()}
    texts = {
        batches.c.dropped_columns: json.dumps(dropped, ensure_ascii=False),
        batches.c.unmapped_words: json.dumps(words, ensure_ascii=False),
    }
    connection.execute(update(batches).where(this).values(sums | texts | {batches.c.finished_at: moment}))


def hour_of(as_of: pd.Timestamp) -> str:
    """The local hour that a moment lies in."""
    return as_of.strftime("%Y-%m-%d %H:00")


def _hash(key_id: int, source: str, hour: str) -> str:
    return hashlib.sha256(f"http {key_id} {source} {hour}".encode()).hexdigest()
