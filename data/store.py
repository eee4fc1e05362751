"""The record store: opened, its schema made, rows written in bulk."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, Table, create_engine, event, func, insert, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from data.settings import Settings
from data.tables import metadata
from data.unavailable import PoolUnavailableError, reason

__all__ = ["PoolUnavailableError", "add_rows", "next_id", "open_store", "reading", "writing"]


def open_store(settings: Settings) -> Engine:
    """Engine of the record store, its tables made where they are missing.

    SQLite runs in write-ahead mode, so that the dashboard reads while an import writes.

    Raises
    ------
    PoolUnavailableError
        The store can not be opened.
    """
    url = make_url(settings.url)
    if url.get_backend_name() == "sqlite" and url.database:
        _make_folder(Path(url.database).parent)
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    try:
        metadata.create_all(engine)
    except SQLAlchemyError as error:
        raise PoolUnavailableError(reason(error)) from error
    if engine.dialect.name == "sqlite" and url.database:
        os.chmod(url.database, 0o600)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PoolUnavailableError(str(error)) from error


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_sqlite, not by the driver
    connection.execute("PRAGMA busy_timeout=60000")  # before WAL: switching the mode may have to wait too
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")  # an import that is reported done survives a power cut
    connection.execute("PRAGMA cache_size=-65536")
    connection.execute("PRAGMA temp_store=MEMORY")


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Hold a connection to read from.

    Raises
    ------
    PoolUnavailableError
        The store does not answer.
    """
    try:
        with engine.connect() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise PoolUnavailableError(reason(error)) from error


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Hold one transaction that has the write lock from its start, and so never fails half-way for it.

    Raises
    ------
    PoolUnavailableError
        The store does not answer or has no room (disk full); nothing of the transaction was kept.
    """
    try:
        with engine.connect().execution_options(writing=True) as connection, connection.begin():
            yield connection
    except OperationalError as error:
        raise PoolUnavailableError(reason(error)) from error


def next_id(connection: Connection, table: Table) -> int:
    """Smallest unused id above all used ones; stable only inside `writing`."""
    (key,) = table.primary_key.columns
    return int(connection.execute(select(func.coalesce(func.max(key), 0))).scalar_one()) + 1


def add_rows(connection: Connection, table: Table, rows: pd.DataFrame) -> None:
    """Insert a table's rows; missing values become NULL."""
    if rows.empty:
        return
    columns = list(rows.columns)
    values = list(zip(*(_python_values(rows[name]) for name in columns), strict=True))
    statement = insert(table)
    if connection.dialect.positional:
        # Straight to the driver: SQLAlchemy's per-row parameter dictionaries would cost more than the insert.
        text = str(statement.compile(dialect=connection.dialect, column_keys=columns))
        order = [column.name for column in table.columns if column.name in columns]
        values = _reordered(values, [columns.index(name) for name in order])
        connection.exec_driver_sql(text, values)
    else:
        connection.execute(statement, [dict(zip(columns, row, strict=True)) for row in values])


def _reordered(values: list[tuple], positions: Sequence[int]) -> list[tuple]:
    if list(positions) == list(range(len(positions))):
        return values
    return [tuple(row[position] for position in positions) for row in values]


def _python_values(column: pd.Series) -> list[Any]:
    missing = column.isna()
    if not missing.any():
        return list(column.tolist())
    return list(column.astype(object).where(~missing, None).tolist())
