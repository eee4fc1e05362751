"""Intervals of a gain: paired blocks of weeks, drawn with replacement.

The circular block bootstrap of Politis & Romano (1992).
"""

from functools import lru_cache

import numpy as np

BLOCK = 4
"""Consecutive weeks that stay together, since neighbouring weeks are alike."""


def ratio_interval(
    model: np.ndarray, other: np.ndarray, *, block: int = BLOCK, draws: int = 4000, share: float = 0.95, seed: int = 0
) -> tuple[float, float]:
    """Interval of sum(model) / sum(other) over weeks.

    Parameters
    ----------
    model, other
        Weekly sums of a loss, of the same weeks, shape (weeks,).
    block
        Consecutive weeks that stay together.
    """
    weeks = len(model)
    if weeks != len(other) or not weeks:
        raise ValueError(f"expected the same weeks for both, found {weeks} and {len(other)}")
    drawn = _drawn(weeks, block, draws, seed)
    ratios = (drawn @ model) / (drawn @ other)
    low, high = np.quantile(ratios, [(1 - share) / 2, (1 + share) / 2])
    return float(low), float(high)


@lru_cache(maxsize=8)
def _drawn(weeks: int, block: int, draws: int, seed: int) -> np.ndarray:
    """How often each draw holds each week, shape (draws, weeks): the same draws for all that is compared."""
    rng = np.random.default_rng(seed)
    starts = rng.integers(0, weeks, (draws, -(-weeks // block)))
    drawn = ((starts[:, :, None] + np.arange(block)) % weeks).reshape(draws, -1)[:, :weeks]
    return np.apply_along_axis(np.bincount, 1, drawn, minlength=weeks).astype(np.float64)
