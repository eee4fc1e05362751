"""The one way a file comes in: read, checked, placed and kept aside, then stored in one transaction, or not at all."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from sqlalchemy import Column, Connection, Engine, Integer, MetaData, Table, insert, literal, select

from data.change_log import add_parts, incoming_rows
from data.checking import CheckedChunk, Delivery, check_chunk, check_rows
from data.decisions import INCOMING, incoming_table
from data.places import Places
from data.readers.errors import BadFileError, EmptyFileError
from data.scratch import SCHEMA, Scratch, scratch
from data.segments.ready import LEAST_ROWS, FactsAside, ReadySegments
from data.settings import Settings
from data.store import next_id, reading, writing
from data.tables import batches, rejected

__all__ = [
    "Batch",
    "CheckedChunk",
    "Delivery",
    "check_chunk",
    "check_rows",
    "import_file",
    "import_files",
    "record_batch",
]

Progress = Callable[[int], None]

_REFUSED = ("line", "column", "reason", "row")
_TABLES = (
    incoming_table("incoming", INCOMING, schema=SCHEMA),
    Table(
        "refused",
        MetaData(),
        Column("n", Integer, primary_key=True, autoincrement=False),
        *(Column(name, rejected.c[name].type) for name in _REFUSED),
        schema=SCHEMA,
    ),
)


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

    def count(self, chunk: CheckedChunk) -> None:
        """Add the rows of a chunk that was read."""
        self.rejected += len(chunk.rejected)
        self.rows_read += len(chunk.rows) + len(chunk.rejected)
        for word, count in chunk.unmapped.items():
            self.unmapped_words[word] = self.unmapped_words.get(word, 0) + count


@dataclass
class _ReadFile:
    """A file read to its end: what is to be stored of it, or the batch that brought the very same file."""

    delivery: Delivery
    digest: str
    batch: Batch
    scratch: Scratch | None
    facts: FactsAside | None
    kept: ExitStack

    def close(self) -> None:
        """Give the room on disk back."""
        self.kept.close()


def import_file(
    engine: Engine,
    places: Places,
    delivery: Delivery,
    *,
    as_of: pd.Timestamp,
    on_progress: Progress | None = None,
    settings: Settings | None = None,
) -> Batch:
    """Store a file's rows as one batch.

    The very same file (content, source and datum) adds nothing and says which batch brought it.

    Parameters
    ----------
    as_of
        Moment of the import, with time zone.
    on_progress
        Called with the number of rows read so far.
    settings
        Where to put segments of the file's rows, so that publishing need not read them from the log; None to put none.

    Raises
    ------
    data.readers.errors.BadFileError
        The file as a whole can not be read; nothing was stored.
    """
    with closing(_read(engine, places, delivery, as_of, on_progress)) as file:
        return _store(engine, file, as_of, settings)


def import_files(
    engine: Engine,
    places: Places,
    deliveries: Sequence[Delivery],
    *,
    as_of: pd.Timestamp,
    settings: Settings | None = None,
) -> Iterator[tuple[Delivery, Batch | BadFileError]]:
    """Store files in their order, each as `import_file` does; while one is stored the next is read.

    A file that can not be read keeps none of the others from coming in.
    """

    def read(number: int) -> Future[_ReadFile]:
        return reader.submit(_read, engine, places, deliveries[number], as_of, None)

    with ThreadPoolExecutor(1) as reader:
        ahead = [read(0)] if deliveries else []
        try:
            for number, delivery in enumerate(deliveries):
                current = ahead.pop()
                if number + 1 < len(deliveries):
                    ahead.append(read(number + 1))
                try:
                    with closing(current.result()) as file:
                        done: Batch | BadFileError = _store(engine, file, as_of, settings)
                except BadFileError as error:
                    done = error
                yield delivery, done
        finally:
            for unused in ahead:
                with suppress(Exception):
                    unused.result().close()


def _read(
    engine: Engine, places: Places, delivery: Delivery, as_of: pd.Timestamp, on_progress: Progress | None
) -> _ReadFile:
    digest = file_hash(delivery.path)
    with reading(engine) as connection:
        earlier = _batch_of(connection, digest, delivery)
    if earlier is not None:
        return _ReadFile(delivery, digest, _repeated(earlier), None, None, ExitStack())
    dropped, chunks = check_rows(delivery, places, as_of=as_of)
    batch = Batch(dropped_columns=dropped)
    with ExitStack() as stack:
        room = stack.enter_context(scratch(engine, _TABLES))
        facts = FactsAside(room.folder)
        keeper = stack.enter_context(ThreadPoolExecutor(1))
        keeping: Future[None] | None = None
        for chunk in chunks:
            if keeping:
                keeping.result()  # while a part is written the next is parsed, and no more than these two are held
            keeping = keeper.submit(_keep, room, facts, chunk)
            batch.count(chunk)
            if on_progress:
                on_progress(batch.rows_read)
        if keeping:
            keeping.result()
        if batch.rows_read == 0:
            raise EmptyFileError("表头下面没有数据行。请确认导出的时间范围,再重新导入。")
        room.close()
        return _ReadFile(delivery, digest, batch, room, facts, stack.pop_all())


def _keep(room: Scratch, facts: FactsAside, chunk: CheckedChunk) -> None:
    if len(chunk.rows):
        rows = incoming_rows(chunk.rows)
        room.add("incoming", rows)
        facts.add(rows)
    room.add("refused", chunk.rejected)


def _store(engine: Engine, file: _ReadFile, as_of: pd.Timestamp, settings: Settings | None) -> Batch:
    if file.scratch is None or file.facts is None:
        return file.batch
    with writing(engine) as connection:
        earlier = _batch_of(connection, file.digest, file.delivery)
        if earlier is not None:  # another process has brought it in the meantime
            return _repeated(earlier)
        batch = file.batch
        batch.id = next_id(connection, batches)
        parts = file.scratch.parts(connection, "incoming")
        ready = None
        if settings and file.facts.rows >= LEAST_ROWS:
            ready = ReadySegments(connection, settings, file.facts)
        written = add_parts(
            connection,
            parts,
            batch_id=batch.id,
            recorded_at=int(as_of.timestamp()),
            on_part=ready.add if ready else None,
        )
        if ready:
            ready.write()
        batch.added, batch.updated = written.added, written.updated
        batch.unchanged, batch.outdated = written.unchanged, written.outdated
        for refused, wanted in file.scratch.parts(connection, "refused"):
            rows = (
                select(literal(batch.id), *(refused.c[name] for name in _REFUSED)).where(wanted).order_by(refused.c.n)
            )
            connection.execute(insert(rejected).from_select(["batch_id", *_REFUSED], rows))
        record_batch(connection, batch, file.delivery, file.digest, as_of)
    return batch


def record_batch(connection: Connection, batch: Batch, delivery: Delivery, digest: str, as_of: pd.Timestamp) -> None:
    """Write what came of a delivery; `digest` is the SHA-256 of its content."""
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
