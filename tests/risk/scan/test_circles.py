"""Circles against a plain construction."""

import numpy as np
import pytest

from risk.scan.circles import draw_circles


def plain_circles(points, weights, share, distance):
    """Sets of places of every circle of every centre, by comparing all distances."""
    found = []
    for centre in points:
        apart = np.sqrt(((points - centre) ** 2).sum(axis=1))
        sets = []
        for radius in np.unique(apart):
            inside = (apart <= radius) & (weights > 0)
            small = weights[inside].sum() <= share * weights.sum() and (distance is None or radius <= distance)
            if small and inside.any() and (not sets or inside.sum() > len(sets[-1])):
                sets.append(set(np.nonzero(inside)[0].tolist()))
        found.append(sets)
    return found


@pytest.mark.parametrize("distance", [None, 2.0])
@pytest.mark.parametrize("share", [0.2, 0.5, 1.0])
def test_circles_of_a_lattice_with_many_equal_distances(share, distance):
    points = np.array([[x, y] for x in range(6) for y in range(6)], dtype=float)
    weights = np.random.default_rng(1).integers(0, 4, 36).astype(float)
    circles = draw_circles(points, weights, max_share=share, max_distance=distance)
    expected = plain_circles(points, weights, share, distance)
    for centre in range(36):
        begin, end = circles.starts[centre], circles.starts[centre + 1]
        closed = [at for at in range(begin, end) if circles.complete[at]]
        assert [set(circles.members[begin : at + 1].tolist()) for at in closed] == expected[centre]


def test_places_without_weight_are_centres_and_reported_inside():
    points = np.array([[0.0, 0], [1, 0], [2, 0], [9, 0], [20, 0]])
    circles = draw_circles(points, np.array([0, 1.0, 1, 1, 1]))
    begin = circles.starts[0]
    assert circles.members[begin : circles.starts[1]].tolist() == [1, 2]
    assert circles.inside(0, begin + 1).tolist() == [0, 1, 2]
    assert circles.radius(0, begin + 1) == 2


@pytest.mark.parametrize("distance", [None, 5.0])
@pytest.mark.parametrize("places", [0, 1])
def test_no_place_and_one_place_have_no_circle(places, distance):
    circles = draw_circles(np.zeros((places, 2)), np.ones(places), max_distance=distance)
    assert len(circles.members) == 0
    assert len(circles.starts) == places + 1


def test_a_share_out_of_range_is_refused():
    with pytest.raises(ValueError, match="max_share"):
        draw_circles(np.zeros((2, 2)), np.ones(2), max_share=0)
