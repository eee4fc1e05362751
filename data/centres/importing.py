"""A list of centres taken in: every row added, updated, unchanged or rejected, all of it in one transaction."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, delete, insert, select, update

from data.batch_import import file_hash
from data.bulk import add_rows
from data.centres.columns import list_profile
from data.centres.parsing import CentreRules, parse_centres
from data.readers.files import open_feed_file
from data.store import next_id, writing
from data.tables import centre_imports, centre_rooms, centres

STORED = (
    "code", "name", "level", "place", "longitude", "latitude", "site_class",
    "posts", "cadres", "mediators", "rotating", "daily_visitors", "withdrawn",
)  # fmt: skip
"""Columns that a file fills; `rooms` stands in a table of its own."""


@dataclass(frozen=True)
class _Centre:
    """One centre as told: the values of `STORED`, its rooms as sorted pairs of kind and number, whether made up."""

    values: tuple[Any, ...]
    rooms: tuple[tuple[str, int], ...]
    simulated: bool

    @property
    def code(self) -> str:
        return str(self.values[0])


@dataclass
class CentreImport:
    """What came of a file; `rows_read` is always added + updated + unchanged + rejected."""

    rows_read: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["line", "column", "reason"]))
    dropped_columns: tuple[str, ...] = ()
    """Columns of the file that may not enter."""


def import_centres(
    engine: Engine, file: Path, rules: CentreRules, *, at: pd.Timestamp, simulated: bool = False
) -> CentreImport:
    """Take in a list of centres (CSV or XLSX); of two rows with one code the later holds.

    Parameters
    ----------
    at
        Moment of the import, with time zone.
    simulated
        Whether the centres are made up.

    Raises
    ------
    data.readers.errors.BadFileError
        The file as a whole can not be read; nothing was stored.
    """
    opened = open_feed_file(file, profile=list_profile(rules.settings, rules.datum))
    done = CentreImport(dropped_columns=opened.dropped)
    told: list[_Centre] = []
    for chunk in opened.chunks():
        rows, refused = parse_centres(chunk.rows, rules)
        broken = pd.DataFrame(chunk.broken, columns=["line", "column", "reason"])
        done.rejected = pd.concat([part for part in (done.rejected, refused, broken) if len(part)] or [done.rejected])
        told += _centres_of(rows, simulated=simulated)
    done.rejected = done.rejected.sort_values("line", kind="stable").reset_index(drop=True)
    done.rows_read = len(told) + len(done.rejected)
    with writing(engine) as connection:
        _store(connection, told, done, at=int(at.timestamp()))
        _record(connection, file, done, simulated=simulated, at=int(at.timestamp()))
    return done


def _centres_of(rows: pd.DataFrame, *, simulated: bool) -> list[_Centre]:
    columns = [rows[name].astype(object).where(rows[name].notna(), None).tolist() for name in STORED]
    rooms = [tuple(sorted(each.items())) for each in rows["rooms"]]
    return [_Centre(values, rooms[at], simulated) for at, values in enumerate(zip(*columns, strict=True))]


def _store(connection: Connection, told: list[_Centre], done: CentreImport, *, at: int) -> None:
    ids, held = _known(connection)
    known, fresh = set(ids.values()), next_id(connection, centres)
    changed: dict[int, _Centre] = {}
    for centre in told:
        if held.get(centre.code) == centre:
            done.unchanged += 1
            continue
        if centre.code in ids:
            done.updated += 1
        else:
            ids[centre.code], fresh, done.added = fresh, fresh + 1, done.added + 1
        held[centre.code] = changed[ids[centre.code]] = centre
    _write(connection, changed, known, at)


def _known(connection: Connection) -> tuple[dict[str, int], dict[str, _Centre]]:
    """Id of every centre by its code, and what is held of it."""
    rooms: dict[int, list[tuple[str, int]]] = {}
    for number, kind, count in connection.execute(select(centre_rooms)):
        rooms.setdefault(number, []).append((kind, count))
    ids, held = {}, {}
    query = select(centres.c.id, centres.c.simulated, *(centres.c[name] for name in STORED))
    for number, simulated, *values in connection.execute(query):
        centre = _Centre(tuple(values), tuple(sorted(rooms.get(number, []))), simulated)
        ids[centre.code], held[centre.code] = number, centre
    return ids, held


def _write(connection: Connection, changed: dict[int, _Centre], known: set[int], at: int) -> None:
    """Write centres by id; those whose ids are not known yet are new."""
    rows = {
        number: dict(zip(STORED, centre.values, strict=True)) | {"simulated": centre.simulated, "recorded_at": at}
        for number, centre in changed.items()
    }
    for number in changed.keys() & known:
        connection.execute(update(centres).where(centres.c.id == number).values(**rows[number]))
        connection.execute(delete(centre_rooms).where(centre_rooms.c.centre_id == number))
    add_rows(connection, centres, pd.DataFrame([{"id": n, **row} for n, row in rows.items() if n not in known]))
    rooms = [
        {"centre_id": number, "kind": kind, "rooms": count}
        for number, centre in changed.items()
        for kind, count in centre.rooms
    ]
    add_rows(connection, centre_rooms, pd.DataFrame(rooms))


def _record(connection: Connection, file: Path, done: CentreImport, *, simulated: bool, at: int) -> None:
    said = {
        "id": next_id(connection, centre_imports),
        "file_name": file.name[-255:],
        "file_hash": file_hash(file),
        "simulated": simulated,
        "rows_read": done.rows_read,
        "added": done.added,
        "updated": done.updated,
        "unchanged": done.unchanged,
        "rejected": len(done.rejected),
        "dropped_columns": json.dumps(done.dropped_columns, ensure_ascii=False),
        "recorded_at": at,
    }
    connection.execute(insert(centre_imports).values(**said))
