"""Publish the change log as immutable, sorted Parquet files named in a manifest.

A file is written under a temporary name, synced, renamed, and only then named in the manifest, keyed by the range of
log positions it holds: a crash between any two steps leaves at worst a nameless file, never a lost or doubled row.
"""

import hashlib
import os
import uuid
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Engine, func, insert, select

from data.filter import EPOCH
from data.locks import only_one
from data.settings import Settings
from data.store import writing
from data.tables import FACTS, changes, segments

ROWS_PER_SEGMENT = 1_000_000
ROW_GROUP = 65_536
"""Rows between two min/max statistics: small enough that a county's month touches few of them."""

_TEXT = pa.dictionary(pa.int16(), pa.string())
SCHEMA = pa.schema(
    [
        ("incident_id", pa.int64()),
        ("weight", pa.int32()),
        ("month", pa.int32()),
        ("day", pa.int32()),
        ("hour", pa.int32()),
        ("accepted_day", pa.int32()),
        ("closed_day", pa.int32()),
        ("accepted_at", pa.int64()),
        ("place", pa.int64()),
        ("cell", pa.int64()),
        ("located_by", pa.int32()),
        ("conflict", pa.bool_()),
        ("duplicate", pa.bool_()),
        ("recorded_at", pa.int64()),
        *((name, _TEXT) for name in ("source", "dispute_type", "sub_source", "channel")),
        *((name, _TEXT) for name in ("status", "outcome", "scale", "resolved_level")),
    ]
)
"""Columns of a segment. Days are local day numbers; `month` counts months since year 0; `closed_day` may be null;
`recorded_at` is when the pool learnt it (UTC seconds)."""

_DELTAS = ("incident_id", "accepted_at", "place")
"""Long numbers that hardly repeat or stand in order: differences are a third smaller than a dictionary, and faster."""


@dataclass(frozen=True)
class Manifest:
    """The published segments: a version that changes with every publication, and the files."""

    version: int
    files: tuple[Path, ...]
    rows: int = 0


def read_manifest(engine: Engine, settings: Settings) -> Manifest:
    """Return the segments that count now."""
    with engine.connect() as connection:
        named = connection.execute(
            select(segments.c.id, segments.c.file_name, segments.c.rows).order_by(segments.c.id)
        ).all()
    version = named[-1].id if named else 0
    files = tuple(settings.segments / row.file_name for row in named)
    return Manifest(version, files, sum(row.rows for row in named))


def months_in(file: Path) -> tuple[int, int]:
    """First and last month of a segment, from its footer.

    Raises
    ------
    OSError, pyarrow.ArrowException
        The file is missing or no Parquet.
    """
    footer = pq.read_metadata(file)
    column = SCHEMA.get_field_index("month")
    found = [footer.row_group(group).column(column).statistics for group in range(footer.num_row_groups)]
    return min(each.min for each in found), max(each.max for each in found)


def publish(engine: Engine, settings: Settings) -> int:
    """Publish what the log holds beyond the manifest; return the number of rows published.

    One publisher at a time, under `only_one(…, "publish")`; a second one waits.
    """
    settings.segments.mkdir(parents=True, exist_ok=True)
    published = 0
    with only_one(engine, settings, "publish"):
        while count := _publish_next(engine, settings):
            published += count
    return published


def _publish_next(engine: Engine, settings: Settings) -> int:
    with engine.connect() as connection:
        last = connection.execute(select(func.coalesce(func.max(segments.c.last_position), 0))).scalar_one()
        columns = [
            changes.c.position,
            changes.c.incident_id,
            changes.c.weight,
            *(changes.c[name] for name in FACTS),
            changes.c.recorded_at,
        ]
        asked = select(*columns).where(changes.c.position > last).order_by(changes.c.position).limit(ROWS_PER_SEGMENT)
        log = pd.DataFrame(connection.execute(asked).all(), columns=[column.name for column in columns])
    if log.empty:
        return 0
    file, size, digest = write_segment(log, settings.segments, zone=str(settings.timezone))
    first, final = int(log["position"].iloc[0]), int(log["position"].iloc[-1])
    with writing(engine) as connection:
        connection.execute(
            insert(segments).values(
                file_name=file.name,
                first_position=first,
                last_position=final,
                rows=len(log),
                size=size,
                file_hash=digest,
                published_at=int(pd.Timestamp.now("UTC").timestamp()),
            )
        )
    return len(log)


def write_segment(log: pd.DataFrame, folder: Path, *, zone: str) -> tuple[Path, int, str]:
    """Write log rows as one sorted Parquet file; return its path, bytes and SHA-256.

    Parameters
    ----------
    log
        `incident_id`, `weight`, the facts of `data.tables.FACTS` and `recorded_at`, times in UTC seconds.
    """
    table = pa.Table.from_pandas(_segment_rows(log, zone), schema=SCHEMA, preserve_index=False)
    file = folder / f"{uuid.uuid4().hex}.parquet"
    temporary = file.with_suffix(".writing")
    pq.write_table(
        table,
        temporary,
        compression="zstd",
        row_group_size=ROW_GROUP,
        use_dictionary=[name for name in SCHEMA.names if name not in _DELTAS],
        column_encoding=dict.fromkeys(_DELTAS, "DELTA_BINARY_PACKED"),
    )
    with temporary.open("rb+") as written:
        os.fsync(written.fileno())
        digest = hashlib.file_digest(written, "sha256").hexdigest()
    temporary.rename(file)
    _sync_folder(folder)
    return file, file.stat().st_size, digest


def _segment_rows(log: pd.DataFrame, zone: str) -> pd.DataFrame:
    rows = log.copy()
    occurred = _local(log["occurred_at"], zone)
    rows["day"] = _day(occurred)
    rows["hour"] = occurred.dt.hour
    rows["month"] = occurred.dt.year * 12 + occurred.dt.month - 1
    rows["accepted_day"] = _day(_local(log["accepted_at"], zone))
    rows["closed_day"] = _day(_local(log["closed_at"], zone))
    rows[["conflict", "duplicate"]] = rows[["conflict", "duplicate"]].astype("bool")
    return rows.sort_values(["month", "place", "day"], kind="stable")[SCHEMA.names]


def _local(seconds: pd.Series, zone: str) -> pd.Series:
    moments = pd.to_datetime(pd.to_numeric(seconds).astype("Int64"), unit="s", utc=True)
    return moments.dt.tz_convert(zone).dt.tz_localize(None)


def _day(moments: pd.Series) -> pd.Series:
    return (moments - pd.Timestamp(EPOCH)).dt.days.astype("Int32")


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
