"""Where disputes arise: grids by weight, code-only places, points inside polygons."""

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.simulation.profiles import COUNTY_SPREAD, SURROUNDINGS, TYPE_CODES, URBANITY
from geo.divisions import PLACE_DIGITS

METRES_A_DEGREE = 111_195.0
NO_POLYGON_CENTRES = {"620171": (103.65, 36.50)}
"""Rough middle of counties that exist in statistics but have no outline."""
_SPREAD_WITHOUT_POLYGON = 0.03


@dataclass(frozen=True)
class Places:
    """Every place an incident can have: first all grids, then places known by code only.

    Parameters
    ----------
    codes
        Shape (places,), int64 of 15 digits, filled up with zeros; ascending within the grids.
    digits
        How many digits the finest code of the place has: 15 for grids.
    polygons
        Shape (grids,), outlines in WGS 84 degrees.
    longitude, latitude
        Shape (places,): centroids of grids, the rough centre of code-only places (NaN if unknown).
    share
        Shape (places,): expected share of all incidents, sums to 1.
    by_type
        Shape (types, places): the same for each type; each row sums to 1.
    tree
        Index over `polygons`.
    """

    codes: np.ndarray
    digits: np.ndarray
    polygons: np.ndarray
    longitude: np.ndarray
    latitude: np.ndarray
    share: np.ndarray
    by_type: np.ndarray
    tree: shapely.STRtree

    @property
    def grids(self) -> int:
        """How many places are grids."""
        return len(self.polygons)

    def prefix(self, digits: int) -> np.ndarray:
        """First digits of every place's code as integers: 4 for its city, 12 for its village."""
        return np.asarray(self.codes // 10 ** (PLACE_DIGITS - digits))

    @cached_property
    def county(self) -> np.ndarray:
        """County of every place, six digits as an integer."""
        return self.prefix(6)

    def draw(self, dispute_type: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """One place for each incident, by its type's weights."""
        chosen = np.empty(len(dispute_type), dtype=np.int64)
        for kind, weights in enumerate(self.by_type):
            mine = np.flatnonzero(dispute_type == kind)
            bounds = weights.cumsum()
            at = np.searchsorted(bounds, rng.random(len(mine)) * bounds[-1], side="right")
            chosen[mine] = at.clip(max=len(bounds) - 1)
        return chosen

    def points(self, place: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """A random point in each place: uniform in its polygon, around the centre where there is none."""
        longitude, latitude = np.full(len(place), np.nan), np.full(len(place), np.nan)
        drawn = place < self.grids
        longitude[drawn], latitude[drawn] = inside(self.polygons[place[drawn]], rng)
        rest = place[~drawn]
        scatter = rng.normal(0, _SPREAD_WITHOUT_POLYGON, (2, len(rest)))
        longitude[~drawn] = self.longitude[rest] + scatter[0]
        latitude[~drawn] = self.latitude[rest] + scatter[1]
        return longitude, latitude

    def locate(self, longitude: np.ndarray, latitude: np.ndarray) -> np.ndarray:
        """The grid of each point, the lowest code where two touch, -1 outside all."""
        found = np.full(len(longitude), self.grids, dtype=np.int64)
        point, grid = self.tree.query(shapely.points(longitude, latitude), predicate="intersects")
        np.minimum.at(found, point, grid)
        return np.where(found == self.grids, -1, found)


def read_places(grids: gpd.GeoDataFrame, divisions: pd.DataFrame, rng: np.random.Generator) -> Places:
    """Spread the counted population over grids, and over codes where a county has no grid.

    Raises
    ------
    ValueError
        A column is missing, a grid code has not 15 digits, or nobody lives in any county.
    """
    missing = [name for name in ("code", "weight", "geometry") if name not in grids.columns]
    if missing or not (grids["code"].str.len() == PLACE_DIGITS).all():
        raise ValueError(f"grids need code (15 digits), weight and geometry, found {list(grids.columns)}")
    people = _people_by_county(divisions, rng)
    grids = grids[grids["code"].str[:6].isin(people.index)].sort_values("code")
    undrawn = people.index.difference(grids["code"].str[:6].unique())
    codes_only = [_finest_codes(divisions, county) for county in undrawn]
    listed = pd.concat(codes_only) if codes_only else pd.Series(dtype=str)
    code = pd.concat([grids["code"], listed], ignore_index=True)
    weight = np.concatenate([grids["weight"].to_numpy(float), np.ones(len(listed))])
    county = code.str[:6]
    share = people.reindex(county).to_numpy() * weight / pd.Series(weight).groupby(county).transform("sum").to_numpy()
    share = share / share.sum()
    centroids = shapely.centroid(grids.geometry.to_numpy())
    centre = np.array([NO_POLYGON_CENTRES.get(one, (np.nan, np.nan)) for one in listed.str[:6]]).reshape(-1, 2)
    polygons = np.asarray(grids.geometry.to_numpy(), dtype=object)
    return Places(
        codes=code.str.ljust(PLACE_DIGITS, "0").astype(np.int64).to_numpy(),
        digits=code.str.len().to_numpy(),
        polygons=polygons,
        longitude=np.concatenate([shapely.get_x(centroids), centre[:, 0]]),
        latitude=np.concatenate([shapely.get_y(centroids), centre[:, 1]]),
        share=share,
        by_type=_by_type(share, code),
        tree=shapely.STRtree(polygons),
    )


def inside(polygons: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """One uniform point in each polygon, by rejection from its bounding box.

    A sliver that refuses forty times gives its representative point.
    """
    west, south, east, north = shapely.bounds(polygons).T.reshape(4, -1)
    longitude, latitude = np.empty(len(polygons)), np.empty(len(polygons))
    left = np.arange(len(polygons))
    for _ in range(40):
        if not len(left):
            break
        u, v = rng.random((2, len(left)))
        longitude[left] = west[left] + u * (east[left] - west[left])
        latitude[left] = south[left] + v * (north[left] - south[left])
        left = left[~shapely.contains_xy(polygons[left], longitude[left], latitude[left])]
    stubborn = shapely.point_on_surface(polygons[left])
    longitude[left], latitude[left] = shapely.get_x(stubborn), shapely.get_y(stubborn)
    return longitude, latitude


def metres_between(longitude: np.ndarray, latitude: np.ndarray, *, centre: tuple[float, float]) -> np.ndarray:
    """Distance of points from a centre on the plane that touches it; good to 0.1 % within 20 km."""
    east = (longitude - centre[0]) * np.cos(np.radians(centre[1]))
    return np.asarray(np.hypot(east, latitude - centre[1]) * METRES_A_DEGREE)


def moved(
    longitude: np.ndarray, latitude: np.ndarray, *, east: np.ndarray, north: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Points moved by metres."""
    x = longitude + east / (METRES_A_DEGREE * np.cos(np.radians(latitude)))
    return np.asarray(x), np.asarray(latitude + north / METRES_A_DEGREE)


def _people_by_county(divisions: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    """Population times a county's own propensity, for the counties where people are counted."""
    county = divisions["code"].str.len() == 6
    counted = divisions[county & divisions["counted"] & (divisions["population"].fillna(0) > 0)].sort_values("code")
    if counted.empty:
        raise ValueError("divisions need at least one county with a population, found none")
    people = counted["population"].to_numpy(float) * rng.lognormal(0, COUNTY_SPREAD, len(counted))
    return pd.Series(people, index=pd.Index(counted["code"]))


def _finest_codes(divisions: pd.DataFrame, county: str) -> pd.Series:
    """Codes of the lowest level that is listed below a county, or its own."""
    codes = divisions.loc[divisions["code"].str.startswith(county), "code"].sort_values()
    return codes[codes.str.len() == codes.str.len().max()]


def _by_type(share: np.ndarray, code: pd.Series) -> np.ndarray:
    # Digits 7-9 of a code: 0xx sub-districts, 1xx towns, the others townships, farms and parks.
    kind = code.str[6:7].map({"0": 0, "1": 1}).fillna(len(SURROUNDINGS) - 1).to_numpy(int)
    factors = np.array([URBANITY.get(dispute_type, (1.0, 1.0, 1.0)) for dispute_type in TYPE_CODES])
    weights = share * factors[:, kind]
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))
