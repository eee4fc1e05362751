"""The vintages of boundaries: their folders, which of them stands, and what became of the others."""

import os
import shutil
from pathlib import Path

import pandas as pd
from sqlalchemy import Engine, func, insert, select, update

from data.locks import only_one
from data.settings import CURRENT, Settings
from data.store import reading, writing
from data.tables import boundary_vintages

KEPT_FOR = 86_400
"""Seconds that a replaced vintage's folder stays at least: processes that opened it may still read it."""


def folder_of(settings: Settings, vintage: int) -> Path:
    """Folder of a vintage."""
    return settings.vintages / f"v{vintage}"


def next_vintage(engine: Engine, settings: Settings) -> int:
    """Number that neither a record nor a folder (of an import that was broken off) has."""
    with reading(engine) as connection:
        recorded = connection.execute(select(func.coalesce(func.max(boundary_vintages.c.id), 0))).scalar_one()
    return max(int(recorded), *_folders(settings), 0) + 1


def _folders(settings: Settings) -> list[int]:
    names = [path.name for path in settings.vintages.glob("v*")] if settings.vintages.is_dir() else []
    return [int(name[1:]) for name in names if name[1:].isdigit()]


def read_vintages(engine: Engine, settings: Settings) -> pd.DataFrame:
    """All vintages, the newest first: columns of `boundary_vintages`, and `stands`, true for one at most."""
    query = select(boundary_vintages).order_by(boundary_vintages.c.id.desc())
    with reading(engine) as connection:
        rows = connection.execute(query).mappings().all()
    table = pd.DataFrame([dict(row) for row in rows], columns=[column.name for column in boundary_vintages.c])
    return table.assign(stands=[folder_of(settings, number) == settings.geography for number in table["id"]])


def stand(settings: Settings, vintage: int) -> None:
    """Make a vintage whose folder is whole the one that stands, in one step."""
    named = settings.vintages / CURRENT
    unfinished = named.with_name(f".{CURRENT}.{os.getpid()}")
    unfinished.write_text(folder_of(settings, vintage).name, "utf-8")
    unfinished.replace(named)


def add_vintage(engine: Engine, values: dict) -> None:
    """Record a vintage whose folder is whole."""
    with writing(engine) as connection:
        connection.execute(insert(boundary_vintages).values(values))


def note_moved(engine: Engine, vintage: int, moved: int) -> None:
    """Record that all incidents were looked at."""
    with writing(engine) as connection:
        which = boundary_vintages.c.id == vintage
        connection.execute(update(boundary_vintages).where(which).values(moved=moved))


def collect(engine: Engine, settings: Settings, *, now: int) -> list[int]:
    """Remove folders of vintages that were replaced at least a day ago, and what broken imports left; return their ids.

    Parameters
    ----------
    now
        UTC seconds.
    """
    with only_one(engine, settings, "boundaries"):
        return _collect(engine, settings, now)


def _collect(engine: Engine, settings: Settings, now: int) -> list[int]:
    table = read_vintages(engine, settings)
    for vintage in set(_folders(settings)) - set(table["id"]):
        if folder_of(settings, vintage) != settings.geography:
            shutil.rmtree(folder_of(settings, vintage), ignore_errors=True)
    if not table["stands"].any():
        return []
    standing = table[table["stands"]].iloc[0]
    replaced_at = table["recorded_at"].shift(1)  # each by the next newer one
    old = (table["id"] < standing["id"]) & ~table["collected"].astype(bool) & (replaced_at <= now - KEPT_FOR)
    gone = [int(number) for number in table.loc[old, "id"]]
    for vintage in gone:
        shutil.rmtree(folder_of(settings, vintage), ignore_errors=True)
        with writing(engine) as connection:
            which = boundary_vintages.c.id == vintage
            connection.execute(update(boundary_vintages).where(which).values(collected=True))
    return gone
