"""The one way a file comes in: read, checked, placed and stored in one transaction, or not at all."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection, Engine, insert, select

from data.change_log import Written, add_incidents
from data.places import Places, locate_rows
from data.readers.columns import label
from data.readers.errors import EmptyFileError
from data.readers.files import RawChunk, open_feed_file
from data.readers.parse import Rules, parse_rows
from data.store import add_rows, next_id, writing
from data.tables import batches, rejected
from geo.datum import Datum
from risk.incident import SOURCES

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Delivery:
    """A file as handed in: where it is, what it is called, whose it is, in which datum its coordinates are."""

    path: Path
    source: str
    datum: Datum
    name: str = ""
    simulated: bool = False

    def __post_init__(self) -> None:
        """Refuse an unknown source; name the file after its path unless told otherwise."""
        if self.source not in SOURCES:
            raise ValueError(f"expected a source of {', '.join(SOURCES)}, found {self.source!r}")
        object.__setattr__(self, "name", Path(self.name or self.path.name).name)


@dataclass
class Batch:
    """What came of a file. `rows_read` is always added + updated + unchanged + rejected."""

    rows_read: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    outdated: int = 0
    """Of the unchanged: rows older, by the feed's own version, than what is stored."""
    rejected: int = 0
    dropped_columns: tuple[str, ...] = ()
    unmapped_words: dict[str, int] = field(default_factory=dict)
    repeat_of: int | None = None
    """The earlier batch that brought the very same file."""
    id: int | None = None


@dataclass(frozen=True)
class CheckedChunk:
    """Rows ready to be stored, and rejected ones (line, column, reason, row as JSON text)."""

    rows: pd.DataFrame
    rejected: pd.DataFrame
    unmapped: dict[str, int]


def check_rows(
    delivery: Delivery, places: Places, *, as_of: pd.Timestamp
) -> tuple[tuple[str, ...], Iterator[CheckedChunk]]:
    """Names of dropped columns, and the file's rows parsed and placed chunk by chunk; nothing is stored.

    Raises
    ------
    data.readers.errors.BadFileError
        The file as a whole can not be read.
    """
    file = open_feed_file(delivery.path, name=delivery.name)
    rules = Rules(delivery.source, delivery.datum, as_of, places.bounds, places.own_codes)
    return file.dropped, (_checked(chunk, rules, places) for chunk in file.chunks())


def _checked(chunk: RawChunk, rules: Rules, places: Places) -> CheckedChunk:
    parsed = parse_rows(chunk.rows, rules)
    rows, unknown = locate_rows(parsed.rows, places)
    codes = parsed.rows.loc[unknown, "division_code"]
    refused = [
        parsed.rejected,
        pd.DataFrame({"line": codes.index, "column": label("division_code"), "reason": "没有这个代码:“" + codes + "”"}),
        pd.DataFrame(
            [(line, label(name), why) for line, name, why in chunk.broken],
            columns=["line", "column", "reason"],
        ),
    ]
    table = pd.concat([part.astype({"line": "int64"}) for part in refused], ignore_index=True).sort_values("line")
    raw = chunk.rows.reindex(table["line"])
    texts = [json.dumps(row, ensure_ascii=False) for row in raw.fillna("").to_dict("records")]
    return CheckedChunk(rows[~unknown].assign(source=rules.source), table.assign(row=texts), parsed.unmapped)


def import_file(
    engine: Engine,
    places: Places,
    delivery: Delivery,
    *,
    as_of: pd.Timestamp,
    on_progress: Progress | None = None,
) -> Batch:
    """Store a file's rows as one batch.

    The very same file (content, source and datum) adds nothing and says which batch brought it.

    Parameters
    ----------
    as_of
        Moment of the import, with time zone.
    on_progress
        Called with the number of rows read so far.

    Raises
    ------
    data.readers.errors.BadFileError
        The file as a whole can not be read; nothing was stored.
    """
    digest = file_hash(delivery.path)
    dropped, chunks = check_rows(delivery, places, as_of=as_of)
    with writing(engine) as connection:
        earlier = _batch_of(connection, digest, delivery)
        if earlier is not None:
            return _repeated(earlier)
        batch = Batch(dropped_columns=dropped, id=next_id(connection, batches))
        for chunk in chunks:
            _store(connection, chunk, batch, int(as_of.timestamp()))
            if on_progress:
                on_progress(batch.rows_read)
        if batch.rows_read == 0:
            raise EmptyFileError("表头下面没有数据行。请确认导出的时间范围,再重新导入。")
        _record(connection, batch, delivery, digest, as_of)
    return batch


def _store(connection: Connection, chunk: CheckedChunk, batch: Batch, recorded_at: int) -> None:
    assert batch.id is not None  # noqa: S101 - set by import_file, told to the type checker
    written = Written()
    if len(chunk.rows):
        outcomes = add_incidents(connection, chunk.rows, batch_id=batch.id, recorded_at=recorded_at)
        written = Written.of(outcomes)
    add_rows(connection, rejected, chunk.rejected.assign(batch_id=batch.id))
    batch.added += written.added
    batch.updated += written.updated
    batch.unchanged += written.unchanged
    batch.outdated += written.outdated
    batch.rejected += len(chunk.rejected)
    batch.rows_read += len(chunk.rows) + len(chunk.rejected)
    for word, count in chunk.unmapped.items():
        batch.unmapped_words[word] = batch.unmapped_words.get(word, 0) + count


def _record(connection: Connection, batch: Batch, delivery: Delivery, digest: str, as_of: pd.Timestamp) -> None:
    moment = int(as_of.timestamp())
    connection.execute(
        insert(batches).values(
            id=batch.id,
            source=delivery.source,
            file_name=delivery.name[:255],
            file_hash=digest,
            datum=delivery.datum.value,
            simulated=delivery.simulated,
            rows_read=batch.rows_read,
            added=batch.added,
            updated=batch.updated,
            unchanged=batch.unchanged,
            outdated=batch.outdated,
            rejected=batch.rejected,
            dropped_columns=json.dumps(batch.dropped_columns, ensure_ascii=False),
            unmapped_words=json.dumps(batch.unmapped_words, ensure_ascii=False),
            started_at=moment,
            finished_at=moment,
        )
    )


def _batch_of(connection: Connection, digest: str, delivery: Delivery) -> dict | None:
    same = (
        (batches.c.file_hash == digest)
        & (batches.c.source == delivery.source)
        & (batches.c.datum == delivery.datum.value)
    )
    row = connection.execute(select(batches).where(same).order_by(batches.c.id).limit(1)).mappings().first()
    return dict(row) if row else None


def _repeated(earlier: dict) -> Batch:
    kept = earlier["rows_read"] - earlier["rejected"]
    return Batch(
        rows_read=earlier["rows_read"],
        unchanged=kept,
        rejected=earlier["rejected"],
        dropped_columns=tuple(json.loads(earlier["dropped_columns"])),
        unmapped_words=json.loads(earlier["unmapped_words"]),
        repeat_of=earlier["id"],
        id=earlier["id"],
    )


def file_hash(path: Path) -> str:
    """SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
