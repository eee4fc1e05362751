"""The study area: every place that counts could lie in, never hit or not, and who is next to whom.

Divisions and grids are all that are known and counted. Hexagons are all that ever had an incident of any kind, and
the ring around each: so no hit cell lies at an edge of the study, every type is judged over the same cells, and the
Gobi, where nobody lives, does not make everywhere else look busy.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from data.counting import Counting
from data.cube_queries import places_of_cells
from data.layers import Layer
from data.places import PlaceLocator
from geo.cell_rings import centres, ring_neighbours, with_rings
from geo.divisions import place_of, place_range, read_boundaries, read_divisions
from geo.drawn import DrawnLevel
from geo.neighbours import Neighbours, of_polygons
from geo.schematic import FILES, is_built

Places = NDArray[np.int64]
_SPANS = (1, 10**3, 10**6, 10**9, 10**11, 10**13)
_GRID, _COUNTY = 6, 3


@dataclass(frozen=True)
class StudyArea:
    """Places of one layer inside a scope; every array has the shape (places,), `places` rises.

    Parameters
    ----------
    home
        Division or grid each place lies in, by its centre (15 digits). A division is its own home.
    within
        Smallest division that holds all incidents ever counted in the place: a cell on a border counts those of
        both sides, and is told in full only to who may see both.
    longitude, latitude
        Centres in degrees, NaN without an outline.
    """

    layer: Layer
    places: Places
    neighbours: Neighbours
    home: Places
    within: Places
    longitude: NDArray[np.float64]
    latitude: NDArray[np.float64]


def area_of_divisions(scope: str, layer: Layer, folder: Path) -> StudyArea:
    """All known divisions or grids of a level inside a scope, those without an outline included.

    Parameters
    ----------
    folder
        Where the outlines below the county are; without them grids are unknown and townships have no neighbours.
    """
    level = layer.level or 0
    places, outlines = _divisions(scope, level, folder)
    centre = shapely.centroid(outlines)
    x, y = shapely.get_x(centre), shapely.get_y(centre)
    return StudyArea(layer, places, of_polygons(outlines), places, places, x, y)


def area_of_cells(counting: Counting, scope: str, layer: Layer, locator: PlaceLocator) -> StudyArea:
    """Cells that ever had an incident of the scope and the ring around each, as far as it lies in the scope."""
    found = counting.run(places_of_cells(scope, layer.resolution or 0))
    found = found[found["incident_count"] != 0]
    spans = found.groupby("cell")["place"].agg(["min", "max"])
    hit = spans.index.to_numpy(np.int64)
    within_hit = common_division(spans["min"].to_numpy(np.int64), spans["max"].to_numpy(np.int64))
    cells = with_rings(hit)
    longitude, latitude = centres(cells)
    home = locator.locate(longitude, latitude)
    first, after = place_range(scope)
    at = np.searchsorted(cells, hit)
    is_hit = np.zeros(len(cells), bool)
    is_hit[at] = True
    within = home.copy()
    within[at] = within_hit
    inside = (home >= first) & (home < after)
    home = np.where(inside, home, within)
    kept = inside | is_hit
    cells = cells[kept]
    return StudyArea(layer, cells, ring_neighbours(cells), home[kept], within[kept], longitude[kept], latitude[kept])


def common_division(first: Places, last: Places) -> Places:
    """Smallest division (15 digits) that holds two places each; 0 where not even the province does."""
    common = np.zeros(len(first), np.int64)
    for span in reversed(_SPANS):
        common = np.where(first // span == last // span, first // span * span, common)
    return common


def _divisions(scope: str, level: int, folder: Path) -> tuple[Places, NDArray[Any]]:
    """Places of a level in a scope, rising, and their outlines (None without one)."""
    first, after = place_range(scope)
    drawn_places, drawn = _drawn(level, first, after, folder)
    if level == _GRID:
        return drawn_places, drawn
    table = read_divisions(folder)
    table = table[(table["level"] == level) & table["counted"] & table["code"].str.startswith(scope)]
    places = np.sort(np.array([place_of(code) for code in table["code"]], np.int64))
    outlines = np.full(len(places), None, dtype=object)
    at = np.searchsorted(places, drawn_places).clip(max=max(len(places) - 1, 0))
    known = places[at] == drawn_places if len(places) else np.zeros(len(drawn_places), bool)
    outlines[at[known]] = drawn[known]
    return places, outlines


def _drawn(level: int, first: int, after: int, folder: Path) -> tuple[Places, NDArray[Any]]:
    if level <= _COUNTY:
        rows = read_boundaries(folder).query("level == @level")
        numbers = np.array([place_of(code) for code in rows["code"]], np.int64)
        kept = (numbers >= first) & (numbers < after)
        return numbers[kept], rows.geometry.to_numpy()[kept]
    if not is_built(folder):
        return np.zeros(0, np.int64), np.zeros(0, dtype=object)
    drawn = DrawnLevel(folder / FILES[level], level)
    rows_between = drawn.between(first, after)
    return drawn.places[rows_between], drawn.outlines(rows_between)
