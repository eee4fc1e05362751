"""What the methods look at: places with their circles and neighbours, and incidents counted by place."""

from collections.abc import Callable
from dataclasses import dataclass

import h3.api.numpy_int as h3
import numpy as np

from geo.neighbours import Neighbours, of_cells, on_sphere
from risk.scan.circles import Circles, draw_circles

WEEKS, LONGEST, REACH_KM = 26, 4, 5.0
"""Weeks a look goes back to, longest window in weeks, and largest radius of a circle."""
EARTH_KM = 6371.0
LOOKS_A_YEAR = 365 / 7


@dataclass(frozen=True)
class Area:
    """Cells that are watched.

    Parameters
    ----------
    points
        Kilometres in space, shape (places, 3).
    neighbours, circles
        Among the places.
    whole, position
        Neighbours in the whole study area, cells without incidents included, and where the places stand in it: the
        local statistic compares a place with all of them.
    """

    points: np.ndarray
    neighbours: Neighbours
    circles: Circles
    whole: Neighbours
    position: np.ndarray


CountsAt = Callable[[int], np.ndarray]
"""Counts as known at a look, places × weeks, the newest last."""


def area_of(cells: np.ndarray, study: np.ndarray | None = None) -> Area:
    """Area of some hexagons (sorted) within a study area (sorted); the area itself if none is given."""
    points = points_of(cells)
    circles = draw_circles(points, np.ones(len(cells)), max_share=1.0, max_distance=REACH_KM)
    neighbours = of_cells(cells)
    if study is None:
        return Area(points, neighbours, circles, neighbours, np.arange(len(cells)))
    return Area(points, neighbours, circles, of_cells(study), np.searchsorted(study, cells))


def points_of(cells: np.ndarray) -> np.ndarray:
    """Centres of hexagons in space, km, shape (cells, 3)."""
    centres = np.array([h3.cell_to_latlng(one) for one in cells.astype(np.uint64).tolist()]).reshape(-1, 2)
    return EARTH_KM * on_sphere(centres[:, 1], centres[:, 0])
