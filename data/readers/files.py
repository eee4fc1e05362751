"""Read a delivered file (CSV, XLSX, Parquet) in chunks of text, allow-listed columns only."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from data.readers.columns import check_headers, known_headers
from data.readers.errors import BadFileError, EmptyFileError

CHUNK_ROWS = 100_000


@dataclass(frozen=True)
class RawChunk:
    """Some rows as text. `rows` is indexed by line (the header is line 1), one str column a field, blank = ""."""

    rows: pd.DataFrame
    broken: list[tuple[int, str, str]] = field(default_factory=list)
    """Rows that could not be split into columns: line, field or "", reason."""


class FeedFile(ABC):
    """A delivered file whose header is known and whose rows are read once, in chunks."""

    def __init__(self, path: Path, headers: list[str]) -> None:
        check_headers(headers)
        self.path = path
        self.headers = headers
        self.fields = known_headers(headers)
        self.dropped = tuple(header.strip() for header in headers if header not in self.fields and header.strip())
        """Columns of the file that are not allowed in."""

    @abstractmethod
    def chunks(self) -> Iterator[RawChunk]:
        """Yield the rows in file order."""


def open_feed_file(path: Path, *, name: str | None = None) -> FeedFile:
    """Open a file by the ending of its `name` (its own unless given).

    Raises
    ------
    BadFileError
        Empty, of an unknown kind, undecodable, or without the required columns.
    """
    from data.readers.csv_file import CsvFile
    from data.readers.parquet_file import ParquetFile
    from data.readers.xlsx_file import XlsxFile

    kinds: dict[str, Callable[[Path], FeedFile]] = {
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
    return kinds[suffix](path)


def text_frame(columns: dict[str, list[str]], lines: list[int]) -> pd.DataFrame:
    """Rows as a frame of text, indexed by line."""
    return pd.DataFrame(columns, index=pd.Index(lines, name="line", dtype="int64"), dtype="str")
