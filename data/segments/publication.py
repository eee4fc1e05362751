"""Publishing: what the log holds beyond the manifest becomes segments, all of it in one step for readers."""

from contextlib import suppress

from sqlalchemy import Engine, select

from data.arrow_reading import arrow_reading
from data.locks import only_one
from data.segments.bulk import write_parts
from data.segments.compaction import tidy
from data.segments.files import write_file
from data.segments.log import COLUMNS, ROWS_PER_SEGMENT, between, last_position
from data.segments.manifest import advance, read_manifest, replace_all
from data.segments.ready import Part, ready_parts
from data.segments.schema import LOG_SCHEMA, segment_rows
from data.settings import Settings
from data.store import writing
from data.tables import published

LOCK = "publish"
"""Held by whoever changes the manifest."""

BULK_ROWS = 250_000
"""Positions from which on processes of their own read and write the parts: less is done before they have started."""


def publish(engine: Engine, settings: Settings) -> int:
    """Publish what the log holds beyond the manifest; return the number of rows published.

    One publisher at a time; a second one waits. A transaction of the log is published whole: readers never see the
    half of a correction. Small segments are put together on the way, so that few files are left.

    Raises
    ------
    PoolUnavailableError
        The store does not answer, or a segment can not be written (disk full); what counted before counts on.
    """
    with only_one(engine, settings, LOCK):
        rows = publish_locked(engine, settings)
        tidy(engine, settings)
    return rows


def is_behind(engine: Engine) -> bool:
    """Whether the log has grown since it was published."""
    with engine.connect() as connection:
        end = connection.execute(last_position()).scalar_one()
        return bool(end > (connection.execute(select(published.c.position)).scalar() or 0))


def publish_locked(engine: Engine, settings: Settings) -> int:
    """As `publish`, by a holder of the lock, and without putting files together."""
    manifest = read_manifest(engine, settings)
    with engine.connect() as connection:
        end = int(connection.execute(last_position()).scalar_one())
    if end <= manifest.position:
        return 0
    with engine.connect() as connection:
        ready = ready_parts(connection, settings, manifest.position + 1, end)
    read = _between(engine, settings, ready, manifest.position + 1, end)
    parts = sorted([*ready, *read], key=lambda part: part[1])
    try:
        with writing(engine) as connection:
            advance(connection, manifest, parts, end)
    except BaseException:
        discard(read)  # what lay ready may be named by somebody else by now
        raise
    return sum(written.rows for written, _, _ in parts)


def republish_locked(engine: Engine, settings: Settings) -> None:
    """Publish the whole log anew in place of all segments, by a holder of the lock."""
    manifest = read_manifest(engine, settings)
    with engine.connect() as connection:
        end = int(connection.execute(last_position()).scalar_one())
    parts = written_parts(engine, settings, 1, end)
    try:
        with writing(engine) as connection:
            replace_all(connection, manifest, parts, end)
    except BaseException:
        discard(parts)
        raise
    tidy(engine, settings)


def _between(engine: Engine, settings: Settings, ready: list[Part], first: int, end: int) -> list[Part]:
    """Files of what the log holds before, between and after files that lie ready."""
    found: list[Part] = []
    try:
        for _, begins, ends in [*ready, (None, end + 1, end)]:
            found += written_parts(engine, settings, first, begins - 1)
            first = ends + 1
    except BaseException:
        discard(found)
        raise
    return found


def written_parts(engine: Engine, settings: Settings, first: int, end: int) -> list[Part]:
    """Files of the log from one position to another, each with its own first and last one; named nowhere yet."""
    if end < first:
        return []
    if end - first >= BULK_ROWS:
        starts = range(first, end + 1, ROWS_PER_SEGMENT)
        return write_parts(engine, settings, [(start, min(start + ROWS_PER_SEGMENT - 1, end)) for start in starts])
    with arrow_reading(engine) as read:
        log = read(select(*COLUMNS).where(between(first, end)), LOG_SCHEMA)
    if not log.num_rows:
        return []
    return [(write_file(segment_rows(log, str(settings.timezone)), settings.segments), first, end)]


def discard(parts: list[Part]) -> None:
    """Remove files that came to be named nowhere."""
    for written, _, _ in parts:
        with suppress(OSError):
            written.path.unlink(missing_ok=True)
