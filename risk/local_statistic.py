"""Gi*: is the count around a place, now and just before, higher or lower than chance allows?"""

from typing import Literal

import numpy as np
from numba import njit
from scipy.special import ndtr

from geo.neighbours import Neighbours

Moments = Literal["cube", "window", "step"]


ROUNDING = 1e-12
"""A deviation this small beside the mean is none: one case in a million places lies far above it."""


def local_statistic(
    counts: np.ndarray, neighbours: Neighbours, *, look_back: int = 1, moments: Moments = "cube"
) -> np.ndarray:
    """Getis-Ord Gi* of every place in every step, as a z-score.

    The neighbourhood of place i in step t is i and its neighbours, in step t and up to `look_back` earlier
    steps that exist; never a later step. All weights are 1.

    Parameters
    ----------
    counts
        Shape (places, steps), zeros included, finite.
    neighbours
        Who is next to whom; a place is not in its own list, it is added here.
    look_back
        Earlier steps that belong to the neighbourhood.
    moments
        What mean and variance are taken over: the whole cube, the steps of the neighbourhood ("window"),
        or the one step ("step"). With `look_back=0` the last two agree.

    Returns
    -------
    Shape (places, steps). 0 where chance leaves nothing to compare: no variance, or a neighbourhood that is
    everything there is.

    Raises
    ------
    ValueError
        Shapes do not match, a count is not finite, or an argument is out of range.

    Notes
    -----
    Ord & Getis (1995), formula 14: (Σ w x − x̄ Σ w) / (s √((n Σ w² − (Σ w)²) / (n − 1))), s² = Σ x² / n − x̄².
    """
    counts = check_cube(counts, neighbours)
    sums = neighbourhood_sums(counts, neighbours, look_back=look_back)
    members = neighbourhood_sizes(neighbours, steps=counts.shape[1], look_back=look_back).astype(np.float64)
    n, mean, deviation = _moments(counts, look_back=look_back, moments=moments)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = deviation * np.sqrt(np.maximum(n * members - members**2, 0.0) / (n - 1.0))
        z = (sums - mean * members) / spread
    # Of equal fractions the deviation is what rounding leaves, not 0: no place may stand out by that.
    return np.where((spread > 0) & (deviation > ROUNDING * np.abs(mean)), z, 0.0)


def check_cube(counts: np.ndarray, neighbours: Neighbours) -> np.ndarray:
    """The counts as float64, contiguous. Raises ValueError where they do not fit the neighbours."""
    counts = np.ascontiguousarray(counts, dtype=np.float64)
    if counts.ndim != 2:
        raise ValueError(f"counts must have the shape (places, steps), not {counts.shape}")
    if counts.shape[0] != neighbours.count:
        raise ValueError(f"{counts.shape[0]} places have counts but {neighbours.count} have neighbours")
    if not np.isfinite(counts).all():
        raise ValueError("counts must be finite: a place never hit counts 0")
    return counts


def neighbourhood_sums(counts: np.ndarray, neighbours: Neighbours, *, look_back: int) -> np.ndarray:
    """Sum of the counts of each neighbourhood, shape (places, steps)."""
    if look_back < 0:
        raise ValueError(f"look_back must be 0 or more, not {look_back}")
    around = np.empty_like(counts)
    _sum_around(counts, neighbours.starts, neighbours.members, around)
    return _sum_back(around, look_back)


def neighbourhood_sizes(neighbours: Neighbours, *, steps: int, look_back: int) -> np.ndarray:
    """Members (place × step) of each neighbourhood, int64, shape (places, steps)."""
    depth = np.minimum(np.arange(steps), look_back) + 1
    sizes: np.ndarray = (neighbours.degrees + 1)[:, None] * depth
    return sizes


def significant(z: np.ndarray, *, alpha: float = 0.05, p: np.ndarray | None = None) -> np.ndarray:
    """Hot and cold places and steps under a false-discovery rate, over everything handed in.

    Parameters
    ----------
    z
        Z-scores of any shape; their signs tell hot from cold.
    alpha
        Share of false discoveries among all discoveries that is accepted.
    p
        Two-sided p-values to use instead of the normal approximation, e.g. from permutations.

    Returns
    -------
    int8, same shape: 1 hot, −1 cold, 0 neither.
    """
    two_sided = 2.0 * ndtr(-np.abs(z)) if p is None else p
    limit = discovery_limit(two_sided.ravel(), alpha=alpha)
    return np.where(two_sided <= limit, np.sign(z), 0.0).astype(np.int8)


def discovery_limit(p: np.ndarray, *, alpha: float) -> float:
    """Largest p-value that is a discovery; −1 when there is none. Benjamini & Hochberg (1995), step-up."""
    small = np.sort(p[p <= alpha])
    passed = np.nonzero(small <= alpha * np.arange(1, len(small) + 1) / max(len(p), 1))[0]
    return float(small[passed[-1]]) if len(passed) else -1.0


def _moments(
    counts: np.ndarray, *, look_back: int, moments: Moments
) -> tuple[float | np.ndarray, float | np.ndarray, float | np.ndarray]:
    """Size, mean and deviation of the population neighbourhoods are compared with: scalars or per step."""
    places, steps = counts.shape
    if moments not in ("cube", "window", "step"):
        raise ValueError(f"moments must be 'cube', 'window' or 'step', not {moments!r}")
    if not counts.size:
        return 0.0, 0.0, 0.0
    if moments == "cube":
        # The two-pass variance: counts in the millions would cancel in Σ x² / n − x̄².
        return float(counts.size), float(counts.mean()), float(counts.std())
    if moments == "step" or look_back == 0:
        return float(places), counts.mean(axis=0), counts.std(axis=0)
    windows = [counts[:, max(0, step - look_back) : step + 1] for step in range(steps)]
    sizes = np.array([window.size for window in windows], dtype=np.float64)
    return sizes, np.array([w.mean() for w in windows]), np.array([w.std() for w in windows])


def _sum_back(around: np.ndarray, look_back: int) -> np.ndarray:
    """Sum over a step and up to `look_back` steps before it; the first steps have fewer."""
    sums = around.copy()
    for back in range(1, min(look_back, around.shape[1] - 1) + 1):
        sums[:, back:] += around[:, :-back]
    return sums


@njit(cache=True, nogil=True)
def _sum_around(counts, starts, members, around):  # type: ignore[no-untyped-def]
    """Write into `around` the sum over a place and its neighbours, step by step."""
    for place in range(counts.shape[0]):
        for step in range(counts.shape[1]):
            around[place, step] = counts[place, step]
        for at in range(starts[place], starts[place + 1]):
            other = members[at]
            for step in range(counts.shape[1]):
                around[place, step] += counts[other, step]
