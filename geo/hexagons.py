"""H3 cells as signed 64-bit integers; 0 where there are no coordinates."""

from collections.abc import Iterable

import h3
import numpy as np
import shapely
from h3.api import basic_int
from numpy.typing import ArrayLike, NDArray

Cells = NDArray[np.int64]

STORED_RESOLUTION = 9
"""Resolution kept with every incident; coarser ones are derived by bit mask."""

LEVEL_RESOLUTION = {1: 5, 2: 6, 3: 7, 4: 8, 5: 9, 6: 9}
"""Level of the unit on screen to the resolution its hexagons are shown at."""

_FINEST = 15


def cell_of(longitude: ArrayLike, latitude: ArrayLike, *, resolution: int = STORED_RESOLUTION) -> Cells:
    """H3 cell of each point, shape (n,); 0 where a coordinate is NaN or infinite.

    Parameters
    ----------
    longitude, latitude
        WGS 84 degrees, shape (n,).
    """
    _check_resolution(resolution)
    x = np.atleast_1d(np.asarray(longitude, np.float64))
    y = np.atleast_1d(np.asarray(latitude, np.float64))
    known = np.isfinite(x) & np.isfinite(y)
    cells = np.zeros(len(x), np.int64)
    cell = basic_int.latlng_to_cell
    pairs = zip(y[known].tolist(), x[known].tolist(), strict=True)
    cells[known] = np.fromiter((cell(a, b, resolution) for a, b in pairs), np.int64, int(known.sum()))
    return cells


def parent(cells: ArrayLike, *, resolution: int) -> Cells:
    """Ancestor of each cell at a coarser (or the same) resolution; 0 stays 0.

    The resolution sits in bits 52-55 and three bits follow per level, all ones where unused.

    Raises
    ------
    ValueError
        A cell is already coarser than `resolution`.
    """
    _check_resolution(resolution)
    given = np.asarray(cells, np.int64)
    known = given != 0
    if np.any(((given >> 52) & 15)[known] < resolution):
        raise ValueError(f"expected cells of resolution {resolution} or finer, found coarser ones")
    unused = (1 << (3 * (_FINEST - resolution))) - 1
    ancestors = (given & ~np.int64(15 << 52)) | np.int64(resolution << 52) | np.int64(unused)
    return np.where(known, ancestors, np.int64(0))


def sibling_outside(cells: ArrayLike, taken: ArrayLike) -> Cells:
    """Each cell, or where it is among `taken` a cell of the same parent that is not; itself if all of them are."""
    given, hit = np.asarray(cells, np.int64), np.asarray(taken, np.int64)
    known = set(hit.tolist())
    found = given.copy()
    for at in np.flatnonzero((given != 0) & np.isin(given, hit)):
        cell = int(given[at])
        siblings = basic_int.cell_to_children(basic_int.cell_to_parent(cell))
        found[at] = min((each for each in siblings if each not in known), default=cell)
    return found


def text(cells: ArrayLike) -> list[str]:
    """H3's own spelling, 15 hexadecimal digits; an empty string for 0."""
    return [f"{cell:x}" if cell else "" for cell in np.asarray(cells, np.int64).tolist()]


def from_text(texts: Iterable[str]) -> Cells:
    """The inverse of `text`.

    Raises
    ------
    ValueError
        A text is not a hexadecimal number.
    """
    return np.array([int(each, 16) if each else 0 for each in texts], np.int64)


def centre_of(cell: str) -> tuple[float, float]:
    """Longitude and latitude in degrees of the centre of a cell in H3's spelling.

    Raises
    ------
    ValueError
        Not a cell.
    """
    _check_cell(cell)
    latitude, longitude = h3.cell_to_latlng(cell)
    return longitude, latitude


def outline_of(cell: str) -> shapely.Polygon:
    """Outline of a cell in H3's spelling, degrees.

    Raises
    ------
    ValueError
        Not a cell.
    """
    _check_cell(cell)
    return shapely.Polygon([(longitude, latitude) for latitude, longitude in h3.cell_to_boundary(cell)])


def _check_cell(cell: str) -> None:
    if not h3.is_valid_cell(cell):
        raise ValueError(f"expected an H3 cell, found {cell!r}")


def _check_resolution(resolution: int) -> None:
    if not 0 <= resolution <= _FINEST:
        raise ValueError(f"expected an H3 resolution from 0 to {_FINEST}, found {resolution}")
