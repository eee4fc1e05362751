"""Made-up governance centres near the published totals: one in each division from the province to the township."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.centres import columns
from data.centres.settings import CentreSettings
from data.simulation.places import NO_POLYGON_CENTRES
from geo.divisions import PREFIX_LENGTH

TOTALS = {"posts": 4720, "cadres": 4988, "mediators": 8600, "rotating": 10000}
"""Published for Gansu: approved posts (编制), cadres, mediators and staff who stay, and those who come by turns."""
_SIZE = {
    "posts": {1: 40.0, 2: 18.0, 3: 11.0, 4: 2.3},
    "cadres": {1: 42.0, 2: 20.0, 3: 12.0, 4: 2.4},
    "mediators": {1: 30.0, 2: 24.0, 3: 18.0, 4: 4.6},
    "rotating": {1: 40.0, 2: 40.0, 3: 30.0, 4: 4.8},
}
"""How a centre of each level is staffed, before it is scaled to the totals."""
_LEAST = {"posts": 1, "cadres": 1, "mediators": 1, "rotating": 0}
_VISITORS = {1: 60.0, 2: 70.0, 3: 28.0, 4: 4.0}
_SPREAD = 0.35
_EXTRA = {
    3: {"family": 0.6, "traffic": 0.55, "medical": 0.4, "commercial": 0.5, "legal": 0.3, "analysis": 0.5},
    4: {"land": 0.3, "family": 0.12, "gold": 0.1},
}
_MISSING = 0.06
_DEGREES_OFF = 0.004
"""Degrees that the centre of a county, city or province stands off that of its seat."""


def write_centres(
    file: Path, *, divisions: pd.DataFrame, townships: gpd.GeoDataFrame, settings: CentreSettings, seed: int
) -> int:
    """Write the list as an office would, as CSV; return the number of centres.

    Parameters
    ----------
    divisions
        As from `geo.divisions.read_divisions`.
    townships
        `code`, `weight` and `geometry` of the drawn townships.
    """
    rng = np.random.default_rng([seed, 6])
    table = _divisions(divisions, townships, rng)
    numbers = {name: _apportion(_weights(table, name, rng), total, _LEAST[name]) for name, total in TOTALS.items()}
    visitors = _visitors(table, rng)
    people = table["people"].to_numpy(float)
    classes = [settings.class_of(each, np.nan, float(came)) for each, came in zip(people, visitors, strict=True)]
    rows = pd.DataFrame(
        {
            columns.CODE: "ZZ" + table["code"],
            columns.NAME: table["name"] + "综治中心",
            columns.LEVEL: table["level"].map({1: "省", 2: "市州", 3: "县区", 4: "乡镇街道"}),
            columns.DIVISION: table["code"],
            columns.LONGITUDE: table["longitude"].map("{:.6f}".format),
            columns.LATITUDE: table["latitude"].map("{:.6f}".format),
            columns.SITE_CLASS: [site.name for site in classes],
            **{columns.NUMBERS[name]: number for name, number in numbers.items()},
            columns.NUMBERS["daily_visitors"]: visitors,
        }
    )
    rooms = [_rooms(site.rooms, int(level), rng) for site, level in zip(classes, table["level"], strict=True)]
    for room in settings.rooms.values():
        rows[room.name] = [int(room.code in each) for each in rooms]
    file.parent.mkdir(parents=True, exist_ok=True)
    rows.to_csv(file, index=False)
    return len(rows)


def _divisions(divisions: pd.DataFrame, townships: gpd.GeoDataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Divisions that have a centre: `code`, `name`, `level`, `people`, and where it stands."""
    wanted = divisions[(divisions["level"] <= 4) & divisions["counted"]].reset_index(drop=True)
    points = shapely.get_coordinates(shapely.point_on_surface(townships.geometry.to_numpy()))
    drawn = townships.assign(longitude=points[:, 0], latitude=points[:, 1])
    at = _seats(wanted, drawn) | _points(drawn.set_index("code"))
    people = dict(zip(townships["code"], townships["weight"] * float(wanted["population"].iloc[0]), strict=True))
    off = rng.normal(0, _DEGREES_OFF, (len(wanted), 2)) * (wanted["level"] < 4).to_numpy(float)[:, None]
    for row, code in enumerate(wanted["code"]):
        if code not in at:
            at[code] = NO_POLYGON_CENTRES[code[:6]]
            off[row] = rng.normal(0, 8 * _DEGREES_OFF, 2)
    where = np.array([at[code] for code in wanted["code"]]) + off
    known = wanted["population"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    below = wanted["code"].map(people).to_numpy(float)
    counted = np.where(np.isnan(known), below, known)
    return wanted.assign(people=np.nan_to_num(counted, nan=5000.0), longitude=where[:, 0], latitude=where[:, 1])


def _seats(divisions: pd.DataFrame, townships: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Where counties, cities and the province are governed from.

    The heaviest township is taken for the seat of its county; by custom the first code of a city is that of its seat,
    and the first city that of the province.
    """
    heaviest = townships.sort_values("weight", ascending=False)
    at = _points(heaviest.groupby(heaviest["code"].str[: PREFIX_LENGTH[3]]).first())
    for level in (2, 1):
        for code in divisions.loc[divisions["level"] == level, "code"]:
            at[code] = at[min(known for known in at if known.startswith(code))]
    return at


def _points(table: pd.DataFrame) -> dict[str, tuple[float, float]]:
    return dict(zip(table.index, zip(table["longitude"], table["latitude"], strict=True), strict=True))


def _weights(table: pd.DataFrame, name: str, rng: np.random.Generator) -> np.ndarray:
    """Size of each centre by its level and, less than in proportion, by its people."""
    mean = table.groupby("level")["people"].transform("mean")
    size: pd.Series = table["level"].map(_SIZE[name]) * np.sqrt(table["people"] / mean)
    return np.asarray(size * rng.lognormal(0, _SPREAD, len(table)), float)


def _apportion(weights: np.ndarray, total: int, least: int) -> np.ndarray:
    """Whole numbers of at least `least` that sum to `total`, in proportion to weights, largest remainders first."""
    spare = total - least * len(weights)
    wanted = weights / weights.sum() * spare
    numbers = np.floor(wanted).astype(np.int64)
    order = np.argsort(-(wanted - numbers), kind="stable")
    numbers[order[: spare - int(numbers.sum())]] += 1
    return np.asarray(numbers + least)


def _visitors(table: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    mean = table.groupby("level")["people"].transform("mean")
    expected = table["level"].map(_VISITORS) * (table["people"] / mean) ** 0.8 * rng.lognormal(0, 0.3, len(table))
    return np.asarray(expected.round().astype("int64"))


def _rooms(needed: tuple[str, ...], level: int, rng: np.random.Generator) -> set[str]:
    """What the class needs, some of it missing now and then, and some rooms that nothing asks for."""
    found = {kind for kind, lost in zip(needed, rng.random(len(needed)) < _MISSING, strict=True) if not lost}
    extra = _EXTRA.get(level, {})
    found |= {kind for kind, chance in zip(extra, rng.random(len(extra)), strict=True) if chance < extra[kind]}
    return found | {"reception"}
