"""Which release's schema a record store has, and how it gets to another one.

The revisions lie in `data/migrations/versions`. All of a step happens in the transaction that the caller holds, on
either store: it is there as a whole or not at all.
"""

import io
from functools import cache
from pathlib import Path
from typing import Any

import alembic.command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text

from data.tables import incidents, metadata

FOLDER = Path(__file__).resolve().parent / "migrations"
FIRST = "0001"
"""The first release's; its stores do not say so themselves."""
VERSION_TABLE = "alembic_version"


class UnknownRevisionError(RuntimeError):
    """The store is of no release that this one knows."""


def _config(connection: Connection | None = None) -> Config:
    config = Config(stdout=io.StringIO(), attributes={"connection": connection})
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def newest_revision() -> str:
    """The revision of this release."""
    return str(_scripts().get_current_head())


def revision_of(connection: Connection) -> str | None:
    """The revision of a store; None where there are no tables yet.

    Raises
    ------
    UnknownRevisionError
        It was made by a newer release, or by no release at all.
    """
    found = inspect(connection)
    if found.has_table(VERSION_TABLE):
        stated = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608 - a constant
        if stated not in {script.revision for script in _scripts().walk_revisions()}:
            raise UnknownRevisionError(f"记录库的版本是 {stated},本程序只认识到 {newest_revision()}。请先升级本程序。")
        return str(stated)
    if not found.has_table(incidents.name):
        return None
    if any(column["name"] == "version" for column in found.get_columns(incidents.name)):
        raise UnknownRevisionError("记录库由未发布的程序版本建立,不能升级。请换一个空的记录库,重新导入。")
    return FIRST


def bring_up_to_date(connection: Connection) -> str | None:
    """Make the tables of a new store, or upgrade an older one; return the revision that it had.

    Parameters
    ----------
    connection
        Inside `data.store.writing`, so that only one process does it.

    Raises
    ------
    UnknownRevisionError
        See `revision_of`.
    """
    before = revision_of(connection)
    if before is None:
        metadata.create_all(connection)
        alembic.command.stamp(_config(connection), "head")
    elif before != newest_revision():
        move_to(connection, newest_revision())
    return before


def move_to(connection: Connection, target: str) -> None:
    """Upgrade or downgrade a store and what it holds to a revision.

    Parameters
    ----------
    connection
        Inside `data.store.writing`.

    Raises
    ------
    ValueError
        There is no such revision.
    UnknownRevisionError
        See `revision_of`.
    """
    known = [script.revision for script in _scripts().walk_revisions()]  # newest first
    if target not in known:
        raise ValueError(f"expected a revision of {', '.join(reversed(known))}, found {target!r}")
    before = revision_of(connection)
    if before is not None and not inspect(connection).has_table(VERSION_TABLE):
        alembic.command.stamp(_config(connection), before)
    is_later = before is None or known.index(target) < known.index(before)
    step = alembic.command.upgrade if is_later else alembic.command.downgrade
    step(_config(connection), target)


def drop_tables(connection: Connection) -> None:
    """Drop all tables of the store and what they hold."""
    metadata.drop_all(connection)
    connection.execute(text(f"DROP TABLE IF EXISTS {VERSION_TABLE}"))


def differences(connection: Connection) -> list[Any]:
    """What the tables in the store have otherwise than `data.tables` says; empty where they are the same."""
    options = {"compare_type": True, "compare_server_default": True}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def write_revision(message: str) -> Path | None:
    """Write the revision that brings stores of the newest one to what `data.tables` says now.

    Returns
    -------
    The file, to be read over before it is used: what becomes of the rows is nothing that could be derived. None where
    nothing changed.
    """
    number = f"{int(newest_revision()) + 1:04d}"
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        move_to(connection, newest_revision())
        if not differences(connection):
            return None
        config = _config(connection)
        script = alembic.command.revision(config, message=message, autogenerate=True, rev_id=number)
    engine.dispose()
    return Path(script.path)  # type: ignore[union-attr]
