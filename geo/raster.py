"""A raster over many polygons that says at once where most points are, compiled.

A raster cell no border passes through lies in one polygon or in none: it is settled. The others list the
polygons whose borders pass, and points in them are tested one polygon after the other.
"""

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from geo.ray import touches

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_CELLS_PER_POLYGON = 80
_FEWEST, _MOST = 4_096, 12_000_000
_TILE = 8  # cells along the side of a tile
_WORTH_SORTING = 4_096
_SLACK = 1e-6  # of a cell, by which borders are widened; far above rounding, far below what costs


class Outlines(NamedTuple):
    """Polygons in order of preference: `parts[p]` to `parts[p + 1]` are the rings of polygon p."""

    xy: Floats  # shape (vertices, 2)
    rings: Ints
    parts: Ints
    bounds: Floats  # shape (polygons, 4): west, south, east, north


class Raster(NamedTuple):
    """Where each cell leads.

    `heads[cell]` is 0 for nowhere, -(p + 1) where all of the cell is in polygon p, else an offset into
    `lists`: a number k, k polygons to test in order, and the polygon (or -1) that holds all others.
    """

    west: float
    south: float
    size: float
    columns: int
    rows: int
    heads: NDArray[np.int32]
    lists: NDArray[np.int32]


def draw(outlines: Outlines) -> Raster:
    """Raster of at least one polygon."""
    west, south = outlines.bounds[:, :2].min(axis=0).tolist()
    east, north = outlines.bounds[:, 2:].max(axis=0).tolist()
    wanted = min(max(_CELLS_PER_POLYGON * len(outlines.bounds), _FEWEST), _MOST)
    # long thin regions would otherwise get more cells than wanted
    size = max(np.sqrt((east - west) * (north - south) / wanted), (east - west + north - south) / wanted, 1e-9)
    west, south = west - size, south - size
    columns, rows = int((east - west) / size) + 2, int((north - south) / size) + 2
    cover = np.full(columns * rows, -1, np.int32)
    counts = np.zeros(columns * rows, np.int32)
    grid = (west, south, size, columns, rows)
    nothing = np.zeros(1, np.int32)
    _mark(outlines, grid, cover, counts, nothing, nothing)
    mixed = np.flatnonzero(counts)
    starts = np.ones(len(mixed), np.int64)
    starts[1:] += np.cumsum(counts[mixed].astype(np.int64) + 2)[:-1]
    total = int(starts[-1] + counts[mixed[-1]] + 2) if len(mixed) else 1
    heads = -(cover + 1)
    heads[mixed] = starts
    lists = np.zeros(total, np.int32)
    lists[starts + counts[mixed] + 1] = cover[mixed]
    cover.fill(-1)
    counts.fill(0)
    _mark(outlines, grid, cover, counts, heads, lists)
    return Raster(*grid, heads, lists)


@numba.njit(cache=True, nogil=True)
def _mark(
    outlines: Outlines,
    grid: tuple[float, float, float, int, int],
    cover: NDArray[np.int32],
    counts: NDArray[np.int32],
    heads: NDArray[np.int32],
    lists: NDArray[np.int32],
) -> None:
    """Count the polygons whose borders pass each cell and find the first that holds all of it.

    With `heads` and `lists` of full length the polygons are listed as well. A polygon that comes after one
    that holds the whole cell never wins there and is left out.
    """
    west, south, size, columns, rows = grid
    stamp = np.full(columns * rows, -1, np.int32)
    for polygon in range(len(outlines.bounds)):
        first, end = outlines.parts[polygon], outlines.parts[polygon + 1]
        for ring in range(first, end):
            for vertex in range(outlines.rings[ring], outlines.rings[ring + 1] - 1):
                _stamp_edge(outlines.xy, vertex, grid, stamp, polygon)
        low = int((outlines.bounds[polygon, 1] - south) / size - _SLACK)
        high = int((outlines.bounds[polygon, 3] - south) / size + _SLACK)
        left = int((outlines.bounds[polygon, 0] - west) / size - _SLACK)
        right = int((outlines.bounds[polygon, 2] - west) / size + _SLACK)
        for row in range(low, high + 1):
            known, inside = False, False
            for cell in range(row * columns + left, row * columns + right + 1):
                if stamp[cell] == polygon:
                    known = False
                    if cover[cell] < 0:
                        counts[cell] += 1
                        if len(lists) > 1:
                            lists[heads[cell]] = counts[cell]
                            lists[heads[cell] + counts[cell]] = polygon
                    continue
                if not known:  # cells side by side without a border between are both in or both out
                    x = west + (cell - row * columns + 0.5) * size
                    y = south + (row + 0.5) * size
                    inside = touches(x, y, outlines.xy, outlines.rings, first, end)
                    known = True
                if inside and cover[cell] < 0:
                    cover[cell] = polygon


@numba.njit(cache=True, nogil=True)
def _stamp_edge(
    xy: Floats,
    vertex: int,
    grid: tuple[float, float, float, int, int],
    stamp: NDArray[np.int32],
    polygon: int,
) -> None:
    """Mark every cell an edge passes, widened by the slack."""
    west, south, size, columns, _ = grid
    ax, ay = (xy[vertex, 0] - west) / size, (xy[vertex, 1] - south) / size
    bx, by = (xy[vertex + 1, 0] - west) / size, (xy[vertex + 1, 1] - south) / size
    if ay > by:
        ax, ay, bx, by = bx, by, ax, ay
    for row in range(int(ay - _SLACK), int(by + _SLACK) + 1):
        x_low, x_high = ax, bx
        if by - ay > _SLACK:
            x_low = ax + (bx - ax) * min(max((row - _SLACK - ay) / (by - ay), 0.0), 1.0)
            x_high = ax + (bx - ax) * min(max((row + 1 + _SLACK - ay) / (by - ay), 0.0), 1.0)
        for column in range(int(min(x_low, x_high) - _SLACK), int(max(x_low, x_high) + _SLACK) + 1):
            stamp[row * columns + column] = polygon


@numba.njit(cache=True, nogil=True)
def _neighbourly(longitude: Floats, latitude: Floats, raster: Raster) -> Ints:
    """Indices of the points tile by tile, by counting; waiting for memory costs seven times the sorting."""
    if len(longitude) < _WORTH_SORTING:
        return np.arange(len(longitude))
    columns, rows = raster.columns // _TILE + 1, raster.rows // _TILE + 1
    tiles = np.empty(len(longitude), np.int32)
    ends = np.zeros(columns * rows + 1, np.int64)
    for index in range(len(longitude)):
        across = (longitude[index] - raster.west) / (raster.size * _TILE)
        along = (latitude[index] - raster.south) / (raster.size * _TILE)
        tile = 0  # points outside the raster and missing ones may stand anywhere
        if 0 <= across < columns and 0 <= along < rows:
            tile = int(along) * columns + int(across)
        tiles[index] = tile
        ends[tile + 1] += 1
    for tile in range(columns * rows):
        ends[tile + 1] += ends[tile]
    order = np.empty(len(longitude), np.int64)
    for index in range(len(longitude)):
        order[ends[tiles[index]]] = index
        ends[tiles[index]] += 1
    return order


@numba.njit(cache=True, nogil=True)
def find(
    longitude: Floats,
    latitude: Floats,
    outlines: Outlines,
    raster: Raster,
    found: NDArray[np.int32],
) -> None:
    """Write the first polygon each point touches into `found`, -1 for none."""
    for index in _neighbourly(longitude, latitude, raster):
        x, y = longitude[index], latitude[index]
        found[index] = -1
        across, along = (x - raster.west) / raster.size, (y - raster.south) / raster.size
        if not (0 <= across < raster.columns and 0 <= along < raster.rows):
            continue
        head = raster.heads[int(along) * raster.columns + int(across)]
        if head <= 0:
            found[index] = -head - 1
            continue
        last = head + raster.lists[head]
        found[index] = raster.lists[last + 1]
        for entry in range(head + 1, last + 1):
            polygon = raster.lists[entry]
            box = outlines.bounds[polygon]
            if x < box[0] or x > box[2] or y < box[1] or y > box[3]:
                continue
            first, end = outlines.parts[polygon], outlines.parts[polygon + 1]
            if touches(x, y, outlines.xy, outlines.rings, first, end):
                found[index] = polygon
                break
