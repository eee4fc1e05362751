"""Circles of a scan: around every place, growing by the next nearest."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.spatial import cKDTree

CENTRES_AT_A_TIME = 256


@dataclass(frozen=True)
class Circles:
    """Nested circles of every centre, as one flat array.

    Parameters
    ----------
    starts
        Shape (centres + 1,): the places of centre i are `members[starts[i]:starts[i + 1]]`, nearest first.
    members
        Positions of places, int32.
    complete
        Whether the places up to here are a circle: of places at equal distance only the last one closes it.
    points
        Coordinates of all places, shape (places, dimensions).
    """

    starts: np.ndarray
    members: np.ndarray
    complete: np.ndarray
    points: np.ndarray

    def radius(self, centre: int, at: int) -> float:
        """Radius of the circle that closes at flat position `at`."""
        return float(distances(self.points, centre, self.members[at : at + 1])[0])

    def radii(self, centres: np.ndarray, at: np.ndarray) -> np.ndarray:
        """Radii of many circles at once, the same numbers as `radius`."""
        radii: np.ndarray = np.sqrt(((self.points[self.members[at]] - self.points[centres]) ** 2).sum(axis=1))
        return radii

    def inside(self, centre: int, at: int) -> np.ndarray:
        """All places of that circle, nearest first, those without weight included."""
        radius = self.radius(centre, at)
        near = np.array(self._tree.query_ball_point(self.points[centre], radius * (1 + 1e-9), return_sorted=True))
        apart = distances(self.points, centre, near)
        near, apart = near[apart <= radius], apart[apart <= radius]
        return near[np.argsort(apart, kind="stable")]

    @cached_property
    def _tree(self) -> cKDTree:
        return cKDTree(self.points)


def distances(points: np.ndarray, centre: int, others: np.ndarray) -> np.ndarray:
    """Straight distance from a centre, always computed alike, so that equal distances are equal numbers."""
    apart: np.ndarray = np.sqrt(((points[others] - points[centre]) ** 2).sum(axis=1))
    return apart


def draw_circles(
    points: np.ndarray, weights: np.ndarray, *, max_share: float = 0.5, max_distance: float | None = None
) -> Circles:
    """Circles around every place up to a share of the total weight and up to a distance.

    Parameters
    ----------
    points
        Shape (places, dimensions).
    weights
        What the share is counted in, shape (places,): cases, expected cases, or cases and controls. A place
        without weight is a centre but in no list: it cannot change a count.
    max_share
        Largest share of the total weight inside, 0 to 1.
    max_distance
        Largest radius, in the units of `points`.
    """
    if not 0 < max_share <= 1:
        raise ValueError(f"max_share must lie between 0 and 1, not {max_share}")
    heavy = np.nonzero(weights > 0)[0]
    limit = max_share * weights.sum() * (1 + 1e-12)
    if max_distance is None:
        rings = _sorted_by_share(points, heavy, weights, limit)
    else:
        rings = _sorted_by_distance(points, heavy, weights, limit, max_distance)
    sizes = [len(members) for members, _ in rings]
    nobody = (np.zeros(0, dtype=np.int32), np.zeros(0, dtype=bool))
    return Circles(
        starts=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        members=np.concatenate([nobody[0], *(members.astype(np.int32) for members, _ in rings)]),
        complete=np.concatenate([nobody[1], *(closes for _, closes in rings)]),
        points=points,
    )


Ring = tuple[np.ndarray, np.ndarray]


def _sorted_by_distance(
    points: np.ndarray, heavy: np.ndarray, weights: np.ndarray, limit: float, max_distance: float
) -> list[Ring]:
    """Rings of centres with few places in reach: only those are looked at."""
    if not len(heavy):
        return [_ring(heavy, np.zeros(0), weights, limit) for _ in points]
    tree = cKDTree(points[heavy])
    rings = []
    for centre, point in enumerate(points):
        near = heavy[tree.query_ball_point(point, max_distance * (1 + 1e-9), return_sorted=True)]
        apart = distances(points, centre, near)
        near, apart = near[apart <= max_distance], apart[apart <= max_distance]
        order = np.argsort(apart, kind="stable")
        rings.append(_ring(near[order], apart[order], weights, limit))
    return rings


def _sorted_by_share(points: np.ndarray, heavy: np.ndarray, weights: np.ndarray, limit: float) -> list[Ring]:
    """Rings of centres that may reach any place: all distances, some centres at a time."""
    rings = []
    for begin in range(0, len(points), CENTRES_AT_A_TIME):
        centres = points[begin : begin + CENTRES_AT_A_TIME]
        apart = np.sqrt(((points[heavy][None] - centres[:, None]) ** 2).sum(axis=2))
        order = np.argsort(apart, axis=1, kind="stable")
        apart = np.take_along_axis(apart, order, axis=1)
        rings += [_ring(heavy[row], distance, weights, limit) for row, distance in zip(order, apart, strict=True)]
    return rings


def _ring(ordered: np.ndarray, apart: np.ndarray, weights: np.ndarray, limit: float) -> Ring:
    """Places around one centre up to the share, and where a circle closes."""
    closes = np.append(apart[1:] > apart[:-1], True)[: len(ordered)]
    kept = np.nonzero(closes & (np.cumsum(weights[ordered]) <= limit))[0]
    count = int(kept[-1]) + 1 if len(kept) else 0
    return ordered[:count], closes[:count]
