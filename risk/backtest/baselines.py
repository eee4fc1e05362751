"""What anybody could forecast with a ruler: eight simple baselines, and a smoother that peeks."""

from dataclasses import dataclass

import numpy as np

from risk.forecast.memory import between, coming, decayed
from risk.forecast.surroundings import Surroundings

WEEKS_A_YEAR = 52
EWMA_HALF_LIFE = 13.0
SMOOTHERS = (8.0, 13.0, 20.0, 26.0, 39.0, 52.0)


@dataclass(frozen=True)
class Ring:
    """What lies in the first ring around each place: its counts, shape (places, weeks), and how many places it has."""

    counts: np.ndarray
    degree: np.ndarray


def ring_of(counts: np.ndarray, surroundings: Surroundings) -> Ring | None:
    """First ring around each place, None where there are no rings."""
    if not surroundings.rings:
        return None
    matrix = surroundings.rings[0]
    return Ring(matrix @ counts, np.asarray(matrix.sum(axis=1)))


def baselines(counts: np.ndarray, ring: Ring | None, *, horizon: int) -> dict[str, np.ndarray]:
    """Forecasts of the next `horizon` weeks' total before each week.

    Parameters
    ----------
    counts
        Shape (places, weeks).
    ring
        Of the places; None: each stands alone.

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
    around = year if ring is None else (year + _mean(ring.counts, WEEKS_A_YEAR)) / (ring.degree[:, None] + 1)
    found["self + ring 1"] = around * horizon
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
