"""Rows of the record store as Arrow tables, without SQLAlchemy's objects for every row.

ADBC hands out SQLite's rows several times as fast as Python's own driver, but brings a second copy of SQLite: two
copies in one process do not see each other's locks, and closing one deletes the write-ahead log under the other
(sqlite.org/howtocorrupt.html, 2.2.1). So ADBC is only used by a process that opens the store in no other way.
"""

import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import csv
from sqlalchemy import Connection, Engine, Select
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import SQLAlchemyError

from data.unavailable import PoolUnavailableError, reason

Read = Callable[[Select, pa.Schema], pa.Table]
"""Runs a query and returns its rows as columns of the schema; made for a million rows or so at a time."""

MOST_ROWS = 1_000_000
"""Rows a query may give: ADBC tells the types of columns from the rows of one batch."""

_FETCHED = 50_000


@contextmanager
def arrow_reading(engine: Engine) -> Iterator[Read]:
    """Hold one snapshot of the store to read from: every query sees the same state.

    Raises
    ------
    PoolUnavailableError
        The store does not answer.
    """
    try:
        if engine.dialect.name == "sqlite":
            with engine.connect() as connection:
                yield lambda query, schema: _from_sqlite(connection, query, schema)
        else:
            with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
                yield lambda query, schema: _from_server(connection, query, schema)
    except (SQLAlchemyError, engine.dialect.loaded_dbapi.Error) as error:  # rows are taken from the driver itself
        raise PoolUnavailableError(reason(error)) from error


@contextmanager
def lone_reading(file: Path) -> Iterator[Read]:
    """As `arrow_reading`, of a SQLite file, by a process that has it open in no other way."""
    from adbc_driver_sqlite import dbapi

    try:
        with closing(dbapi.connect(str(file))) as connection, connection:
            yield lambda query, schema: _from_adbc(connection, query, schema)
    except dbapi.Error as error:
        raise PoolUnavailableError(str(error)) from error


def rows_of(connection: Connection, query: Select, schema: pa.Schema) -> pa.Table:
    """Rows of a query in a transaction that is open already, as columns of the schema."""
    read = _from_sqlite if connection.dialect.name == "sqlite" else _from_server
    return read(connection, query, schema)


def _text(query: Select, dialect: Any) -> str:
    return str(query.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


def _from_sqlite(connection: Connection, query: Select, schema: pa.Schema) -> pa.Table:
    found = connection.exec_driver_sql(_text(query, connection.dialect))
    cursor: Any = found.cursor
    parts = [schema.empty_table()]
    while rows := cursor.fetchmany(_FETCHED):
        columns = zip(*rows, strict=True)
        parts.append(
            pa.table([_column(list(values), each.type) for values, each in zip(columns, schema, strict=True)], schema)
        )
    found.close()
    return pa.concat_tables(parts).unify_dictionaries()


def _column(values: list, kind: pa.DataType) -> pa.Array:
    if pa.types.is_dictionary(kind):
        return pa.array(values, pa.string()).dictionary_encode().cast(kind)
    if pa.types.is_boolean(kind):
        return pa.array(values, pa.int8()).cast(kind)
    return pa.array(values, kind)


def _from_adbc(connection: Any, query: Select, schema: pa.Schema) -> pa.Table:
    with connection.cursor() as cursor:
        cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": str(MOST_ROWS)})
        cursor.execute(_text(query, sqlite.dialect()))
        return _typed(cursor.fetch_arrow_table(), schema)


def _typed(found: pa.Table, schema: pa.Schema) -> pa.Table:
    columns = []
    for column, each in zip(found.columns, schema, strict=True):
        if pa.types.is_dictionary(each.type):
            # A column without any text comes as numbers that are all missing.
            columns.append(column.cast(each.type.value_type).dictionary_encode().cast(each.type))
        else:
            columns.append(column.cast(each.type))
    return pa.table(columns, schema=schema)


def _from_server(connection: Connection, query: Select, schema: pa.Schema) -> pa.Table:
    driver: Any = connection.connection.driver_connection
    copy = f"COPY ({_text(query, connection.dialect)}) TO STDOUT (FORMAT csv)"
    plain = {each.name: _plain(each.type) for each in schema}
    with tempfile.SpooledTemporaryFile(max_size=1 << 28) as rows:
        with driver.cursor() as cursor, cursor.copy(copy) as stream:
            for piece in stream:
                rows.write(piece)
        if not rows.tell():
            return schema.empty_table()
        rows.seek(0)
        found = csv.read_csv(
            io.BufferedReader(rows),
            read_options=csv.ReadOptions(column_names=list(plain)),
            convert_options=csv.ConvertOptions(
                column_types=plain,
                true_values=["t"],
                false_values=["f"],
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )
    return _typed(found, schema)


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind
