"""The three coordinate systems feeds arrive in, and the way to WGS 84 and back.

GCJ-02 is the obfuscated datum of Chinese map services, BD-09 a second step on top of it used by Baidu.
Read as WGS 84 they lie up to 1.4 km off, so a datum is always stated, never guessed.
"""

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_AXIS = 6378245.0  # semi-major axis of the Krasovsky 1940 ellipsoid, metres
_ECCENTRICITY_2 = 0.00669342162296594323
_BAIDU_TURN = np.pi * 3000.0 / 180.0
_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271
_ITERATIONS = 3  # the shift changes by less than 1 % of the way, so each step gains two digits


class Datum(StrEnum):
    """Coordinate system of a pair of longitude and latitude."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def to_wgs84(longitude: ArrayLike, latitude: ArrayLike, *, datum: Datum) -> tuple[Floats, Floats]:
    """WGS 84 degrees of coordinates given in `datum`.

    The inverse of `from_wgs84` by three fixed-point iterations, within 1e-7 degrees (1 cm). Outside China's
    box the datums agree and coordinates pass unchanged; NaN stays NaN.

    Parameters
    ----------
    longitude, latitude
        Degrees, equal shapes. Not modified.

    Returns
    -------
    Longitude and latitude, degrees, as arrays of the same shape.
    """
    given_x, given_y = np.asarray(longitude, np.float64), np.asarray(latitude, np.float64)
    if datum == Datum.WGS84:
        return given_x, given_y
    inside = _in_china(given_x, given_y)
    goal_x, goal_y = np.where(inside, given_x, 0.0), np.where(inside, given_y, 0.0)
    x, y = goal_x, goal_y
    for _ in range(_ITERATIONS):
        shifted_x, shifted_y = from_wgs84(x, y, datum=datum)
        x, y = x - (shifted_x - goal_x), y - (shifted_y - goal_y)
    return np.where(inside, x, given_x), np.where(inside, y, given_y)


def from_wgs84(longitude: ArrayLike, latitude: ArrayLike, *, datum: Datum) -> tuple[Floats, Floats]:
    """Coordinates in `datum` of WGS 84 degrees: what a feed in that datum would write.

    Formula: the publicly known GCJ-02 polynomial with sine terms, and Baidu's polar shift for BD-09.
    Shapes and special values as in `to_wgs84`.
    """
    x, y = np.asarray(longitude, np.float64), np.asarray(latitude, np.float64)
    if datum == Datum.WGS84:
        return x, y
    inside = _in_china(x, y)
    # a harmless stand-in outside, so that infinities do not reach the sines
    shifted_x, shifted_y = _gcj02(np.where(inside, x, 104.0), np.where(inside, y, 36.0))
    if datum == Datum.BD09:
        shifted_x, shifted_y = _bd09(shifted_x, shifted_y)
    return np.where(inside, shifted_x, x), np.where(inside, shifted_y, y)


def _in_china(x: Floats, y: Floats) -> NDArray[np.bool_]:
    return (x >= _WEST) & (x <= _EAST) & (y >= _SOUTH) & (y <= _NORTH)


def _gcj02(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """GCJ-02 of WGS 84 degrees inside China."""
    u, v = x - 105.0, y - 35.0
    root = np.sqrt(np.abs(u))
    common = (20.0 * np.sin(6.0 * np.pi * u) + 20.0 * np.sin(2.0 * np.pi * u)) * 2.0 / 3.0
    north = -100.0 + 2.0 * u + 3.0 * v + 0.2 * v * v + 0.1 * u * v + 0.2 * root + common
    north += (20.0 * np.sin(np.pi * v) + 40.0 * np.sin(np.pi / 3.0 * v)) * 2.0 / 3.0
    north += (160.0 * np.sin(np.pi / 12.0 * v) + 320.0 * np.sin(np.pi / 30.0 * v)) * 2.0 / 3.0
    east = 300.0 + u + 2.0 * v + 0.1 * u * u + 0.1 * u * v + 0.1 * root + common
    east += (20.0 * np.sin(np.pi * u) + 40.0 * np.sin(np.pi / 3.0 * u)) * 2.0 / 3.0
    east += (150.0 * np.sin(np.pi / 12.0 * u) + 300.0 * np.sin(np.pi / 30.0 * u)) * 2.0 / 3.0

    radians = np.radians(y)
    magic = 1.0 - _ECCENTRICITY_2 * np.sin(radians) ** 2
    metres_north = _AXIS * (1.0 - _ECCENTRICITY_2) / (magic * np.sqrt(magic))
    metres_east = _AXIS / np.sqrt(magic) * np.cos(radians)
    return x + np.degrees(east / metres_east), y + np.degrees(north / metres_north)


def _bd09(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """BD-09 of GCJ-02 degrees."""
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * _BAIDU_TURN)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _BAIDU_TURN)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006
