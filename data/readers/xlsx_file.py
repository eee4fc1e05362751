"""XLSX: the first sheet, formula cells refused, archives that unpack to far more than they are refused."""

import datetime as dt
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from data.feeds.profile import FeedProfile
from data.readers.errors import EmptyFileError, UnreadableFileError
from data.readers.files import CHUNK_ROWS, FeedFile, RawChunk, text_frame

LARGEST_UNPACKED = 1 << 30


def _check_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as error:
        raise UnreadableFileError(
            "这不是有效的 XLSX 文件(可能是旧版 .xls 或文件损坏)。请另存为 .xlsx 或 CSV。"
        ) from error
    if unpacked > LARGEST_UNPACKED:
        raise UnreadableFileError(
            f"XLSX 解压后有 {unpacked / (1 << 30):.1f} GB,超过 1 GB 的上限。数据量大时请改用 CSV 或 Parquet。"
        )


class XlsxFile(FeedFile):
    """The first sheet of a workbook."""

    def __init__(self, path: Path, profile: FeedProfile) -> None:
        _check_archive(path)
        try:
            self._sheet = load_workbook(path, read_only=True).worksheets[0]
            first = next(self._sheet.iter_rows(max_row=1, values_only=True), None)
        except (InvalidFileException, KeyError, ValueError, IndexError, zipfile.BadZipFile, OSError) as error:
            raise UnreadableFileError("XLSX 文件无法打开,可能已损坏。请用 Excel 打开后另存再导入。") from error
        if not first or not any(first):
            raise EmptyFileError("第一个工作表没有表头。请把数据放在第一个工作表,第一行为表头。")
        super().__init__(path, [str(value or "") for value in first], profile)

    def chunks(self) -> Iterator[RawChunk]:
        """Yield rows; a row with a formula is reported as broken, blank rows are passed over."""
        kept = {position: self.fields[name] for position, name in enumerate(self.headers) if name in self.fields}
        columns: dict[str, list[str]] = {field: [] for field in kept.values()}
        lines: list[int] = []
        broken: list[tuple[int, str, str]] = []
        for line, row in enumerate(self._sheet.iter_rows(min_row=2), start=2):
            cells = {field: row[position] for position, field in kept.items() if position < len(row)}
            formula = next((field for field, cell in cells.items() if cell.data_type == "f"), None)
            if formula:
                broken.append((line, formula, "单元格是公式,请改为数值后再导入"))
            elif any(cell.value is not None for cell in cells.values()):
                lines.append(line)
                for field, values in columns.items():
                    values.append(_text(cells[field].value if field in cells else None))
            if len(lines) + len(broken) >= CHUNK_ROWS:
                yield RawChunk(text_frame(columns, lines), broken)
                columns, lines, broken = {field: [] for field in kept.values()}, [], []
        if lines or broken:
            yield RawChunk(text_frame(columns, lines), broken)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
