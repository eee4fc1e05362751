"""What is missing: centres, rooms, rooms within reach, coordinates; each row one thing to do."""

import pandas as pd

from data.centres.loads import Loads
from data.centres.settings import CentreSettings
from data.disclosure import FINEST_OPEN_LEVEL
from geo.divisions import PREFIX_LENGTH

NO_CENTRE, NO_ROOM, FAR, LACKING, NO_POINT = "no_centre", "no_room", "far", "lacking", "no_point"
COLUMNS = ("gap", "division", "dispute_type", "rooms", "centre", "number")


def list_gaps(
    standings: pd.DataFrame, loads: Loads, hotspots: pd.DataFrame, divisions: pd.DataFrame, kinds: CentreSettings
) -> pd.DataFrame:
    """All gaps, those that weigh most first.

    Parameters
    ----------
    standings
        As from `data.centres.standing.standing`.
    hotspots
        As from `data.centres.distances.with_distances`, with `home` (code of the division it lies in).
    divisions
        `code` and `level` of the divisions looked at where people are counted.

    Returns
    -------
    `COLUMNS`: `gap` one of the five kinds; `division` its code; `dispute_type` ("" where none is meant); `rooms` kinds
    that are lacking, a tuple; `centre` name of the centre meant ("" where none is); `number`: incidents of the type in
    the year, or km (inf where there is no such room at all), NaN elsewhere.
    """
    parts = [
        _no_centre(standings, divisions, kinds),
        _no_room(standings, loads, divisions, kinds),
        _far(hotspots, kinds),
        _lacking(standings),
        _no_point(standings),
    ]
    rows = [row for part in parts for row in part]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"number": "float64"})


def _no_centre(standings: pd.DataFrame, divisions: pd.DataFrame, kinds: CentreSettings) -> list[tuple]:
    served = set(standings["division"])
    wanted = divisions[divisions["level"].isin(kinds.levels)].sort_values(["level", "code"])
    return [(NO_CENTRE, code, "", (), "", float("nan")) for code in wanted["code"] if code not in served]


def _no_room(standings: pd.DataFrame, loads: Loads, divisions: pd.DataFrame, kinds: CentreSettings) -> list[tuple]:
    """Counties with many disputes of a type where no centre has the room for it."""
    counties = divisions.loc[divisions["level"] == FINEST_OPEN_LEVEL, "code"]
    having: dict[str, set[str]] = {}
    for code, rooms in zip(standings["division"], standings["rooms"], strict=True):
        having.setdefault(code[: PREFIX_LENGTH[FINEST_OPEN_LEVEL]], set()).update(rooms)
    counts = loads.types[loads.types.index.isin(counties)].rename_axis(columns=None).reset_index()
    many = counts.melt("code", var_name="kind", value_name="number").query("number >= @kinds.many_disputes")
    many = many.sort_values(["number", "code"], ascending=[False, True])
    return [
        (NO_ROOM, county, kind, (kinds.room_of_type[kind],), "", float(number))
        for county, kind, number in zip(many["code"], many["kind"], many["number"], strict=True)
        if kinds.room_of_type[kind] not in having.get(county, set())
    ]


def _far(hotspots: pd.DataFrame, kinds: CentreSettings) -> list[tuple]:
    """Hotspots out of reach; of a division and a type only the farthest."""
    far = hotspots[hotspots["km"] > kinds.farthest_km].sort_values("km", ascending=False, kind="stable")
    far = far.drop_duplicates(["home", "dispute_type"])
    columns = ("home", "dispute_type", "room", "centre_name", "km")
    return [
        (FAR, home, kind, (room,), centre, float(km))
        for home, kind, room, centre, km in zip(*(far[name] for name in columns), strict=True)
    ]


def _lacking(standings: pd.DataFrame) -> list[tuple]:
    rows = standings[standings["missing"].map(len) > 0]
    return [
        (LACKING, division, "", missing, name, float("nan"))
        for division, missing, name in zip(rows["division"], rows["missing"], rows["name"], strict=True)
    ]


def _no_point(standings: pd.DataFrame) -> list[tuple]:
    rows = standings[standings["longitude"].isna()]
    return [
        (NO_POINT, division, "", (), name, float("nan"))
        for division, name in zip(rows["division"], rows["name"], strict=True)
    ]
