"""Sums over the past of a place: column t holds what was known before week t began."""

import numpy as np


def decay(half_life: float) -> float:
    """What is left of a week's weight one week later."""
    return float(0.5 ** (1.0 / half_life))


def decayed(series: np.ndarray, half_life: float) -> np.ndarray:
    """Exponentially weighted sum of the weeks before each week.

    Parameters
    ----------
    series
        Shape (places, weeks).
    half_life
        Weeks after which a week counts half.

    Returns
    -------
    Shape (places, weeks + 1); column 0 is zero, the last column is for the week to come.
    """
    from scipy.signal import lfilter  # loads much, and what only reads forecasts needs none of it

    out = np.zeros((series.shape[0], series.shape[1] + 1))
    if series.shape[1]:
        out[:, 1:] = lfilter([1.0], [1.0, -decay(half_life)], series, axis=1)
    return out


def so_far(series: np.ndarray) -> np.ndarray:
    """Plain sum of the weeks before each week, shape (places, weeks + 1)."""
    out = np.zeros((series.shape[0], series.shape[1] + 1))
    np.cumsum(series, axis=1, out=out[:, 1:])
    return out


def between(series: np.ndarray, nearest: int, farthest: int) -> np.ndarray:
    """Sum of the weeks `farthest` to `nearest` (at least 1) before each week, shape (places, weeks + 1)."""
    if not 1 <= nearest <= farthest:
        raise ValueError(f"expected 1 <= nearest <= farthest, found {nearest} and {farthest}")
    sums = so_far(series)
    now = np.arange(series.shape[1] + 1)
    upper, lower = np.maximum(now - nearest + 1, 0), np.maximum(now - farthest, 0)
    return sums[:, upper] - sums[:, lower]


def coming(series: np.ndarray, weeks: int) -> np.ndarray:
    """Total of the next `weeks` weeks from each week on; NaN where they are not all known.

    The target of a forecast, never a feature. Shape (places, weeks + 1).
    """
    sums = so_far(series)
    out = np.full_like(sums, np.nan)
    whole = series.shape[1] + 1 - weeks
    if whole > 0:
        out[:, :whole] = sums[:, weeks:] - sums[:, :whole]
    return out
