"""One holder at a time over all processes of an installation, let go of by the system when the holder dies.

An installation on SQLite is one machine, so a lock on a file does. On PostgreSQL several machines may share the store,
so the lock is the server's (an advisory lock, held by a connection of its own).
"""

import fcntl
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from data.settings import Settings
from data.unavailable import PoolUnavailableError, reason

FAMILY = 0x50494E47
"""First half of the server's lock keys, so that they meet nobody else's in the same database."""

ENDLESS = "SET statement_timeout = 0; SET lock_timeout = 0; SET idle_session_timeout = 0"
"""A holder waits for its turn, and then is idle for as long as its work takes."""


class HeldElsewhereError(RuntimeError):
    """Somebody else holds the lock."""


@contextmanager
def only_one(engine: Engine, settings: Settings, name: str, *, wait: bool = True) -> Iterator[None]:
    """Hold the lock of a name; another thread or process that asks for it meanwhile waits, however long it takes.

    Never ask for a name while holding it: the lock can not be entered twice.

    Parameters
    ----------
    wait
        Whether to wait for another holder, or to fail at once.

    Raises
    ------
    HeldElsewhereError
        Somebody else holds it, and `wait` is false.
    PoolUnavailableError
        The server that keeps the lock does not answer, or broke off while it was held: what was done under it may have
        overlapped with somebody else's.
    """
    locked = _by_server(engine, name, wait) if engine.dialect.name == "postgresql" else _by_file(settings, name, wait)
    with locked:
        yield


def server_key(name: str) -> dict[str, int]:
    """Key of PostgreSQL's advisory lock of a name: `family` and `name`, both 32 bits with sign."""
    return {"family": FAMILY, "name": zlib.crc32(name.encode()) - 2**31}


@contextmanager
def _by_file(settings: Settings, name: str, wait: bool) -> Iterator[None]:
    folder = settings.var / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise HeldElsewhereError(name) from error
        yield


@contextmanager
def _by_server(engine: Engine, name: str, wait: bool) -> Iterator[None]:
    key = server_key(name)
    with _told_as_unavailable():
        # Not of the pool: closed at the end whatever happened, so that no lock comes back into the pool with it.
        connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        connection.detach()
    with closing(connection):
        with _told_as_unavailable():
            connection.exec_driver_sql(ENDLESS)
            if wait:
                connection.execute(text("SELECT pg_advisory_lock(:family, :name)"), key)
            elif not connection.execute(text("SELECT pg_try_advisory_lock(:family, :name)"), key).scalar_one():
                raise HeldElsewhereError(name)
        try:
            yield
        finally:
            with _told_as_unavailable():
                connection.execute(text("SELECT pg_advisory_unlock(:family, :name)"), key)


@contextmanager
def _told_as_unavailable() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise PoolUnavailableError(reason(error)) from error
