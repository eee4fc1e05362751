"""Permutation p-values: seeded, near the exact distribution, near PySAL's."""

import itertools

import numpy as np
import pytest
from scipy.special import ndtr

from geo.neighbours import of_pairs
from risk.local_statistic import neighbourhood_sums
from risk.permutation import draw_positions, permutation_p


def ring_of(places):
    at = np.arange(places)
    return of_pairs(np.r_[at, at], np.r_[(at + 1) % places, (at - 1) % places], places=places)


def test_small_samples_agree_with_all_possible_draws():
    counts = np.array([[3.0], [0], [1], [4], [2], [0], [5], [1]])
    p = permutation_p(counts, ring_of(8), seed=1, permutations=20000, look_back=0)[:, 0]
    for place in range(8):
        others = np.delete(counts[:, 0], place)
        sums = np.array([sum(pair) for pair in itertools.combinations(others, 2)])
        seen = counts[place - 1, 0] + counts[(place + 1) % 8, 0]
        exact = min(1.0, 2 * min((sums >= seen).mean(), (sums <= seen).mean()))
        assert p[place] == pytest.approx(exact, abs=0.02)


@pytest.mark.parametrize("moments", ["cube", "step"])
def test_many_neighbours_come_near_the_conditional_normal_approximation(moments):
    rng = np.random.default_rng(2)
    a, b = rng.integers(0, 300, (2, 6000))
    neighbours = of_pairs(np.r_[a, b], np.r_[b, a], places=300)
    counts = rng.poisson(20.0, (300, 3)).astype(float)
    p = permutation_p(counts, neighbours, seed=3, look_back=0, moments=moments)
    around = neighbourhood_sums(counts, neighbours, look_back=0) - counts
    pool = counts if moments == "cube" else counts[:, :1]
    now = slice(None) if moments == "cube" else slice(0, 1)
    n, m, own = pool.size, neighbours.degrees[:, None], counts[:, now]
    mean = (pool.sum() - own) / (n - 1)
    spread = np.sqrt(m * ((pool**2).sum() - own**2 - (n - 1) * mean**2) / (n - 2) * (1 - m / (n - 1)))
    normal = 2 * ndtr(-np.abs(around[:, now] - m * mean) / spread)
    assert np.abs(p[:, now] - normal).mean() < 0.04


def test_the_same_seed_gives_the_same_values_and_another_seed_others():
    counts = np.random.default_rng(4).poisson(3.0, (50, 4)).astype(float)
    first, again, other = (permutation_p(counts, ring_of(50), seed=seed, permutations=99) for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


def test_p_values_are_never_zero_nor_above_one():
    counts = np.random.default_rng(5).poisson(0.1, (80, 5)).astype(float)
    p = permutation_p(counts, ring_of(80), seed=1, permutations=99)
    assert p.min() >= 2 / 100
    assert p.max() <= 1


@pytest.mark.parametrize(("population", "size"), [(10, 10), (10, 3), (1000, 5), (1000, 400)])
def test_drawn_positions_are_distinct_and_fair(population, size):
    rows = draw_positions(population, size, 2000, np.random.default_rng(6))
    assert all(len(set(row)) == size for row in rows[:200].tolist())
    expected = 2000 * size / population
    assert np.abs(np.bincount(rows.ravel(), minlength=population) - expected).max() <= 5.5 * np.sqrt(expected) + 1


def test_permuting_one_step_while_looking_back_is_refused():
    with pytest.raises(ValueError, match="look_back=0"):
        permutation_p(np.ones((3, 2)), ring_of(3), seed=1, moments="step")
