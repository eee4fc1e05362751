"""Who is next to whom: hexagons by rings, polygons by a shared border, points by a distance."""

from collections.abc import Sequence
from dataclasses import dataclass

import h3.api.numpy_int as h3
import numpy as np
import shapely
from scipy.spatial import cKDTree

EARTH_RADIUS_KM = 6371.0088


@dataclass(frozen=True)
class Neighbours:
    """Neighbour lists of `count` places as one flat array (compressed sparse rows).

    Parameters
    ----------
    starts
        Shape (places + 1,), int64: the list of place i is `members[starts[i]:starts[i + 1]]`.
    members
        Positions of the neighbours, int64, ascending within a list. A place is never in its own list.
    """

    starts: np.ndarray
    members: np.ndarray

    @property
    def count(self) -> int:
        """How many places there are."""
        return len(self.starts) - 1

    def of(self, place: int) -> np.ndarray:
        """Positions of the neighbours of one place."""
        return self.members[self.starts[place] : self.starts[place + 1]]

    @property
    def degrees(self) -> np.ndarray:
        """Number of neighbours of each place."""
        return np.diff(self.starts)


def of_pairs(first: np.ndarray, second: np.ndarray, *, places: int) -> Neighbours:
    """Neighbour lists from directed pairs; pairs of a place with itself and repeated pairs are dropped."""
    first, second = np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64)
    keys = np.unique((first * places + second)[first != second])
    starts = np.zeros(places + 1, dtype=np.int64)
    np.cumsum(np.bincount(keys // max(places, 1), minlength=places), out=starts[1:])
    return Neighbours(starts=starts, members=keys % max(places, 1))


def of_cells(cells: np.ndarray, *, rings: int = 1) -> Neighbours:
    """Cells of the study area within `rings` steps of each other.

    Parameters
    ----------
    cells
        Distinct H3 cells of one resolution, signed 64-bit integers, in any order.
    rings
        1: the six cells around; 2: eighteen, and so on.

    Raises
    ------
    ValueError
        A cell is listed twice, or `rings` is below 1.
    """
    if rings < 1:
        raise ValueError(f"rings must be at least 1, not {rings}")
    cells = np.asarray(cells, dtype=np.int64)
    order = np.argsort(cells)
    ordered = cells[order]
    if len(cells) > 1 and (ordered[1:] == ordered[:-1]).any():
        raise ValueError("each cell must be listed once")
    if not len(cells):
        return of_pairs(cells, cells, places=0)
    disks = [h3.grid_disk(cell, rings) for cell in cells.astype(np.uint64).tolist()]
    first = np.repeat(np.arange(len(cells)), [len(disk) for disk in disks])
    around = np.concatenate(disks).astype(np.int64)
    at = np.searchsorted(ordered, around).clip(max=len(cells) - 1)
    inside = ordered[at] == around
    return of_pairs(first[inside], order[at[inside]], places=len(cells))


def of_polygons(polygons: Sequence[shapely.Geometry] | np.ndarray, *, tolerance: float = 1e-6) -> Neighbours:
    """Polygons whose borders touch, at a corner or along a line.

    Parameters
    ----------
    polygons
        Geometries in degrees; None or empty for a place without an outline, which has no neighbours.
    tolerance
        Borders this close (degrees; 1e-6 is about 0.1 m) touch: digitised borders rarely agree exactly.
    """
    outlines = np.asarray(polygons, dtype=object)
    if not len(outlines):
        return of_pairs(np.zeros(0), np.zeros(0), places=0)
    first, second = shapely.STRtree(outlines).query(outlines, predicate="dwithin", distance=tolerance)
    return of_pairs(first, second, places=len(outlines))


def within(longitude: np.ndarray, latitude: np.ndarray, *, km: float) -> Neighbours:
    """Places whose centres are at most `km` apart on the sphere; coordinates in degrees."""
    if not len(longitude):
        return of_pairs(np.zeros(0), np.zeros(0), places=0)
    # A chord is shorter than its arc, monotonically: one tree of points in space finds both.
    chord = 2 * np.sin(min(km / (2 * EARTH_RADIUS_KM), np.pi / 2))
    pairs = cKDTree(on_sphere(longitude, latitude)).query_pairs(chord, output_type="ndarray")
    return of_pairs(np.r_[pairs[:, 0], pairs[:, 1]], np.r_[pairs[:, 1], pairs[:, 0]], places=len(longitude))


def on_sphere(longitude: np.ndarray, latitude: np.ndarray) -> np.ndarray:
    """Points of the unit sphere, shape (n, 3), from degrees."""
    east, north = np.radians(longitude), np.radians(latitude)
    return np.column_stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)])
