"""CSV: encoding and delimiter found out, ragged lines reported one by one."""

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv

from data.feeds.profile import FeedProfile
from data.readers.errors import EmptyFileError, UnreadableFileError
from data.readers.files import FeedFile, RawChunk

DELIMITERS = (",", ";", "\t", "|", ",")
BLOCK_BYTES = 16 << 20
"""One record may not be longer than this; real ones have a few hundred bytes."""


def encoding_of(path: Path) -> str:
    """UTF-8 where every byte fits it, else GB18030; UTF-16 by its mark.

    Raises
    ------
    UnreadableFileError
        Neither fits.
    """
    with path.open("rb") as file:
        head = file.read(4)
    if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    for encoding in ("utf-8", "gb18030"):
        if _decodes(path, encoding):
            return encoding
    raise UnreadableFileError("文字编码无法识别:既不是 UTF-8 也不是 GB18030。请用 Excel 另存为“CSV UTF-8”后重试。")


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while block := file.read(4 << 20):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _header(path: Path, encoding: str, profile: FeedProfile) -> tuple[str, list[str]]:
    """Delimiter and header: the delimiter under which the first line names most known columns."""
    with path.open(encoding=encoding, newline="") as file:
        first = file.readline(1 << 16).lstrip("\ufeff")
    if not first.strip():
        raise EmptyFileError("文件第一行是空的,没有表头。请保留表头行再导入。")
    if "\x00" in first:
        raise UnreadableFileError("文件里有空字符(NUL),不像文本表格。请确认文件格式,重新导出后再导入。")
    split = {mark: next(csv.reader([first], delimiter=mark)) for mark in DELIMITERS}
    best = max(DELIMITERS, key=lambda mark: (len(profile.known_headers(split[mark])), len(split[mark])))
    return best, split[best]


class CsvFile(FeedFile):
    """A CSV file."""

    def __init__(self, path: Path, profile: FeedProfile) -> None:
        self.encoding = encoding_of(path)
        self.delimiter, headers = _header(path, self.encoding, profile)
        super().__init__(path, headers, profile)

    def chunks(self) -> Iterator[RawChunk]:
        """Yield rows; a line with too few or too many columns is reported as broken, blank lines are passed over."""
        bad: list[tuple[int, int, str]] = []  # ordinal of the record, columns found, text
        fields = {str(position): self.fields.get(name, "") for position, name in enumerate(self.headers)}
        kept = {position: field for position, field in fields.items() if field}
        read = 1  # the header
        for table in self._tables(list(fields), list(kept), bad):
            lines, read = _lines(table.num_rows, read, bad)
            rows = table.rename_columns([kept[name] for name in table.column_names]).to_pandas()
            rows.index = pd.Index(lines, name="line")
            yield RawChunk(rows[(rows != "").any(axis=1)], self._broken(bad))
            bad.clear()
        if bad:
            yield RawChunk(pd.DataFrame(columns=list(kept.values()), dtype="str"), self._broken(bad))

    def _tables(self, names: list[str], kept: list[str], bad: list[tuple[int, int, str]]) -> Iterator[pa.Table]:
        def remember(row: pacsv.InvalidRow) -> str:
            bad.append((row.number, row.actual_columns, row.text))
            return "skip"

        try:
            with pacsv.open_csv(
                self.path,
                read_options=pacsv.ReadOptions(
                    use_threads=False,
                    block_size=BLOCK_BYTES,
                    encoding=self.encoding,
                    column_names=names,
                    skip_rows_after_names=1,
                ),
                parse_options=pacsv.ParseOptions(
                    delimiter=self.delimiter,
                    newlines_in_values=True,
                    ignore_empty_lines=False,
                    invalid_row_handler=remember,
                ),
                convert_options=pacsv.ConvertOptions(
                    include_columns=kept,
                    column_types={name: pa.string() for name in names},
                    strings_can_be_null=False,
                ),
            ) as reader:
                for batch in reader:
                    yield pa.Table.from_batches([batch])
        except pa.ArrowInvalid as error:
            raise UnreadableFileError(
                f"文件内容无法按表格读取:{str(error)[:160]}。常见原因是引号没有成对,或一行超过 16 MB。"
            ) from error

    def _broken(self, bad: list[tuple[int, int, str]]) -> list[tuple[int, str, str]]:
        expected = len(self.headers)
        return [
            (number, "", f"这一行有 {found} 列,表头有 {expected} 列")
            for number, found, text in bad
            if any(text.split(self.delimiter)) and text.strip()
        ]


def _lines(count: int, read: int, bad: list[tuple[int, int, str]]) -> tuple[np.ndarray, int]:
    """Record numbers of `count` good rows that follow record `read`, around the bad ones among them."""
    skipped = np.array([number for number, _, _ in bad], dtype="int64")
    lines = np.arange(read + 1, read + 1 + count + len(skipped), dtype="int64")
    lines = lines[~np.isin(lines, skipped)][:count]
    last = max([read, *lines[-1:].tolist(), *skipped.tolist()])
    return lines, last
