"""Batches of the HTTP intake: what a key brings within an hour of one source is one batch.

A batch for each request would bury an office's list of batches under those of a feed that posts every second.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from sqlalchemy import Connection, insert, select, update

from data.intake_rows import Intake, Refused
from data.store import add_rows, next_id
from data.tables import batches, rejected

COUNTS = ("rows_read", "added", "updated", "unchanged", "outdated", "rejected")


@dataclass
class HourBatch:
    """A batch that is being added to; `rows_read` is what it held before, `counts` what was added."""

    id: int
    is_new: bool
    rows_read: int
    counts: Counter[str] = field(default_factory=Counter)
    refused: list[tuple[int, str, str, str]] = field(default_factory=list)
    """Line in the batch, column, reason, row."""
    dropped: set[str] = field(default_factory=set)
    unmapped: Counter[str] = field(default_factory=Counter)

    def add(self, answer: dict[str, Any], refused: Iterable[Refused], words: Iterable[str]) -> None:
        """Count a post by its answer; `words` are those of its rows' types that no table knows."""
        first = self.rows_read + self.counts["rows_read"] + 1
        self.refused += [(line, each.column, each.reason, each.row) for line, each in enumerate(refused, start=first)]
        self.counts.update({name: answer[name] for name in COUNTS})
        self.dropped.update(answer["dropped_fields"])
        self.unmapped.update(words)


def open_batch(connection: Connection, *, key_id: int, source: str, hour: str) -> HourBatch:
    """Return the hour's batch of a key and source, or a new one that is not written yet; inside `writing`."""
    same = (batches.c.file_hash == _hash(key_id, source, hour)) & (batches.c.source == source)
    row = connection.execute(select(batches.c.id, batches.c.rows_read).where(same)).first()
    if row is None:
        return HourBatch(next_id(connection, batches), True, 0)
    return HourBatch(row.id, False, row.rows_read)


def close_batch(connection: Connection, batch: HourBatch, intake: Intake, *, as_of: pd.Timestamp) -> None:
    """Write what was added to a batch."""
    if not batch.counts:
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
                **dict.fromkeys(COUNTS, 0),
                dropped_columns="[]",
                unmapped_words="{}",
                started_at=moment,
                finished_at=moment,
            )
        )
    _count(connection, batch, moment)
    table = pd.DataFrame(batch.refused, columns=["line", "column", "reason", "row"])
    add_rows(connection, rejected, table.assign(batch_id=batch.id))


def _count(connection: Connection, batch: HourBatch, moment: int) -> None:
    this = batches.c.id == batch.id
    kept = connection.execute(select(batches.c.dropped_columns, batches.c.unmapped_words).where(this)).one()
    words = json.loads(kept.unmapped_words)
    for word, count in batch.unmapped.items():
        words[word] = words.get(word, 0) + count
    dropped = sorted(batch.dropped | set(json.loads(kept.dropped_columns)))[:50]
    sums = {batches.c[name]: batches.c[name] + count for name, count in batch.counts.items()}
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
