"""Read a delivered file (CSV, XLSX, Parquet) in chunks of text, allow-listed columns only."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from data.feeds.profile import FeedProfile
from data.readers.columns import check_headers
from data.readers.errors import BadFileError, EmptyFileError
from geo.datum import Datum

CHUNK_ROWS = 100_000
DIVISION_PART = "division_name."


@dataclass(frozen=True)
class RawChunk:
    """Some rows as text. `rows` is indexed by line (the header is line 1), one str column a field, blank = ""."""

    rows: pd.DataFrame
    broken: list[tuple[int, str, str]] = field(default_factory=list)
    """Rows that could not be split into columns: line, field or "", reason."""


class FeedFile(ABC):
    """A delivered file whose header is known and whose rows are read once, in chunks."""

    def __init__(self, path: Path, headers: list[str], profile: FeedProfile) -> None:
        self.path = path
        self.headers = headers
        self.fields = fields_of(headers, profile)
        check_headers(headers, self.fields.values(), profile.required)
        self.dropped = tuple(header.strip() for header in headers if header not in self.fields and header.strip())
        """Columns of the file that are not allowed in."""

    @abstractmethod
    def chunks(self) -> Iterator[RawChunk]:
        """Yield the rows in file order."""


PLAIN = FeedProfile("", "", "", Datum.WGS84)
"""A profile that says nothing: everything is called as the product calls it."""


def open_feed_file(path: Path, *, name: str | None = None, profile: FeedProfile = PLAIN) -> FeedFile:
    """Open a file by the ending of its `name` (its own unless given), its columns named as in the profile.

    Raises
    ------
    BadFileError
        Empty, of an unknown kind, undecodable, or without the required columns.
    """
    from data.readers.csv_file import CsvFile
    from data.readers.parquet_file import ParquetFile
    from data.readers.xlsx_file import XlsxFile

    kinds: dict[str, Callable[[Path, FeedProfile], FeedFile]] = {
        ".csv": CsvFile,
        ".txt": CsvFile,
        ".tsv": CsvFile,
        ".xlsx": XlsxFile,
        ".parquet": ParquetFile,
    }
    suffix = Path(name or path).suffix.lower()
    if suffix not in kinds:
        raise BadFileError(f"不支持的文件格式“{suffix or '(无扩展名)'}”。请使用 CSV、XLSX 或 Parquet 文件。")
    if path.stat().st_size == 0:
        raise EmptyFileError("文件是空的(0 字节)。请确认导出是否完成,再重新上传。")
    return kinds[suffix](path, profile)


def fields_of(headers: list[str], profile: FeedProfile) -> dict[str, str]:
    """Field of each header that may enter; columns that together name the division are numbered as the profile does."""
    parts = profile.headers.get("division_name", ())
    named = {name: f"{DIVISION_PART}{number}" for number, name in enumerate(parts)}
    fields = {header: field for header, field in profile.known_headers(headers).items() if field != "division_name"}
    for header in headers:
        part = named.get(header.strip())
        if part and part not in fields.values():
            fields[header] = part
    return fields


def join_division(rows: pd.DataFrame) -> pd.DataFrame:
    """One column `division_name` of those that together name the division."""
    parts = sorted(name for name in rows.columns if name.startswith(DIVISION_PART))
    if not parts:
        return rows
    joined = rows[parts[0]].str.strip()
    for name in parts[1:]:
        joined += rows[name].str.strip()
    return rows.drop(columns=parts).assign(division_name=joined)


def text_frame(columns: dict[str, list[str]], lines: list[int]) -> pd.DataFrame:
    """Rows as a frame of text, indexed by line."""
    return pd.DataFrame(columns, index=pd.Index(lines, name="line", dtype="int64"), dtype="str")
