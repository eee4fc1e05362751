"""Compaction: many small segments become few, and those one for each month, while readers go on."""

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Engine

from data.locks import only_one
from data.segments.files import Written, write_file
from data.segments.manifest import Manifest, Segment, read_manifest, swap
from data.segments.schema import SCHEMA, in_order
from data.settings import Settings
from data.store import writing

TAIL_SEGMENTS = 8
"""Publications that may stand side by side before the newest of them are put together."""

SETTLE_ROWS = 2_000_000
"""Rows of the tail from which on it is split by month, without being asked."""

GROWTH = 8
"""A month's file so many times larger than what came later is left alone; nothing is written more than so often."""

FULL_ROWS = 4_000_000
"""A month's file of so many rows is not written again."""

HELD_ROWS = 4_000_000
"""Rows of segments of several months that are held in memory (some 100 bytes each) while they are split; of what goes
beyond, each month is read on its own, which reads the row groups between two months twice."""


@dataclass(frozen=True)
class Compacted:
    """How many segments there were and are, and how many rows were written again."""

    before: int
    after: int
    rows: int


def compact(engine: Engine, settings: Settings) -> Compacted:
    """Put everything together by month: one file for each, or a few where a month is large. No count changes.

    Raises
    ------
    PoolUnavailableError
        The store does not answer, a segment is damaged, or there is no room; what counted before counts on.
    """
    with only_one(engine, settings, "publish"):
        return settle(engine, settings)


def tidy(engine: Engine, settings: Settings) -> None:
    """What keeps files few after a publication; by a holder of the lock."""
    tail = read_manifest(engine, settings).tail
    if len(tail) > 1 and sum(segment.rows for segment in tail) >= SETTLE_ROWS:
        settle(engine, settings)
    elif len(tail) > TAIL_SEGMENTS:
        gather(engine, settings)


def gather(engine: Engine, settings: Settings) -> None:
    """Put the newest segments of the tail together, as far back as they are not much larger than what came after."""
    tail = read_manifest(engine, settings).tail
    newest: list[Segment] = []
    rows = 0
    for segment in reversed(tail):
        if len(newest) > 1 and segment.rows > rows:
            break
        newest.insert(0, segment)
        rows += segment.rows
    if len(newest) < 2:
        return
    written = write_file(_together([_read(segment) for segment in newest]), settings.segments)
    parts = [(written, newest[0].first_position, newest[-1].last_position)]
    _exchange(engine, newest, parts)


def settle(engine: Engine, settings: Settings) -> Compacted:
    """As `compact`, by a holder of the lock."""
    manifest = read_manifest(engine, settings)
    plan = _plan(manifest)
    out = {segment.id: segment for _, inputs in plan for segment in inputs}
    parts: list[tuple[Written, int, int]] = []
    try:
        for segment in out.values():
            segment.check()  # damage must not be copied into a file with a checksum of its own
        held = _held(out.values())
        for month, inputs in plan:
            first = min(segment.first_position for segment in inputs)
            last = max(segment.last_position for segment in inputs)
            rows = _together([_of_month(segment, month, held) for segment in inputs])
            if rows.num_rows:  # a segment of several months need not have rows of each
                parts.append((write_file(rows, settings.segments), first, last))
    except BaseException:
        for written, _, _ in parts:
            written.path.unlink(missing_ok=True)
        raise
    _exchange(engine, list(out.values()), parts, settled=manifest.position)
    before = len(manifest.segments)
    return Compacted(before, before - len(out) + len(parts), sum(written.rows for written, _, _ in parts))


def _plan(manifest: Manifest) -> list[tuple[int, list[Segment]]]:
    """For each month that is written again, the segments that its file is made of."""
    months = sorted({month for segment in manifest.segments for month in segment.months})
    found = []
    for month in months:
        own = [segment for segment in manifest.segments if month in segment.months]
        own.sort(key=lambda segment: segment.first_position)
        kept = _left_alone(own)
        if rest := own[kept:]:
            found.append((month, rest))
    return found


def _left_alone(own: Sequence[Segment]) -> int:
    """How many of a month's segments, oldest first, are left as they are."""
    rows = [segment.rows for segment in own]
    for at, segment in enumerate(own):
        later = sum(rows[at + 1 :])
        if len(segment.months) > 1 or (later and rows[at] < min(GROWTH * later, FULL_ROWS)):
            return at
    return len(own)


def _held(segments: Iterable[Segment]) -> dict[int, pa.Table]:
    """Rows of segments of several months by their ids, as many as may be held."""
    held, rows = {}, 0
    for segment in segments:
        if len(segment.months) > 1 and (rows := rows + segment.rows) <= HELD_ROWS:
            held[segment.id] = _read(segment)
    return held


def _of_month(segment: Segment, month: int, held: Mapping[int, pa.Table]) -> pa.Table:
    if segment.id not in held:
        return _read(segment, month=month)
    rows = held[segment.id]
    start, end = np.searchsorted(rows["month"].to_numpy(), [month, month + 1]).tolist()  # segments are sorted by month
    return rows.slice(start, end - start)


def _read(segment: Segment, *, month: int | None = None) -> pa.Table:
    """Rows of a segment, of one month or of all."""
    wanted = None if month is None else [("month", "=", month)]
    found = pq.read_table(segment.path, columns=SCHEMA.names, filters=wanted)
    return pa.table([found[each.name].cast(each.type) for each in SCHEMA], schema=SCHEMA)


def _together(tables: Sequence[pa.Table]) -> pa.Table:
    """Rows of several tables, sorted."""
    return in_order(pa.concat_tables(tables).unify_dictionaries())


def _exchange(
    engine: Engine,
    out: Sequence[Segment],
    parts: list[tuple[Written, int, int]],
    *,
    settled: int | None = None,
) -> None:
    for segment in out:
        with suppress(FileNotFoundError):
            os.utime(segment.path)  # readers may hold it: its time of grace begins now
    try:
        with writing(engine) as connection:
            swap(connection, out, parts, settled=settled)
    except BaseException:
        for written, _, _ in parts:
            written.path.unlink(missing_ok=True)
        raise
