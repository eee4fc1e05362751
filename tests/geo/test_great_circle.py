import math

import numpy as np
import pytest

from geo.great_circle import distance_km, nearest_of
from geo.neighbours import EARTH_RADIUS_KM


def plain_km(x: float, y: float, to_x: float, to_y: float) -> float:
    """Spherical law of cosines, another formula than the one tested."""
    north, to_north, east = math.radians(y), math.radians(to_y), math.radians(to_x - x)
    cosine = math.sin(north) * math.sin(to_north) + math.cos(north) * math.cos(to_north) * math.cos(east)
    return EARTH_RADIUS_KM * math.acos(max(-1.0, min(1.0, cosine)))


def test_the_nearest_and_its_distance_are_those_of_a_plain_loop():
    rng = np.random.default_rng(4)
    points, targets = ((rng.uniform(92, 109, n), rng.uniform(32, 43, n)) for n in (200, 60))
    found = nearest_of(points, targets)
    for row, (x, y) in enumerate(zip(*points, strict=True)):
        apart = [plain_km(x, y, *target) for target in zip(*targets, strict=True)]
        assert found.km[row] == pytest.approx(min(apart), abs=1e-4)
        assert apart[found.target[row]] == pytest.approx(min(apart), abs=1e-4)


def test_known_distances():
    quarter = math.pi / 2 * EARTH_RADIUS_KM
    found = distance_km(np.array([0.0, 10.0, 103.8]), np.array([0.0, 90.0, 36.0]), np.array([90.0, 55.0, 103.8]), 0.0)
    assert found[:2] == pytest.approx([quarter, quarter])
    assert found[2] == pytest.approx(36 / 90 * quarter)


def test_without_targets_nothing_is_near():
    found = nearest_of((np.array([103.8]), np.array([36.0])), (np.zeros(0), np.zeros(0)))
    assert found.target.tolist() == [-1]
    assert np.isinf(found.km).all()
