"""Measures of forecasts of counts."""

import numpy as np
import pandas as pd
from scipy.special import xlogy

from risk.forecast.dispersion import Dispersion

LEAST_EXPECTED = 1e-6
"""Forecasts of zero are floored here, or one incident would make them infinitely wrong."""
SHARES = (0.01, 0.05, 0.10)


def poisson_deviance(observed: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Unit deviance 2 (y log(y/m) - y + m), elementwise; expected counts floored at `LEAST_EXPECTED`."""
    mean = np.maximum(expected, LEAST_EXPECTED)
    return np.asarray(2 * (xlogy(observed, observed / mean) - observed + mean))


def flagged(expected: np.ndarray, share: float) -> np.ndarray:
    """Positions of the `share` (0-1) of places with the highest expected counts, at least one; ties by position."""
    return np.argsort(-expected, kind="stable")[: _most(share, len(expected))]


def hits(observed: np.ndarray, expected: np.ndarray, share: float) -> np.ndarray:
    """Incidents in the flagged places of each week; observed and expected of shape (places, weeks)."""
    return _caught(observed, expected, (share,))[0]


def _caught(observed: np.ndarray, expected: np.ndarray, shares: tuple[float, ...]) -> np.ndarray:
    """Incidents in the flagged places by share and week: sorted once for all shares."""
    order = np.argsort(-expected, axis=0, kind="stable")
    sums = np.cumsum(np.take_along_axis(observed, order, axis=0), axis=0)
    return np.stack([sums[_most(share, len(expected)) - 1] for share in shares])


def _most(share: float, places: int) -> int:
    return max(1, int(np.ceil(share * places)))


def ranking(observed: np.ndarray, expected: np.ndarray, shares: tuple[float, ...] = SHARES) -> pd.DataFrame:
    """Hit rate, PAI (Chainey, Tompson & Uhlig 2008) and PEI (Hunt 2016) over all weeks.

    Parameters
    ----------
    observed, expected
        Shape (places, weeks).

    Returns
    -------
    One row per share: `area_share` (as flagged), `hit_rate`, `pai` = hit rate over area share, `pei` = hits over the
    most hits the same number of places could have had.
    """
    caught = _caught(observed, expected, shares).sum(axis=1)
    best = _caught(observed, observed, shares).sum(axis=1)
    area = np.array([_most(share, len(expected)) / len(expected) for share in shares])
    rate = caught / max(observed.sum(), 1)
    columns = {"area_share": area, "hit_rate": rate, "pai": rate / area, "pei": caught / np.maximum(best, 1)}
    return pd.DataFrame(columns)


def randomised_pit(observed: np.ndarray, expected: np.ndarray, dispersion: Dispersion, *, seed: int) -> np.ndarray:
    """Randomised probability integral transform (Czado, Gneiting & Held 2009): uniform if the intervals are right.

    Whole-numbered intervals of small counts hold more than they promise; this measure does not mind.
    """
    upper = dispersion.below(observed, expected)
    lower = np.where(observed > 0, dispersion.below(observed - 1, expected), 0.0)
    return np.asarray(lower + np.random.default_rng(seed).random(observed.shape) * (upper - lower))


def coverage(transform: np.ndarray, share: float = 0.9) -> float:
    """Share of outcomes within the central `share` of their forecast distributions."""
    tail = (1 - share) / 2
    return float(((transform >= tail) & (transform <= 1 - tail)).mean())


def coverage_by_volume(
    transform: np.ndarray, expected: np.ndarray, *, share: float = 0.9, groups: int = 10
) -> list[float]:
    """Coverage in equal groups of rows from the lowest to the highest expected counts; no more groups than rows."""
    order = np.argsort(expected.ravel(), kind="stable")
    parts = np.array_split(transform.ravel()[order], max(1, min(groups, len(order))))
    return [coverage(part, share) for part in parts if len(part)]


def reliability(observed: np.ndarray, expected: np.ndarray, *, groups: int = 10) -> pd.DataFrame:
    """Mean observed beside mean expected in equal groups of rows by expected count: `expected`, `observed`, `rows`."""
    order = np.argsort(expected.ravel(), kind="stable")
    parts = np.array_split(order, groups)
    seen, said = observed.ravel(), expected.ravel()
    return pd.DataFrame(
        {"expected": said[part].mean(), "observed": seen[part].mean(), "rows": len(part)} for part in parts if len(part)
    )
