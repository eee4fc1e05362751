"""Distances along the surface of a sphere, and the nearest of many points."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.neighbours import EARTH_RADIUS_KM, on_sphere

Degrees = NDArray[np.float64]


@dataclass(frozen=True)
class Nearest:
    """For each point the nearest target: `target` its position (-1 without targets), `km` how far (inf without)."""

    target: NDArray[np.int64]
    km: NDArray[np.float64]


def distance_km(from_longitude: Degrees, from_latitude: Degrees, longitude: Degrees, latitude: Degrees) -> Degrees:
    """Great-circle distance in km between points in degrees, pair by pair, as numpy broadcasts.

    Haversine form, exact enough for metres as for half the globe (R. W. Sinnott, Sky and Telescope 68, 1984, 158).
    """
    east, north = np.radians(longitude - from_longitude), np.radians(latitude - from_latitude)
    straight = np.cos(np.radians(from_latitude)) * np.cos(np.radians(latitude)) * np.sin(east / 2) ** 2
    found = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(1.0, np.sin(north / 2) ** 2 + straight)))
    return np.asarray(found, np.float64)


def nearest_of(points: tuple[Degrees, Degrees], targets: tuple[Degrees, Degrees]) -> Nearest:
    """The nearest target of each point.

    Parameters
    ----------
    points, targets
        Longitudes and latitudes in degrees, shapes (points,) and (targets,); no NaN.
    """
    number = len(points[0])
    if number == 0 or len(targets[0]) == 0:
        return Nearest(np.full(number, -1, np.int64), np.full(number, np.inf))
    # A chord is shorter than its arc, monotonically: the nearest in space is the nearest on the sphere.
    _, at = cKDTree(on_sphere(*targets)).query(on_sphere(*points))
    target = np.asarray(at, np.int64)
    return Nearest(target, distance_km(*points, targets[0][target], targets[1][target]))
