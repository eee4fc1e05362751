"""The record store: opened, read from in one snapshot, written to by one writer at a time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, Table, func, select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from data.bulk import add_rows
from data.engines import make_engine
from data.locks import server_key
from data.settings import Settings
from data.tables import metadata
from data.unavailable import PoolUnavailableError, reason

__all__ = ["PoolUnavailableError", "add_rows", "next_id", "open_store", "reading", "writing"]

SNAPSHOT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
"""All statements of a reader see one state; SQLite's transactions do so anyway."""

NOTHING_KEPT = "这次写入没有完成,记录库里没有留下其中任何内容,可以重试。原因:"
PERHAPS_KEPT = "提交时与记录库的连接中断,不能确定这次写入是否已经保存;请重试,已保存的内容不会重复计数。原因:"

_STATES = ("42501", "42P01", "42703")
"""PostgreSQL's names for: not allowed, no such table, no such column."""


def open_store(settings: Settings) -> Engine:
    """Engine of the record store, its tables made where they are missing.

    SQLite runs in write-ahead mode, so that the dashboard reads while an import writes.

    Raises
    ------
    PoolUnavailableError
        The store can not be opened.
    """
    engine = make_engine(settings)
    try:
        metadata.create_all(engine)
    except SQLAlchemyError as error:
        raise PoolUnavailableError(reason(error)) from error
    if engine.dialect.name == "sqlite" and engine.url.database:
        os.chmod(engine.url.database, 0o600)
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Hold a connection to read from; all that is read within is of one moment.

    Raises
    ------
    PoolUnavailableError
        The store does not answer.
    """
    options = SNAPSHOT if engine.dialect.name == "postgresql" else {}
    try:
        with engine.connect().execution_options(**options) as connection:
            yield connection
    except SQLAlchemyError as error:
        raise PoolUnavailableError(reason(error)) from error


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Hold one transaction that has the write lock from its start, and so never fails half-way for it.

    There is one writer at a time on either store, so what a later one adds (ids, positions in the log) is seen later.

    Raises
    ------
    PoolUnavailableError
        The store does not answer, broke off or has no room (disk full). Nothing of the transaction was kept, unless
        the message says that the commit itself broke off.
    """
    message = NOTHING_KEPT
    try:
        with engine.connect().execution_options(writing=True) as connection, connection.begin() as transaction:
            if engine.dialect.name == "postgresql":
                # Read committed, as it is by default: what is read after the wait must be what the last writer left.
                connection.execute(text("SELECT pg_advisory_xact_lock(:family, :name)"), server_key("writing"))
            yield connection
            message = PERHAPS_KEPT
            transaction.commit()
    except SQLAlchemyError as error:
        if not _is_of_the_store(engine, error):
            raise
        if not _is_broken_off(error):
            message = NOTHING_KEPT
        raise PoolUnavailableError(message + reason(error)) from error


def _is_of_the_store(engine: Engine, error: SQLAlchemyError) -> bool:
    """Whether the store failed, and not the one who asked it."""
    if not isinstance(error, DBAPIError):
        return False
    dbapi = engine.dialect.loaded_dbapi
    failed = isinstance(error.orig, dbapi.OperationalError | dbapi.InternalError)
    return failed or error.connection_invalidated or getattr(error.orig, "sqlstate", "") in _STATES


def _is_broken_off(error: SQLAlchemyError) -> bool:
    return isinstance(error, DBAPIError) and error.connection_invalidated


def next_id(connection: Connection, table: Table) -> int:
    """Smallest unused id above all used ones; stable only inside `writing`."""
    (key,) = table.primary_key.columns
    return int(connection.execute(select(func.coalesce(func.max(key), 0))).scalar_one()) + 1
