"""What came in last, for the live map: type and place only, and no place finer than what its counts already say.

An incident by itself is a count of one. Counts are shown as they are down to the county, so an arrival is told with its
county. A finer place is only told where that place's shown count includes the arrival, and never for types with a limit
of their own: there the growing count says as much.
"""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from sqlalchemy import Engine, select

from data.disclosure import FINEST_OPEN_LEVEL, SMALLEST_SHOWN
from data.filter import IncidentFilter, day_number
from data.store import reading
from data.tables import changes, published
from geo.divisions import PREFIX_LENGTH, code_of, level_of, place_range
from geo.hexagons import parent, text
from risk.incident import DISPUTE_TYPES

LOOKED_AT = 1000
"""Changes of the log that are looked through for arrivals, newest first."""
SENSITIVE = frozenset(code for code, kind in DISPUTE_TYPES.items() if kind.suppress_below > SMALLEST_SHOWN)
_COLUMNS = ("position", "incident_id", "weight", "source", "dispute_type", "channel", "status", "place", "cell")


@dataclass(frozen=True)
class Log:
    """The newest part of the log: `position` up to which it is published, and a row for each incident that is new.

    `day` of a row is its local day of occurrence, counted as `day_number` does.
    """

    position: int
    rows: pd.DataFrame


def read_newest(engine: Engine, zone: ZoneInfo) -> Log:
    """Incidents that the last published changes brought, newest first; corrections of older ones are none.

    Raises
    ------
    PoolUnavailableError
        The store does not answer.
    """
    named = [changes.c[name] for name in (*_COLUMNS, "occurred_at", "accepted_at", "duplicate")]
    with reading(engine) as connection:
        upto = connection.execute(select(published.c.position)).scalar() or 0
        newest = (
            select(*named)
            .where(changes.c.position <= upto, changes.c.position > upto - LOOKED_AT)
            .order_by(changes.c.position.desc())
        )
        rows = pd.DataFrame(connection.execute(newest).all(), columns=[column.name for column in named])
    corrected = set(rows.loc[rows["weight"] < 0, "incident_id"])
    new = rows[~rows["incident_id"].isin(corrected)].reset_index(drop=True)
    return Log(int(upto), new.assign(day=_local_days(new["occurred_at"], zone)))


def _local_days(moments: pd.Series, zone: ZoneInfo) -> np.ndarray:
    local = pd.DatetimeIndex(pd.to_datetime(moments.astype("int64"), unit="s", utc=True)).tz_convert(zone)
    return local.tz_localize(None).to_numpy("datetime64[D]").astype(np.int64)


def arrivals(log: Log, asked: IncidentFilter, *, most: int) -> pd.DataFrame:
    """The newest arrivals of a filter, told with their county; below the county, those of the county around it.

    Returns
    -------
    Newest first, at most `most`: `position` (in the log), `accepted_at` (UTC seconds), `dispute_type`, `division` (code
    of the county, or of what is known above it). None for a reader whose own division lies below the county: everything
    would be from there.
    """
    county = asked.division[: PREFIX_LENGTH[FINEST_OPEN_LEVEL]]
    rows = _matching(log, asked, county).head(most if county.startswith(asked.scope) else 0)
    codes = [_told(int(place)) for place in rows["place"]]
    return rows[["position", "accepted_at", "dispute_type"]].assign(division=codes)


def arrived_at(log: Log, asked: IncidentFilter, *, after: int, shown: frozenset[str], resolution: int = 0) -> list[str]:
    """Places of what came in after a position of the log, each once: codes of divisions, or of hexagons.

    Parameters
    ----------
    shown
        Children of the division, or hexagons, whose count is shown to this reader.
    resolution
        Of the hexagons on screen; 0 where divisions are.
    """
    rows = _matching(log, asked, asked.division)
    rows = rows[rows["position"] > after]
    level = level_of(asked.division) + 1
    below = level > FINEST_OPEN_LEVEL
    cells = text(parent(rows["cell"].to_numpy(np.int64), resolution=resolution)) if resolution else [""] * len(rows)
    found: dict[str, None] = {}
    for place, cell, kind in zip(rows["place"], cells, rows["dispute_type"], strict=True):
        fine = cell if resolution else code_of(int(place), level) if below else ""
        if fine and fine in shown and kind not in SENSITIVE:
            found[fine] = None
        elif level <= FINEST_OPEN_LEVEL + 1:
            found[_told(int(place))] = None
    return list(found)


def _told(place: int) -> str:
    """Code of the county of a place; of what it lies in where no county is known."""
    digits = f"{place:015d}"
    known = [level for level in (1, 2, 3) if int(digits[PREFIX_LENGTH.get(level - 1, 0) : PREFIX_LENGTH[level]])]
    return digits[: PREFIX_LENGTH[max(known, default=1)]]


def _matching(log: Log, asked: IncidentFilter, division: str) -> pd.DataFrame:
    rows = log.rows
    first, after = place_range(division)
    day = rows["day"]
    keep = (rows["place"] >= first) & (rows["place"] < after)
    keep &= (day >= day_number(asked.period.start)) & (day < day_number(asked.period.end))
    if asked.counting == "incidents":
        keep &= ~rows["duplicate"].astype(bool)
    for name, values in (
        ("dispute_type", asked.dispute_types),
        ("source", asked.sources),
        ("channel", asked.channels),
        ("status", asked.statuses),
    ):
        if values:
            keep &= rows[name].isin(values)
    return rows[keep]
