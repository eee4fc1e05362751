"""Give every incident its place: by its code first, refined or decided by its coordinates."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from data.division_names import codes_by_name
from data.settings import Settings
from geo.divisions import level_of, place_of, read_boundaries, read_divisions
from geo.drawn import DrawnLevel
from geo.hexagons import cell_of
from geo.hierarchy import read_hierarchy
from geo.locate import open_locator
from geo.schematic import FILES
from risk.incident import LocatedBy

COARSEST_DRAWN = 3  # outlines of finer levels stand in files of their own
MARGIN = 0.1
"""Degrees around the installation's outline within which a point is believed."""


class PlaceLocator(Protocol):
    """Point in polygon: 15-digit places, 0 for nowhere."""

    def locate(self, longitude: NDArray[np.float64], latitude: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the place of each point."""
        ...


@dataclass(frozen=True)
class Places:
    """The known places of an installation.

    `known` are 15-digit places in rising order, `spans` how many places lie below each (a power of ten), `drawn`
    whether each has a polygon of its own; `bounds` are west, south, east, north in degrees.
    """

    root: int
    known: NDArray[np.int64]
    spans: NDArray[np.int64]
    drawn: NDArray[np.bool_]
    bounds: tuple[float, float, float, float]
    locator: PlaceLocator
    own_codes: Mapping[str, str] | None = None
    """Division codes by the office's own codes; None where codes are the national ones."""
    divisions: pd.DataFrame | None = None
    """Named divisions, as from `geo.divisions.read_divisions`."""

    @cached_property
    def codes_by_name(self) -> Mapping[str, str]:
        """Code of every way to name a division (`data.division_names`)."""
        return {} if self.divisions is None else codes_by_name(self.divisions)

    def index(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Position of each place in `known`, -1 where it is not known."""
        at = np.searchsorted(self.known, places)
        at = np.minimum(at, len(self.known) - 1)
        return np.where(self.known[at] == places, at, -1)


def known_places(
    codes: pd.Series,
    drawn: pd.Series,
    *,
    root: str,
    bounds: tuple[float, float, float, float],
    locator: PlaceLocator,
    own_codes: Mapping[str, str] | None = None,
    divisions: pd.DataFrame | None = None,
) -> Places:
    """Places from division and grid codes (prefix form) and whether each has a polygon."""
    places = codes.str.ljust(15, "0").astype("int64").to_numpy()
    spans = 10 ** (15 - codes.str.len().to_numpy(dtype="int64"))
    # 嘉峪关 and the special areas stand on two levels with different codes; equal codes keep the coarser span.
    order = np.lexsort((-spans, places))
    places, spans, has = places[order], spans[order], drawn.to_numpy(dtype=bool)[order]
    first = np.concatenate(([True], places[1:] != places[:-1]))
    return Places(
        root=place_of(root),
        known=places[first].astype(np.int64),
        spans=spans[first].astype(np.int64),
        drawn=has[first],
        bounds=bounds,
        locator=locator,
        own_codes=own_codes,
        divisions=divisions,
    )


@dataclass(frozen=True)
class Whereabouts:
    """Where points and codes lie; every array has the shape (rows,).

    `place` are 15-digit places, `located_by` values of `LocatedBy`, `conflict` whether a point lies outside the
    division its code names, `unknown` whether there is a code that no place has.
    """

    place: NDArray[np.int64]
    located_by: NDArray[np.int64]
    conflict: NDArray[np.bool_]
    unknown: NDArray[np.bool_]


def whereabouts(
    coded: NDArray[np.int64], longitude: NDArray[np.float64], latitude: NDArray[np.float64], places: Places
) -> Whereabouts:
    """Settle where each row lies: a code decides, geometry refines it or decides where there is none.

    Parameters
    ----------
    coded
        Place of the division that a row's code names, 0 without a code.
    longitude, latitude
        WGS 84 degrees, NaN where missing.
    """
    has_code, has_point = coded > 0, ~np.isnan(longitude)
    at = places.index(coded)
    unknown = has_code & (at < 0)
    found = np.zeros(len(coded), dtype="int64")
    found[has_point] = places.locator.locate(longitude[has_point], latitude[has_point])
    by_code = has_code & ~unknown
    inside = by_code & (found >= coded) & (found < coded + places.spans[at])
    place = np.where(by_code, np.where(inside, found, coded), np.where(found > 0, found, places.root))
    located_by = np.where(by_code, LocatedBy.CODE, np.where(found > 0, LocatedBy.GEOMETRY, LocatedBy.NOTHING))
    # A code without a polygon of its own (a development zone) can not be contradicted by a point.
    conflict = by_code & has_point & ~inside & places.drawn[at]
    return Whereabouts(place, located_by, conflict, unknown)


def locate_rows(rows: pd.DataFrame, places: Places) -> tuple[pd.DataFrame, pd.Series]:
    """Add place, coded, cell, located_by and conflict.

    Parameters
    ----------
    rows
        With `division_code` (digits or ""), `longitude`, `latitude` (WGS 84 degrees, NaN where missing).

    Returns
    -------
    The rows with the five columns in place of `division_code`, and a mask of rows whose code is not known
    (their place is the root's).
    """
    codes = rows["division_code"]
    coded = pc.utf8_rpad(pa.array(codes, pa.string()), 15, "0").cast(pa.int64()).to_numpy()
    longitude, latitude = rows["longitude"].to_numpy(), rows["latitude"].to_numpy()
    found = whereabouts(coded, longitude, latitude, places)
    located = rows.drop(columns="division_code")
    located["place"] = found.place
    located["coded"] = np.where(found.unknown, 0, coded)
    located["cell"] = cell_of(longitude, latitude)
    located["located_by"] = found.located_by
    located["conflict"] = found.conflict
    return located, pd.Series(found.unknown, index=rows.index)


def open_places(settings: Settings) -> Places:
    """Places of an installation whose geography has been built or imported."""
    return read_places(settings.geography, root=settings.root_code)


def read_places(folder: Path, *, root: str) -> Places:
    """Places of the geography kept in a folder; `root` is the code of the topmost division."""
    boundaries, divisions = read_boundaries(folder), read_divisions(folder)
    below = [pd.read_parquet(folder / name, columns=["code"])["code"] for name in FILES.values()]
    drawn = pd.concat([boundaries["code"], *below], ignore_index=True)
    codes = pd.concat([drawn, divisions["code"]]).drop_duplicates().astype("str")
    west, south, east, north = _bounds(folder, root, boundaries)
    return known_places(
        codes,
        codes.isin(set(drawn)),
        root=root,
        bounds=(west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN),
        locator=open_locator(folder),
        own_codes=None if read_hierarchy(folder).national else _own_codes(folder, divisions),
        divisions=divisions,
    )


def _bounds(folder: Path, root: str, boundaries: gpd.GeoDataFrame) -> tuple[float, float, float, float]:
    level = level_of(root)
    if level > COARSEST_DRAWN:
        outline = DrawnLevel(folder / FILES[level], level).outline(root)
    else:
        outline = boundaries.set_index("code").geometry.get(root)
    if outline is None:
        raise ValueError(f"expected an outline of the topmost division {root} in {folder}, found none")
    return outline.bounds


def _own_codes(folder: Path, divisions: pd.DataFrame) -> dict[str, str]:
    """Codes by the office's own; where two levels use one, the finer unit's."""
    grids = pd.read_parquet(folder / FILES[6], columns=["code", "own_code"])
    table = pd.concat([divisions[["code", "own_code"]], grids])
    return dict(zip(table["own_code"].tolist(), table["code"].tolist(), strict=True))
