"""Intervals of a gain: paired blocks of weeks, drawn with replacement.

The circular block bootstrap of Politis & Romano (1992).
"""

import numpy as np


def ratio_interval(
    model: np.ndarray, other: np.ndarray, *, block: int = 4, draws: int = 4000, share: float = 0.95, seed: int = 0
) -> tuple[float, float]:
    """Interval of sum(model) / sum(other) over weeks.

    Parameters
    ----------
    model, other
        Weekly sums of a loss, of the same weeks, shape (weeks,).
    block
        Consecutive weeks that stay together, since neighbouring weeks are alike.
    """
    weeks = len(model)
    if weeks != len(other) or not weeks:
        raise ValueError(f"expected the same weeks for both, found {weeks} and {len(other)}")
    rng = np.random.default_rng(seed)
    starts = rng.integers(0, weeks, (draws, -(-weeks // block)))
    drawn = ((starts[:, :, None] + np.arange(block)) % weeks).reshape(draws, -1)[:, :weeks]
    ratios = model[drawn].sum(axis=1) / other[drawn].sum(axis=1)
    low, high = np.quantile(ratios, [(1 - share) / 2, (1 + share) / 2])
    return float(low), float(high)
