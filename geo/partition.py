"""Dividing one polygon among seeds: pieces that meet edge to edge and fill it.

Everything is noded on one fine lattice, so neighbouring pieces share their vertices exactly and the pieces
of a polygon form a valid coverage of it. All randomness comes from the generator that is handed in.
"""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""Longitude and latitude, shape (n, 2), degrees."""

LATTICE = 1e-10
"""Spacing of the lattice coordinates are rounded to, degrees; about 0.01 mm."""

SAMPLES_PER_SEED = 16
"""Samples `settle` works well with, for each seed."""

_ROUNDS = 4
_WIGGLE = 0.16  # sideways displacement of an edge's middle, as a share of its length


def scatter(polygon: Any, number: int, rng: np.random.Generator, *, centre: Points, radius: float) -> Points:
    """`number` points inside a polygon: uniform, or normal about `centre` when `radius` is finite.

    Parameters
    ----------
    polygon
        Polygon or MultiPolygon, prepared if it is used again.
    centre
        Shape (2,).
    radius
        Standard deviation in degrees; infinity draws uniformly from the polygon.

    Returns
    -------
    Shape (number, 2). A polygon that catches hardly any draw is filled up with its inner point.
    """
    west, south, east, north = polygon.bounds
    found: list[Points] = []
    missing = number
    for _ in range(12):
        count = 3 * missing + 8
        if np.isfinite(radius):
            drawn = rng.normal(centre, radius, (count, 2))
        else:
            drawn = rng.uniform((west, south), (east, north), (count, 2))
        inside = drawn[shapely.contains_xy(polygon, drawn[:, 0], drawn[:, 1])][:missing]
        found.append(inside)
        missing -= len(inside)
        if missing == 0:
            return np.concatenate(found)
    inner = shapely.get_coordinates(polygon.point_on_surface())
    return np.concatenate([*found, np.repeat(inner, missing, axis=0)])


def settle(samples: Points, number: int, *, fixed: Points) -> Points:
    """`number` seeds spread evenly over samples, keeping away from seeds that are given.

    Farthest-point choice, then Lloyd's relaxation (Lloyd 1982) over the samples, with the fixed seeds
    held; each seed ends on the sample nearest to its mean, hence inside the sampled polygon.

    Parameters
    ----------
    samples
        Shape (m, 2); denser samples make denser seeds.
    fixed
        Seeds that stay where they are, shape (k, 2), possibly empty.

    Returns
    -------
    Shape (number, 2), the new seeds only.
    """
    if number == 0:
        return np.empty((0, 2))
    seeds = _farthest(samples, number, fixed)
    for _ in range(_ROUNDS):
        everyone = np.concatenate([seeds, fixed])
        nearest = _squared(samples, everyone).argmin(axis=1)
        size = np.bincount(nearest, minlength=len(everyone))[:number]
        for axis in (0, 1):
            total = np.bincount(nearest, samples[:, axis], minlength=len(everyone))[:number]
            seeds[:, axis] = np.where(size > 0, total / np.maximum(size, 1), seeds[:, axis])
    return samples[_distinct_nearest(samples, seeds)]


def divide(parent: Any, seeds: Points, rng: np.random.Generator, *, wiggle: bool) -> list[Any]:
    """The part of `parent` that belongs to each seed, in the order of the seeds.

    Voronoi cells clipped to the parent; a clipped-off part joins the neighbour it shares most border
    with, so pieces are in one part wherever the parent is.

    Parameters
    ----------
    parent
        Polygon or MultiPolygon on the lattice.
    seeds
        Shape (n, 2), distinct, inside the parent.
    wiggle
        Bend the inner borders, so that they look surveyed rather than ruled.
    """
    if len(seeds) == 1:
        return [parent]
    edges = _voronoi_edges(parent, seeds)
    pieces = _pieces(parent, _bent(edges, parent, len(seeds), rng), seeds) if wiggle else None
    if pieces is None:
        pieces = _pieces(parent, edges, seeds)
    if pieces is None:
        raise ValueError("expected distinct seeds inside the polygon, found two in one piece")
    return pieces


def _squared(samples: Points, seeds: Points) -> Points:
    across = samples[:, 0, None] - seeds[:, 0]
    along = samples[:, 1, None] - seeds[:, 1]
    return across * across + along * along


def _farthest(samples: Points, number: int, fixed: Points) -> Points:
    """Samples chosen one by one, each as far as possible from the chosen and the fixed ones."""
    if len(fixed):
        distance = _squared(samples, fixed).min(axis=1)
    else:
        distance = ((samples - samples.mean(axis=0)) ** 2).sum(axis=1)
    chosen = np.empty(number, np.intp)
    for index in range(number):
        chosen[index] = distance.argmax()
        here = _squared(samples, samples[chosen[index]][None])[:, 0]
        distance = np.minimum(distance, here) if index or len(fixed) else here
    return samples[chosen].copy()


def _distinct_nearest(samples: Points, seeds: Points) -> NDArray[np.intp]:
    """Index of the nearest sample to each seed, no sample twice."""
    distance = _squared(samples, seeds)
    chosen = np.empty(len(seeds), np.intp)
    for index in range(len(seeds)):
        chosen[index] = distance[:, index].argmin()
        distance[chosen[index]] = np.inf
    return chosen


def _voronoi_edges(parent: Any, seeds: Points) -> Any:
    """Lines between the cells of the seeds, reaching beyond the parent."""
    west, south, east, north = parent.bounds
    margin = 0.3 * max(east - west, north - south)
    frame = shapely.box(west - margin, south - margin, east + margin, north + margin)
    return shapely.voronoi_polygons(shapely.multipoints(seeds), extend_to=frame, only_edges=True)


def _bent(lines: Any, parent: Any, number: int, rng: np.random.Generator) -> Any:
    """The same lines with each segment as a chain of eight by midpoint displacement."""
    points, line = shapely.get_coordinates(shapely.get_parts(lines), return_index=True)
    joined = line[:-1] == line[1:]
    edges = np.stack([points[:-1][joined], points[1:][joined]], axis=1)
    usual = np.sqrt(parent.area / number)
    for _ in range(3):
        along = edges[:, 1] - edges[:, 0]
        length = np.hypot(along[:, 0], along[:, 1])
        reach = _WIGGLE * np.minimum(1.0, usual / np.maximum(length, 1e-12)) * rng.uniform(-1, 1, len(edges))
        middle = edges.mean(axis=1) + reach[:, None] * np.stack([-along[:, 1], along[:, 0]], axis=1)
        edges = np.concatenate([np.stack([edges[:, 0], middle], axis=1), np.stack([middle, edges[:, 1]], axis=1)])
    return shapely.multilinestrings(np.asarray(shapely.linestrings(edges)))


def _pieces(parent: Any, lines: Any, seeds: Points) -> list[Any] | None:
    """Faces between the edges and the parent's border, one piece a seed; None if two seeds share a face."""
    noded = shapely.union(lines, parent.boundary, grid_size=LATTICE)
    faces = shapely.get_parts(shapely.polygonize([noded]))
    if len(faces) > len(seeds):
        shapely.prepare(parent)
        faces = faces[shapely.contains_properly(parent, shapely.point_on_surface(faces))]
    tree = shapely.STRtree(faces)
    seed, face = tree.query(shapely.points(seeds), predicate="intersects")
    if len(seed) != len(seeds) or len(np.unique(face)) != len(seeds):
        return None
    pieces = faces[face[np.argsort(seed)]]
    if len(faces) == len(seeds):
        return list(shapely.normalize(pieces))
    owner = np.full(len(faces), -1)
    owner[face] = seed
    _adopt(faces, owner, seeds)
    for index in np.unique(owner[np.bincount(owner, minlength=len(seeds))[owner] > 1]):
        pieces[index] = shapely.coverage_union_all(faces[owner == index])
    return list(shapely.normalize(pieces))


def _adopt(faces: NDArray[Any], owner: NDArray[np.intp], seeds: Points) -> None:
    """Give each face without a seed to the neighbour with the longest common border; changes `owner`."""
    tree = shapely.STRtree(faces)
    waiting = list(np.flatnonzero(owner < 0))
    while waiting:
        later = []
        for face in waiting:
            near = tree.query(faces[face], predicate="intersects")
            near = near[owner[near] >= 0]
            shared = shapely.length(shapely.intersection(faces[near], faces[face]))
            if len(near) and shared.max() > 0:
                owner[face] = owner[near[shared.argmax()]]
            else:
                later.append(face)
        if len(later) == len(waiting):  # islands: the nearest seed takes them
            for face in later:
                distance = shapely.distance(shapely.points(seeds), faces[face])
                owner[face] = distance.argmin()
            return
        waiting = later
