"""Gi* against PySAL, against its formula written out, and its limits."""

import warnings

import numpy as np
import pytest

from geo.neighbours import of_pairs
from risk.local_statistic import discovery_limit, local_statistic, significant


def random_neighbours(places, seed):
    rng = np.random.default_rng(seed)
    a, b = rng.integers(0, places, (2, places * 3))
    return of_pairs(np.r_[a, b], np.r_[b, a], places=places)


def peer_z(values, neighbours):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from esda import G_Local
        from libpysal.weights import W

        lists = {place: neighbours.of(place).tolist() for place in range(neighbours.count)}
        return G_Local(values, W(lists, silence_warnings=True), transform="B", star=True, permutations=0).Zs


@pytest.mark.parametrize("moments", ["cube", "window", "step"])
def test_on_one_step_it_equals_pysal(moments):
    neighbours = random_neighbours(500, 5)
    values = np.random.default_rng(6).poisson(2.0, 500).astype(float)
    found = local_statistic(values[:, None], neighbours, moments=moments)[:, 0]
    assert np.abs(found - peer_z(values, neighbours)).max() < 1e-10


def plain_z(counts, neighbours, look_back, moments):
    """The formula, element by element."""
    places, steps = counts.shape
    z = np.zeros((places, steps))
    for place in range(places):
        for step in range(steps):
            begin = max(0, step - look_back)
            rows = [place, *neighbours.of(place)]
            members = counts[rows, begin : step + 1].ravel()
            pool = {"cube": counts, "window": counts[:, begin : step + 1], "step": counts[:, step]}[moments].ravel()
            n, w = len(pool), len(members)
            s = np.sqrt((pool**2).sum() / n - pool.mean() ** 2)
            z[place, step] = (members.sum() - pool.mean() * w) / (s * np.sqrt((n * w - w**2) / (n - 1)))
    return z


@pytest.mark.parametrize("moments", ["cube", "window", "step"])
@pytest.mark.parametrize("look_back", [0, 1, 3])
def test_it_equals_the_formula_written_out(moments, look_back):
    counts = np.random.default_rng(7).poisson(3.0, (60, 9)).astype(float)
    neighbours = random_neighbours(60, 8)
    found = local_statistic(counts, neighbours, look_back=look_back, moments=moments)
    assert np.allclose(found, plain_z(counts, neighbours, look_back, moments), atol=1e-10, rtol=0)


def test_benjamini_hochberg_on_their_own_example():
    published = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    published += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    assert discovery_limit(np.array(published), alpha=0.05) == 0.0095


def test_without_a_discovery_nothing_is_hot():
    assert discovery_limit(np.array([0.4, 0.6]), alpha=0.05) == -1
    assert not significant(np.array([[0.1, -0.2]])).any()


def test_hot_and_cold_follow_the_sign():
    assert significant(np.array([[9.0, -9.0, 0.0]])).tolist() == [[1, -1, 0]]


@pytest.mark.parametrize(
    ("counts", "message"),
    [(np.zeros(3), "shape"), (np.zeros((2, 2)), "have neighbours"), (np.full((3, 1), np.nan), "finite")],
)
def test_a_cube_that_does_not_fit_is_refused(counts, message):
    with pytest.raises(ValueError, match=message):
        local_statistic(counts, random_neighbours(3, 1))


@pytest.mark.parametrize("bad", [{"moments": "month"}, {"look_back": -1}])
def test_an_argument_out_of_range_is_refused(bad):
    with pytest.raises(ValueError, match="must be"):
        local_statistic(np.ones((3, 2)), random_neighbours(3, 1), **bad)


@pytest.mark.parametrize("moments", ["cube", "window", "step"])
@pytest.mark.parametrize(
    "counts",
    [
        np.zeros((0, 5)),
        np.zeros((4, 0)),
        np.full((1, 5), 3.0),
        np.array([[0.0, 7.0, 1.0, 0.0, 2.0]]),
        np.zeros((4, 5)),
        np.full((4, 5), 2.0),
        np.full((4, 5), 0.1),
    ],
    ids=["no places", "no steps", "one place", "one place, uneven", "all zeros", "constant", "constant fraction"],
)
def test_where_nothing_can_stand_out_z_has_its_shape_and_is_0(counts, moments):
    pairs = np.array([0, 1, 1, 2]), np.array([1, 0, 2, 1])
    nobody = np.zeros(0, dtype=np.int64)
    neighbours = of_pairs(*(pairs if len(counts) > 1 else (nobody, nobody)), places=len(counts))
    z = local_statistic(counts, neighbours, moments=moments)
    assert z.shape == counts.shape
    if len(counts) > 1 or moments == "step" or len(np.unique(counts)) < 2:
        assert (z == 0).all()
        assert not significant(z).any()
    assert np.isfinite(z).all()
