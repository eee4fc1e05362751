"""What anybody could forecast with a ruler: eight simple baselines, and a smoother that peeks."""

import numpy as np

from risk.forecast.memory import between, coming, decayed
from risk.forecast.surroundings import Surroundings

WEEKS_A_YEAR = 52
EWMA_HALF_LIFE = 13.0
SMOOTHERS = (8.0, 13.0, 20.0, 26.0, 39.0, 52.0)


def baselines(counts: np.ndarray, surroundings: Surroundings, *, horizon: int) -> dict[str, np.ndarray]:
    """Forecasts of the next `horizon` weeks' total before each week.

    Parameters
    ----------
    counts
        Shape (places, weeks).

    Returns
    -------
    By name, shape (places, weeks + 1); column t from the weeks before t. Weekly means times the horizon; "same weeks
    last year" is the total of the weeks a year before the ones forecast; "self + ring 1" is the mean of the last 52
    weeks over the place and its first ring.
    """
    year = _mean(counts, WEEKS_A_YEAR)
    found = {
        "last week": _mean(counts, 1),
        "mean of 4 weeks": _mean(counts, 4),
        "mean of 13 weeks": _mean(counts, 13),
        "mean of 52 weeks": year,
        "all history": _mean(counts, counts.shape[1] + 1),
        "EWMA 13 weeks": _ewma(counts),
    }
    found = {name: each * horizon for name, each in found.items()}
    last_year = np.zeros_like(year)
    ago = coming(counts, horizon)
    last_year[:, WEEKS_A_YEAR:] = np.nan_to_num(ago[:, : max(0, ago.shape[1] - WEEKS_A_YEAR)])
    found["same weeks last year"] = last_year
    ring = surroundings.rings[0] if surroundings.rings else None
    degree = 1 if ring is None else ring.sum(axis=1)[:, None] + 1
    found["self + ring 1"] = (year if ring is None else (year + ring @ year)) / degree * horizon
    return found


def _mean(counts: np.ndarray, weeks: int) -> np.ndarray:
    length = np.clip(np.arange(counts.shape[1] + 1), 1, weeks)
    return between(counts, 1, weeks) / length


def _ewma(counts: np.ndarray) -> np.ndarray:
    weight = decayed(np.ones((1, counts.shape[1])), EWMA_HALF_LIFE)
    return decayed(counts, EWMA_HALF_LIFE) / np.maximum(weight, 1.0)


def two_sided(counts: np.ndarray, *, half_life: float, shape: float = 0.3) -> np.ndarray:
    """Smoother that sees past and future, only not the count itself: what is left to win, never a forecast.

    Share of each place from exponentially weighted weeks on both sides (a gamma prior of `shape` incidents towards an
    equal share), times how busy the week was at all other places. Shape (places, weeks).
    """
    places, weeks = counts.shape
    totals = counts.sum(axis=0, keepdims=True)
    seen = decayed(counts, half_life)[:, :weeks] + _after(counts, half_life)
    exposure = decayed(totals, half_life)[:, :weeks] + _after(totals, half_life)
    share = (seen + shape) / (exposure + shape * places)
    share /= share.sum(axis=0)
    elsewhere = (totals - counts) / np.maximum(1 - share, 1e-9)
    return share * elsewhere


def _after(series: np.ndarray, half_life: float) -> np.ndarray:
    """`decayed`, looking ahead: weights of the weeks after each week."""
    return decayed(series[:, ::-1], half_life)[:, :-1][:, ::-1]
