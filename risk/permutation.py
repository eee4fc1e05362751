"""Permutation p-values of Gi*: what would chance have put into the neighbourhood?

A place keeps its own count; its neighbourhood is filled with counts drawn without replacement from others.
The chance distribution depends on the place only through its own count and the size of its neighbourhood, so
one set of draws serves every place that shares both. That, not a faster loop, is what makes this cheap.
"""

from itertools import pairwise

import numpy as np
from numba import njit

from geo.neighbours import Neighbours
from risk.local_statistic import Moments, check_cube, neighbourhood_sizes, neighbourhood_sums


def permutation_p(
    counts: np.ndarray,
    neighbours: Neighbours,
    *,
    seed: int,
    permutations: int = 999,
    look_back: int = 1,
    moments: Moments = "cube",
) -> np.ndarray:
    """Two-sided conditional permutation p-value of each place and step.

    Parameters
    ----------
    counts, neighbours, look_back
        As for `risk.local_statistic.local_statistic`.
    seed
        Same seed, same values.
    permutations
        Draws per chance distribution.
    moments
        What is drawn from: the whole cube, the steps of the neighbourhood, or its own step. "step" needs
        `look_back=0`, as a neighbourhood reaches beyond its step otherwise.

    Returns
    -------
    Shape (places, steps): min(1, 2 (r + 1) / (permutations + 1)), r draws as extreme on the nearer side.
    """
    counts = check_cube(counts, neighbours)
    if moments == "step" and look_back > 0:
        raise ValueError("permutations within one step need look_back=0")
    sums = neighbourhood_sums(counts, neighbours, look_back=look_back)
    sizes = neighbourhood_sizes(neighbours, steps=counts.shape[1], look_back=look_back)
    if moments == "cube":
        return _against(counts.ravel(), counts, sums, sizes, np.random.SeedSequence(seed), permutations)
    p = np.ones_like(counts)
    seeds = np.random.SeedSequence(seed).spawn(counts.shape[1])
    for step, of_step in enumerate(seeds):
        window = counts[:, max(0, step - look_back) : step + 1].ravel()
        now = slice(step, step + 1)
        p[:, now] = _against(window, counts[:, now], sums[:, now], sizes[:, now], of_step, permutations)
    return p


def _against(
    pool: np.ndarray,
    own: np.ndarray,
    sums: np.ndarray,
    sizes: np.ndarray,
    seed: np.random.SeedSequence,
    permutations: int,
) -> np.ndarray:
    """P-values against draws from `pool`, one element equal to the own count taken out first."""
    largest = int(min(sizes.max(initial=1), len(pool)))
    if len(pool) < 2 or largest < 2:
        return np.ones_like(sums)
    values, kind = np.unique(own, return_inverse=True)
    draws = draw_positions(len(pool) - 1, largest - 1, permutations, np.random.default_rng(seed))
    ordered = np.sort(pool)
    group = kind.ravel() * (largest + 1) + np.minimum(sizes, largest).ravel()
    order = np.argsort(group, kind="stable")
    bounds = np.r_[0, np.nonzero(np.diff(group[order]))[0] + 1, len(order)]
    p = np.ones(own.size)
    for begin, end in pairwise(bounds.tolist()):
        value, size = divmod(int(group[order[begin]]), largest + 1)
        taken_out = int(np.searchsorted(ordered, values[value]))
        chance = np.sort(_chance_sums(ordered, draws, taken_out, size - 1))
        members = order[begin:end]
        p[members] = _ranks(sums.ravel()[members] - values[value], chance)
    return p.reshape(own.shape)


def _ranks(seen: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """Two-sided Monte-Carlo p of what was seen among sorted chance sums; equal sums count as extreme."""
    at_least = len(chance) - np.searchsorted(chance, seen, side="left")
    at_most = np.searchsorted(chance, seen, side="right")
    return np.minimum(1.0, 2.0 * (np.minimum(at_least, at_most) + 1) / (len(chance) + 1))


def draw_positions(population: int, size: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Distinct positions below `population`, shape (draws, size): every prefix of a row is a fair sample."""
    if size * size > population:
        return np.array([rng.choice(population, size, replace=False) for _ in range(draws)]).reshape(draws, size)
    positions = rng.integers(0, population, (draws, size))
    while True:
        ordered = np.sort(positions, axis=1)
        repeated = (ordered[:, 1:] == ordered[:, :-1]).any(axis=1)
        if not repeated.any():
            return positions
        positions[repeated] = rng.integers(0, population, (int(repeated.sum()), size))


@njit(cache=True, nogil=True)
def _chance_sums(ordered, draws, taken_out, size):  # type: ignore[no-untyped-def]
    """Sum of the first `size` draws of each row, position `taken_out` of the pool being absent."""
    sums = np.zeros(draws.shape[0])
    for row in range(draws.shape[0]):
        for at in range(size):
            position = draws[row, at]
            sums[row] += ordered[position + (position >= taken_out)]
    return sums
