"""Circles of a scan: around every place, growing by the next nearest."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree


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

    def inside(self, centre: int, at: int) -> np.ndarray:
        """All places of that circle, nearest first, those without weight included."""
        everyone = np.arange(len(self.points))
        apart = distances(self.points, centre, everyone)
        within = everyone[apart <= self.radius(centre, at)]
        return within[np.argsort(apart[within], kind="stable")]


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
    tree = cKDTree(points[heavy]) if max_distance is not None and len(heavy) else None
    limit = max_share * weights.sum() * (1 + 1e-12)
    members, complete, sizes = [], [], []
    for centre in range(len(points)):
        near = heavy if tree is None else heavy[tree.query_ball_point(points[centre], max_distance * (1 + 1e-9))]
        ordered, closes = _around(points, centre, near, weights, limit, max_distance)
        members.append(ordered.astype(np.int32))
        complete.append(closes)
        sizes.append(len(ordered))
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    empty = np.zeros(0, dtype=np.int32)
    return Circles(
        starts, np.concatenate([empty, *members]), np.concatenate([empty.astype(bool), *complete]), points
    )


def _around(
    points: np.ndarray,
    centre: int,
    near: np.ndarray,
    weights: np.ndarray,
    limit: float,
    max_distance: float | None,
) -> tuple[np.ndarray, np.ndarray]:
    """Places around one centre up to the limits, and where a circle closes."""
    apart = distances(points, centre, near)
    order = np.argsort(apart, kind="stable")
    apart, near = apart[order], near[order]
    allowed = np.cumsum(weights[near]) <= limit
    if max_distance is not None:
        allowed &= apart <= max_distance
    closes = np.r_[apart[1:] > apart[:-1], True][: len(near)]
    kept = np.nonzero(allowed & closes)[0]
    count = int(kept[-1]) + 1 if len(kept) else 0
    return near[:count], closes[:count]
