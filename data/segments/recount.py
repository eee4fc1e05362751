"""The pool counted three times: by its current rows, by its log, and by its segments.

Each recount is a table by source, type, month and place: how many incidents, and a fingerprint, which is a sum of
hashes and so the same in whatever order and in however many pieces rows are met. Rows and the rows that cancel them
sum to nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Engine, false, func, literal, select

from data.arrow_reading import MOST_ROWS, Read, arrow_reading
from data.segments.log import COLUMNS, between, last_position
from data.segments.manifest import Manifest, read_manifest
from data.segments.rebuilding import damaged
from data.segments.schema import LOG_SCHEMA, SCHEMA, dated
from data.settings import Settings
from data.tables import incidents
from geo.divisions import PREFIX_LENGTH, code_of

KEYS = ["source", "dispute_type", "month", "place"]
_FACTS = [name for name in SCHEMA.names if name not in ("weight", "recorded_at")]
_SUMS = ["incidents", "facts", "rows", "log"]

# 42 bits of a hash: a million of them fit into 63.
_FOLD = f"""
    SELECT source, dispute_type, month, place - place % $width AS place,
        SUM(weight)::BIGINT AS incidents,
        SUM(weight * (hash({", ".join(_FACTS)}) >> 22)::BIGINT)::BIGINT AS facts,
        COUNT(*) AS rows,
        SUM((hash({", ".join(SCHEMA.names)}) >> 22)::BIGINT)::BIGINT AS log
    FROM rows_here GROUP BY ALL
"""  # noqa: S608 - names of our own


@dataclass(frozen=True)
class Verified:
    """What a recount found.

    Parameters
    ----------
    incidents, log_rows, segment_rows
        Incidents that count by the current rows; rows of the log; rows of the segments.
    unpublished
        Rows of the log that no segment holds yet, which is no fault.
    damaged
        What is wrong with segments whose content is not what was published; segments are compared when there are none.
    differences
        `between`, `source`, `dispute_type`, `month` (2026-11), `division` (code), `expected`, `found`: counts of the
        surer side and of the other. Equal counts differ in what the rows say.
    """

    incidents: int
    log_rows: int
    segment_rows: int
    unpublished: int
    damaged: tuple[str, ...]
    differences: pd.DataFrame

    @property
    def is_sound(self) -> bool:
        """Whether all three say the same."""
        return not self.damaged and self.differences.empty


def verify(engine: Engine, settings: Settings, *, level: int = 3) -> Verified:
    """Recount everything and compare; differences are told by places of a level (1 province … 6 grid).

    Raises
    ------
    PoolUnavailableError
        The store does not answer.
    """
    zone = str(settings.timezone)
    width = 10 ** (15 - PREFIX_LENGTH[level])
    bad = tuple(said for _, said in damaged(engine, settings))
    manifest = read_manifest(engine, settings)
    with arrow_reading(engine) as read:
        current = _recount(_current_rows(read, zone), width)
        end = int(read(last_position(), pa.schema([("end", pa.int64())]))["end"][0].as_py())
        covered = _recount(_log_rows(read, zone, 1, min(manifest.position, end)), width)
        beyond = _recount(_log_rows(read, zone, manifest.position + 1, end), width)
    log = _added([covered, beyond])
    parts = [_differences("记录与日志", current, log, level, ["incidents", "facts"])]
    published = None
    if not bad:
        published = _recount(_segment_rows(manifest), width)
        parts.append(_differences("日志与分段", covered, published, level, _SUMS))
    return Verified(
        int(current["incidents"].sum()),
        int(log["rows"].sum()),
        manifest.rows if published is None else int(published["rows"].sum()),
        int(beyond["rows"].sum()),
        bad,
        pd.concat(parts, ignore_index=True),
    )


def _current_rows(read: Read, zone: str) -> Iterator[pa.Table]:
    known = {"incident_id": incidents.c.id, "weight": literal(1), "recorded_at": literal(0)}
    columns = [known[name].label(name) if name in known else incidents.c[name] for name in LOG_SCHEMA.names]
    last = read(select(func.coalesce(func.max(incidents.c.id), 0)), pa.schema([("last", pa.int64())]))["last"][
        0
    ].as_py()
    for first in range(1, last + 1, MOST_ROWS):
        part = incidents.c.id.between(first, first + MOST_ROWS - 1)
        yield dated(read(select(*columns).where(part, incidents.c.withdrawn == false()), LOG_SCHEMA), zone)


def _log_rows(read: Read, zone: str, first: int, end: int) -> Iterator[pa.Table]:
    for start in range(first, end + 1, MOST_ROWS):
        last = min(start + MOST_ROWS - 1, end)
        yield dated(read(select(*COLUMNS).where(between(start, last)), LOG_SCHEMA), zone)


def _segment_rows(manifest: Manifest) -> Iterator[pa.Table]:
    for segment in manifest.segments:
        with pq.ParquetFile(segment.path) as file:
            for batch in file.iter_batches(MOST_ROWS, columns=SCHEMA.names):
                found = pa.Table.from_batches([batch])
                yield pa.table([found[each.name].cast(each.type) for each in SCHEMA], schema=SCHEMA)


def _recount(tables: Iterator[pa.Table], width: int) -> pd.DataFrame:
    with duckdb.connect(":memory:") as connection:
        found = []
        for rows in tables:
            connection.register("rows_here", rows)
            found.append(connection.execute(_FOLD, {"width": width}).df())
    return _added(found)


def _added(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Recounts of pieces as one; fingerprints are sums modulo 2**64."""
    if not parts:
        return pd.DataFrame({name: pd.Series(dtype="object" if name in KEYS[:2] else "int64") for name in KEYS + _SUMS})
    rows = pd.concat(parts, ignore_index=True)
    return rows.groupby(KEYS, as_index=False)[_SUMS].sum()


def _differences(between: str, surer: pd.DataFrame, other: pd.DataFrame, level: int, names: list[str]) -> pd.DataFrame:
    expected, found = (table.set_index(KEYS)[_SUMS] for table in (surer, other))
    every = expected.index.union(found.index)
    expected, found = (table.reindex(every, fill_value=0) for table in (expected, found))
    differs = (expected[names] != found[names]).any(axis=1)
    rows = every[differs].to_frame(index=False)
    return pd.DataFrame(
        {
            "between": between,
            "source": rows["source"].astype(str),
            "dispute_type": rows["dispute_type"].astype(str),
            "month": [f"{month // 12}-{month % 12 + 1:02d}" for month in rows["month"].astype("int64")],
            "division": [code_of(place, level) for place in rows["place"].astype("int64")],
            "expected": expected["incidents"][differs].to_numpy(),
            "found": found["incidents"][differs].to_numpy(),
        }
    )
