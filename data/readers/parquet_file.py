"""Parquet: columns of any type, turned into the text the parser knows."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data.feeds.profile import FeedProfile
from data.readers.errors import UnreadableFileError
from data.readers.files import CHUNK_ROWS, FeedFile, RawChunk


class ParquetFile(FeedFile):
    """A Parquet file."""

    def __init__(self, path: Path, profile: FeedProfile) -> None:
        try:
            self._file = pq.ParquetFile(path)
        except (pa.ArrowInvalid, OSError) as error:
            raise UnreadableFileError("这不是完整的 Parquet 文件,请重新导出或重新传输。") from error
        super().__init__(path, list(self._file.schema_arrow.names), profile)

    def chunks(self) -> Iterator[RawChunk]:
        """Yield rows; the first row is line 2, as if a header stood above it."""
        line = 2
        try:
            for batch in self._file.iter_batches(batch_size=CHUNK_ROWS, columns=list(self.fields)):
                columns = {self.fields[name]: _text(batch.column(name)) for name in batch.schema.names}
                rows = pa.table(columns).to_pandas()
                rows.index = pd.RangeIndex(line, line + len(rows), name="line")
                line += len(rows)
                yield RawChunk(rows)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
            raise UnreadableFileError(f"Parquet 内容损坏或列的类型不支持:{str(error)[:120]}") from error


def _text(column: pa.Array) -> pa.Array:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _text(column.dictionary_decode())
    if pa.types.is_timestamp(kind):
        # A moment with a zone keeps it as an offset; one without is local time, as in a CSV.
        form = "%Y-%m-%dT%H:%M:%S%z" if kind.tz else "%Y-%m-%dT%H:%M:%S"
        column = pc.strftime(pc.cast(column, pa.timestamp("s", kind.tz), safe=False), format=form)
    elif pa.types.is_floating(kind):
        whole = pc.equal(pc.floor(column), column)
        integers = pc.cast(pc.cast(pc.if_else(whole, column, None), pa.int64()), pa.string())
        column = pc.coalesce(integers, pc.cast(column, pa.string()))
    return pc.fill_null(pc.cast(column, pa.string()), "")
