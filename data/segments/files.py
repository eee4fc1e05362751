"""Files of segments: written so that a crash leaves no half one under its name, and checked before they count."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data.sealed_files import seal
from data.segments.schema import SCHEMA
from data.unavailable import PoolUnavailableError

ROW_GROUP = 65_536
"""Rows between two min/max statistics: small enough that a county's month touches few of them."""

_DELTAS = ("incident_id", "accepted_at", "place")
"""Long numbers that hardly repeat or stand in order: differences are a third smaller than a dictionary, and faster."""


class DamagedSegmentError(PoolUnavailableError):
    """A segment is missing or is not what was published."""

    def __init__(self, file: Path, found: str) -> None:
        self.file = file
        super().__init__(f"分段文件 {file.name} {found}。请运行 `manage.py rebuild`，由库中的变更记录重建。")


@dataclass(frozen=True)
class Written:
    """A file that is on disk and named nowhere yet; months count since year 0, both ends included."""

    path: Path
    rows: int
    size: int
    file_hash: str
    first_month: int
    last_month: int


def write_file(table: pa.Table, folder: Path) -> Written:
    """Write sorted rows as one Parquet file, synced before it has its name.

    Raises
    ------
    PoolUnavailableError
        The file can not be written (disk full); nothing of it is left.
    """
    try:
        file, digest = seal(folder, ".parquet", lambda path: _write(table, path))
    except OSError as error:
        raise PoolUnavailableError(f"分段文件写不下（{error.strerror or error}）。库中数据不受影响。") from error
    months = pc.min_max(table["month"]).as_py()
    return Written(file, table.num_rows, file.stat().st_size, digest, months["min"], months["max"])


def _write(table: pa.Table, file: Path) -> None:
    pq.write_table(
        table,
        file,
        compression="zstd",
        row_group_size=ROW_GROUP,
        use_dictionary=[name for name in SCHEMA.names if name not in _DELTAS],
        column_encoding=dict.fromkeys(_DELTAS, "DELTA_BINARY_PACKED"),
    )


def check_file(file: Path, *, size: int, file_hash: str) -> None:
    """Read a file through and compare its checksum.

    Raises
    ------
    FileNotFoundError
        There is no such file; whether it should be there is told by the manifest of this moment.
    DamagedSegmentError
        Its content is not what was published.
    """
    found = file.stat().st_size
    if found != size:
        raise DamagedSegmentError(file, f"已损坏：应为 {size:,} 字节，实为 {found:,} 字节")
    with file.open("rb") as content:
        if hashlib.file_digest(content, "sha256").hexdigest() != file_hash:
            raise DamagedSegmentError(file, "已损坏：校验和与发布时不同")
