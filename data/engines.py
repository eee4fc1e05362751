"""How each kind of record store is connected to: SQLite for one machine, PostgreSQL for several users."""

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from data.settings import Settings
from data.unavailable import PoolUnavailableError

PATIENCE = 120
"""Seconds that a writer waits for its turn, on both stores: somebody's large file may be coming in."""
LONGEST_STATEMENT = 900
"""Seconds after which PostgreSQL breaks a statement off: nothing that people wait for takes as long."""
LONGEST_PAUSE = 600
"""Seconds within a transaction without a statement after which PostgreSQL takes the client for dead."""

EXPECTED_URL = (
    "DATABASE_URL 读不懂。应写成 postgresql://用户:密码@主机:5432/数据库,"
    "其中密码里的 @ : / % # 要写成 %40 %3A %2F %25 %23;或者留空,使用本机的 SQLite。"
)

_KEEPALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 60_000}


def make_engine(settings: Settings) -> Engine:
    """Engine of the record store that the settings name; nothing is connected to yet.

    Raises
    ------
    PoolUnavailableError
        The URL is none of a store; it is not repeated, because it may hold a password.
    """
    url = _url(settings)
    # Rows never stand in messages: an error would carry them into a log.
    if url.get_backend_name() == "sqlite":
        _make_folder(url)
        engine = create_engine(url, hide_parameters=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=_postgresql_arguments(url))


def _url(settings: Settings) -> URL:
    try:
        url = make_url(settings.url.replace("postgres://", "postgresql://", 1))
    except (ArgumentError, ValueError):
        raise PoolUnavailableError(EXPECTED_URL) from None
    backend = url.get_backend_name()
    # An @ that was meant for the password makes the rest of the password a host, and messages name hosts.
    if backend not in ("sqlite", "postgresql") or "@" in (url.host or ""):
        raise PoolUnavailableError(EXPECTED_URL)
    return url.set(drivername="postgresql+psycopg") if backend == "postgresql" else url


def _postgresql_arguments(url: URL) -> dict[str, Any]:
    limits = {
        "lock_timeout": PATIENCE,
        "statement_timeout": LONGEST_STATEMENT,
        "idle_in_transaction_session_timeout": LONGEST_PAUSE,
    }
    options = [f"-c {name}={seconds}s" for name, seconds in limits.items()]
    given = url.query.get("options", "")
    options.append(given if isinstance(given, str) else " ".join(given))
    arguments = {"connect_timeout": 10, "application_name": "pingan", **_KEEPALIVE}
    return {name: value for name, value in arguments.items() if name not in url.query} | {"options": " ".join(options)}


def _make_folder(url: URL) -> None:
    if url.database:
        try:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise PoolUnavailableError(str(error)) from error


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_sqlite, not by the driver
    connection.execute(f"PRAGMA busy_timeout={PATIENCE}000")  # before WAL: switching the mode may have to wait too
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")  # an import that is reported done survives a power cut
    connection.execute("PRAGMA cache_size=-65536")
    connection.execute("PRAGMA temp_store=MEMORY")


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
