"""The record store: opened, read from in one snapshot, written to by one writer at a time."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, Table, func, select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from data.bulk import add_rows
from data.engines import make_engine
from data.locks import server_key
from data.revisions import UnknownRevisionError, bring_up_to_date, newest_revision, revision_of
from data.settings import Settings
from data.unavailable import NOT_ALLOWED, PoolUnavailableError, reason

__all__ = ["PoolUnavailableError", "add_rows", "next_id", "open_store", "reading", "writing"]

_log = logging.getLogger(__name__)

SNAPSHOT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
"""All statements of a reader see one state; SQLite's transactions do so anyway."""

NOTHING_KEPT = "这次写入没有完成,记录库里没有留下其中任何内容,可以重试。原因:"
NOT_UPGRADED = "记录库的表还没有建立,或属于较早的版本;请用数据库属主的账号运行一次 manage.py store upgrade。"
PERHAPS_KEPT = "提交时与记录库的连接中断,不能确定这次写入是否已经保存;请重试,已保存的内容不会重复计数。原因:"

_STATES = (NOT_ALLOWED, "42P01", "42703")
"""PostgreSQL's names for: not allowed, no such table, no such column."""


def open_store(settings: Settings) -> Engine:
    """Engine of the record store; a new one gets its tables, one of an earlier release is upgraded and published anew.

    SQLite runs in write-ahead mode, so that the dashboard reads while an import writes.

    Raises
    ------
    PoolUnavailableError
        The store can not be opened, or it is of a newer release.
    """
    engine = make_engine(settings)
    try:
        before = _brought_up_to_date(engine)
    except Exception as error:
        engine.dispose()
        if isinstance(error, UnknownRevisionError):
            raise PoolUnavailableError(str(error)) from error
        raise
    if engine.dialect.name == "sqlite" and engine.url.database:
        os.chmod(engine.url.database, 0o600)
    if before is not None:
        _log.warning("记录库已从版本 %s 升级到 %s,正在重新发布。", before, newest_revision())
        _publish(engine, settings)
    return engine


def _brought_up_to_date(engine: Engine) -> str | None:
    """Revision that an older store had; None where nothing or everything was to be made."""
    with reading(engine) as connection:
        if revision_of(connection) == newest_revision():
            return None
    try:
        with writing(engine) as connection:
            before = bring_up_to_date(connection)
    except PoolUnavailableError as error:
        raise PoolUnavailableError(f"{NOT_UPGRADED}{error}") from error
    return None if before == newest_revision() else before


def _publish(engine: Engine, settings: Settings) -> None:
    from data.segments import publish  # segments are written by way of the store

    publish(engine, settings)


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
