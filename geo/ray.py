"""Whether a point touches a polygon, exactly: a ray cast with a robust orientation test, compiled.

Rings of holes and of further parts count like any other: a point is inside when a ray to the right crosses
an odd number of edges, and touches when it lies on an edge.
"""

import numba
import numpy as np
from numpy.typing import NDArray

_SPLIT = 134217729.0  # 2**27 + 1, Dekker's constant for doubles
_CERTAIN = 1e-15  # relative rounding error of the determinant, doubled (as in JTS and GEOS)


@numba.njit(cache=True, nogil=True)
def _product(a: float, b: float) -> tuple[float, float]:
    """a * b as an unevaluated sum of two doubles, without error (Dekker 1971)."""
    product = a * b
    scaled = _SPLIT * a
    a_high = scaled - (scaled - a)
    a_low = a - a_high
    scaled = _SPLIT * b
    b_high = scaled - (scaled - b)
    b_low = b - b_high
    error = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low
    return product, error


@numba.njit(cache=True, nogil=True)
def _difference(a: float, b: float) -> tuple[float, float]:
    """a - b as an unevaluated sum of two doubles, without error (Knuth)."""
    high = a - b
    part = a - high
    low = (a - (high + part)) + (part - b)
    return high, low


@numba.njit(cache=True, nogil=True)
def _product_of_differences(a: float, b: float, c: float, d: float) -> tuple[float, float]:
    """(a - b) * (c - d) in double-double arithmetic, normalised."""
    first, first_low = _difference(a, b)
    second, second_low = _difference(c, d)
    high, low = _product(first, second)
    low += first * second_low + first_low * second
    total = high + low
    return total, low - (total - high)


@numba.njit(cache=True, nogil=True)
def orientation(ax: float, ay: float, bx: float, by: float, x: float, y: float) -> int:
    """1 if the point lies left of the way from a to b, -1 right of it, 0 on their line."""
    left = (ax - x) * (by - y)
    right = (ay - y) * (bx - x)
    determinant = left - right
    if abs(determinant) > _CERTAIN * (abs(left) + abs(right)):
        return 1 if determinant > 0 else -1
    left, left_low = _product_of_differences(ax, x, by, y)
    right, right_low = _product_of_differences(ay, y, bx, x)
    if left != right:
        return 1 if left > right else -1
    if left_low != right_low:
        return 1 if left_low > right_low else -1
    return 0


@numba.njit(cache=True, nogil=True)
def touches(x: float, y: float, xy: NDArray[np.float64], rings: NDArray[np.int64], first: int, end: int) -> bool:
    """Whether a point lies in or on the polygon of the rings `first` to `end` (half-open).

    Parameters
    ----------
    xy
        Vertices of all rings, shape (n, 2); each ring ends where it began.
    rings
        Ring k has the vertices `rings[k]` to `rings[k + 1]` (half-open).
    """
    inside = False
    for ring in range(first, end):
        for vertex in range(rings[ring], rings[ring + 1] - 1):
            ay, by = xy[vertex, 1], xy[vertex + 1, 1]
            if (ay > y and by > y) or (ay < y and by < y):
                continue
            ax, bx = xy[vertex, 0], xy[vertex + 1, 0]
            if ax < x and bx < x:
                continue
            if bx == x and by == y:
                return True
            if ay == y and by == y:
                if min(ax, bx) <= x <= max(ax, bx):
                    return True
                continue
            if (ay > y) == (by > y):
                continue
            side = orientation(ax, ay, bx, by, x, y)
            if side == 0:
                return True
            if (side > 0) == (by > ay):
                inside = not inside
    return inside
