"""A point inside each division, for distances and marks."""

from collections.abc import Iterable

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.geography import Geography


def middles(geography: Geography, codes: Iterable[str]) -> NDArray[np.float64]:
    """Longitude and latitude in degrees of a point inside each division, shape (n, 2); NaN without an outline.

    The point is on the surface of the outline, near its middle; that of an outline with a bay never lies outside.
    """
    outlines = np.array([geography.unit(code).geometry for code in codes], dtype=object)
    found = np.full((len(outlines), 2), np.nan)
    drawn = np.flatnonzero([outline is not None for outline in outlines])
    if len(drawn):
        found[drawn] = shapely.get_coordinates(shapely.point_on_surface(outlines[drawn]))
    return found
