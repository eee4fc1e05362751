"""Rows kept aside on disk while their file is read, so that they can then be stored in one short transaction.

Nobody waits for the record store while a large file is read, memory holds one part of it at a time, and a file that
turns out broken at its end has touched nothing.
"""

import fcntl
import shutil
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pandas as pd
import pyarrow as pa
from adbc_driver_sqlite import dbapi
from sqlalchemy import Boolean, Column, ColumnElement, Connection, Engine, Float, Integer, MetaData, Table, text, true
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateTable

from data.bulk import add_rows
from data.unavailable import PoolUnavailableError

SCHEMA = "scratch"
CACHE_KB = 262_144
"""SQLite's memory while a file is stored: its indexes are written all over."""
_FOLDER = "import-"

Part = tuple[Table, ColumnElement[bool]]
"""A table, and which of its rows are meant."""


class Scratch(ABC):
    """Tables of rows, each numbered by its column `n`, filled part by part and given back in the same parts."""

    def __init__(self, tables: Sequence[Table], folder: Path) -> None:
        self.folder = folder
        """Room for files of other forms, gone with the tables."""
        self._tables = {table.name: table for table in tables}
        self._counts = dict.fromkeys(self._tables, 0)

    def add(self, name: str, rows: pd.DataFrame) -> None:
        """Keep a part of a table; `n` is counted on over all its parts.

        Raises
        ------
        PoolUnavailableError
            There is no room (disk full).
        """
        if rows.empty:
            return
        first = self._counts[name]
        self._counts[name] += len(rows)
        table, numbered = self._tables[name], rows.assign(n=range(first, first + len(rows)))
        typed = {column.name: _typed(numbered[column.name], column.type) for column in table.c}
        try:
            self._keep(table, pa.table(typed))
        except (dbapi.Error, OSError) as error:
            raise PoolUnavailableError(f"暂存区写不下,文件没有导入任何一行:{error}") from error

    @abstractmethod
    def _keep(self, table: Table, rows: pa.Table) -> None:
        """Keep a part."""

    @abstractmethod
    def close(self) -> None:
        """Nothing more will be added; may be called again."""

    @abstractmethod
    def parts(self, connection: Connection, name: str) -> Iterator[Part]:
        """Parts of a table in their order, for statements on this connection; after `close`."""


class _SqliteScratch(Scratch):
    """A SQLite file beside the store, written from Arrow and attached: no value becomes a Python object.

    ADBC brings a SQLite of its own, which must not have a file open that this process's other one has open too.
    """

    def __init__(self, tables: Sequence[Table], folder: Path) -> None:
        super().__init__(tables, folder)
        self._path = folder / "rows.sqlite"
        self._ranges: dict[str, list[tuple[int, int]]] = {name: [] for name in self._tables}
        self._connection = dbapi.connect(str(self._path), autocommit=True)
        self._cursor, self._open = self._connection.cursor(), True
        for setting in ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE"):
            self._cursor.execute(f"PRAGMA {setting}")
        for table in tables:
            self._cursor.execute(str(CreateTable(_as_temporary(table, [])).compile(dialect=sqlite.dialect())))

    def _keep(self, table: Table, rows: pa.Table) -> None:
        numbers = rows["n"]
        self._ranges[table.name].append((numbers[0].as_py(), numbers[-1].as_py()))
        said = [name for name in rows.column_names if rows[name].null_count < len(rows)]  # the others are NULL anyway
        self._cursor.adbc_ingest(table.name, rows.select(said), mode="append")

    def close(self) -> None:
        if self._open:
            self._cursor.close()
            self._connection.close()
        self._open = False

    def parts(self, connection: Connection, name: str) -> Iterator[Part]:
        if SCHEMA not in {row[1] for row in connection.exec_driver_sql("PRAGMA database_list")}:
            connection.detach()  # a connection with a file attached must not go back to the pool
            connection.execute(text(f"ATTACH :path AS {SCHEMA}"), {"path": str(self._path)})
            connection.exec_driver_sql(f"PRAGMA main.cache_size=-{CACHE_KB}")
        for first, last in self._ranges[name]:
            yield self._tables[name], self._tables[name].c.n.between(first, last)


class _ArrowScratch(Scratch):
    """Arrow files, copied part by part into temporary tables of the server."""

    def __init__(self, tables: Sequence[Table], folder: Path) -> None:
        super().__init__(tables, folder)
        self._paths = {name: folder / f"{name}.arrow" for name in self._tables}
        self._writers: dict[str, Any] = {}

    def _keep(self, table: Table, rows: pa.Table) -> None:
        if table.name not in self._writers:
            self._writers[table.name] = pa.ipc.new_file(self._paths[table.name], rows.schema)
        self._writers[table.name].write_batch(rows.combine_chunks().to_batches()[0])

    def close(self) -> None:
        for writer in self._writers.values():
            writer.close()

    def parts(self, connection: Connection, name: str) -> Iterator[Part]:
        if name not in self._writers:
            return
        table = _as_temporary(self._tables[name], ["TEMPORARY"])
        with pa.ipc.open_file(self._paths[name]) as kept:
            for number in range(kept.num_record_batches):
                table.create(connection)
                add_rows(connection, table, kept.get_batch(number).to_pandas())
                yield table, true()
                table.drop(connection)


@contextmanager
def scratch(engine: Engine, tables: Sequence[Table]) -> Iterator[Scratch]:
    """Room on disk for rows on their way into a store; gone afterwards, or with the next import if this one is killed.

    Parameters
    ----------
    tables
        In the schema `SCHEMA`, with a column `n`.
    """
    is_sqlite = engine.dialect.name == "sqlite"
    with _folder(Path(engine.url.database or "").parent if is_sqlite else Path(tempfile.gettempdir())) as folder:
        room = _SqliteScratch(tables, folder) if is_sqlite else _ArrowScratch(tables, folder)
        try:
            yield room
        finally:
            room.close()


@contextmanager
def _folder(where: Path) -> Iterator[Path]:
    for left in where.glob(f"{_FOLDER}*/lock"):
        with left.open("w") as lock:
            if _locked(lock):  # its process is gone
                shutil.rmtree(left.parent, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=_FOLDER, dir=where))
    try:
        with (folder / "lock").open("w") as lock:
            _locked(lock)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _locked(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _as_temporary(table: Table, prefixes: list[str]) -> Table:
    """The same table in no schema of its own."""
    columns = [Column(each.name, each.type, primary_key=each.primary_key, autoincrement=False) for each in table.c]
    return Table(table.name, MetaData(), *columns, prefixes=prefixes)


def _typed(values: pd.Series, kind: Any) -> pa.Array:
    for sql, arrow in ((Boolean, pa.bool_()), (Integer, pa.int64()), (Float, pa.float64())):
        if isinstance(kind, sql):
            return pa.Array.from_pandas(values).cast(arrow)
    return pa.Array.from_pandas(values, type=pa.large_string())
