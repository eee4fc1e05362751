"""The door through which centres leave: a reader's own divisions only."""

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Engine, select

from data.assessments.reading import is_inside
from data.filter import OutOfScopeError
from data.store import reading
from data.tables import centre_imports, centre_rooms, centres
from geo.divisions import code_of

NUMBERS = ("posts", "cadres", "mediators", "rotating", "daily_visitors")
COLUMNS = (
    "code", "name", "level", "division", "longitude", "latitude", "site_class", *NUMBERS, "rooms", "simulated",
)  # fmt: skip


@dataclass(frozen=True)
class CentreFilter:
    """Which centres are meant: those that serve `division` (the scope unless given) or what lies in it."""

    scope: str
    division: str = ""

    def __post_init__(self) -> None:
        """Fill in the division; refuse one outside the scope."""
        if not self.scope:
            raise ValueError("expected a scope (division code of the reader), found an empty one")
        if not self.division:
            object.__setattr__(self, "division", self.scope)
        if not self.division.startswith(self.scope):
            raise OutOfScopeError(f"division {self.division} lies outside {self.scope}")


@dataclass(frozen=True)
class NewestImport:
    """When the list was last taken in (UTC seconds), from which file, and whether its centres are made up."""

    id: int
    file_name: str
    simulated: bool
    recorded_at: int


def list_centres(engine: Engine, asked: CentreFilter) -> pd.DataFrame:
    """Centres at work, by level, then by the code of their division.

    Returns
    -------
    `COLUMNS`: `division` is the code of the division served; numbers Int64, NA where nothing was said; `longitude`,
    `latitude` WGS 84 degrees, NaN where unknown; `rooms` a dict of numbers by kind of room.

    Raises
    ------
    PoolUnavailableError
        The store does not answer.
    """
    query = select(centres).where(is_inside(centres.c.place, asked.division), ~centres.c.withdrawn)
    with reading(engine) as connection:
        result = connection.execute(query)
        rows = pd.DataFrame(result.all(), columns=list(result.keys()))
        rooms = connection.execute(select(centre_rooms)).all()
    # A county and its city may be one place of 15 digits; the level says which is meant.
    by_centre: dict[int, dict[str, int]] = {}
    for centre, kind, number in rooms:
        by_centre.setdefault(centre, {})[kind] = number
    rows["rooms"] = pd.Series([by_centre.get(number, {}) for number in rows["id"]], index=rows.index, dtype="object")
    codes = [code_of(place, level) for place, level in zip(rows["place"], rows["level"], strict=True)]
    rows["division"] = pd.Series(codes, index=rows.index, dtype="str")
    rows = rows.astype(dict.fromkeys(NUMBERS, "Int64") | {"longitude": "float64", "latitude": "float64"})
    inside = rows["division"].str.startswith(asked.division)
    return rows[inside].sort_values(["level", "division", "code"])[list(COLUMNS)].reset_index(drop=True)


def newest_import(engine: Engine) -> NewestImport | None:
    """The import that came last, None before the first; caches of the list are keyed on it."""
    columns = [centre_imports.c[name] for name in ("id", "file_name", "simulated", "recorded_at")]
    query = select(*columns).order_by(centre_imports.c.id.desc()).limit(1)
    with reading(engine) as connection:
        found = connection.execute(query).first()
    return None if found is None else NewestImport(*found)
