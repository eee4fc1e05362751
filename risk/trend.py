"""Mann-Kendall: does a series go up or down, whatever its shape?"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from scipy.special import ndtr


@dataclass(frozen=True)
class Trend:
    """Trend of each place; every array has the shape (places,).

    Parameters
    ----------
    score
        S: rising pairs minus falling pairs of the series.
    variance
        Of S without a trend, corrected for ties.
    z
        S moved by 1 towards 0 and divided by its deviation; 0 for a constant series.
    p
        Two-sided, normal approximation; 1 for a constant series.
    """

    score: np.ndarray
    variance: np.ndarray
    z: np.ndarray
    p: np.ndarray

    def direction(self, *, alpha: float = 0.05) -> np.ndarray:
        """1 significantly up, −1 significantly down, 0 neither; int8."""
        return np.where(self.p < alpha, np.sign(self.z), 0.0).astype(np.int8)


def trend(series: np.ndarray) -> Trend:
    """Mann-Kendall test of every row.

    Parameters
    ----------
    series
        Shape (places, steps), finite. Fewer than two steps have no trend.

    Raises
    ------
    ValueError
        Not two-dimensional, or not finite.

    Notes
    -----
    Mann (1945), Kendall (1975): Var S = (n (n − 1)(2n + 5) − Σ t (t − 1)(2t + 5)) / 18 over groups of t equal
    values.
    """
    series = np.ascontiguousarray(series, dtype=np.float64)
    if series.ndim != 2:
        raise ValueError(f"series must have the shape (places, steps), not {series.shape}")
    if not np.isfinite(series).all():
        raise ValueError("series must be finite")
    score, ties = _scores(series)
    n = series.shape[1]
    variance = (n * (n - 1) * (2 * n + 5) - ties) / 18.0
    moved = score - np.sign(score)
    z = np.divide(moved, np.sqrt(variance), out=np.zeros(len(score)), where=variance > 0)
    return Trend(score=score, variance=variance, z=z, p=2.0 * ndtr(-np.abs(z)))


@njit(cache=True, nogil=True)
def _scores(series):  # type: ignore[no-untyped-def]
    """S and Σ t (t − 1)(2t + 5) of every row."""
    places, steps = series.shape
    score = np.zeros(places, dtype=np.int64)
    ties = np.zeros(places, dtype=np.int64)
    for place in range(places):
        row = series[place]
        total = 0
        for late in range(1, steps):
            for early in range(late):
                total += (row[late] > row[early]) - (row[late] < row[early])
        score[place] = total
        ordered = np.sort(row)
        run = 1
        for at in range(1, steps + 1):
            if at < steps and ordered[at] == ordered[at - 1]:
                run += 1
            else:
                ties[place] += run * (run - 1) * (2 * run + 5)
                run = 1
    return score, ties
