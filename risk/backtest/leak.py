"""Proof that a forecast does not know the future: replace the future by noise and look for a single bit that moved."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from risk.forecast.counts import WeeklyCounts


class LeakError(ValueError):
    """A forecast moved when only the future changed."""


def with_noise_from(history: WeeklyCounts, week: int, *, seed: int = 0) -> WeeklyCounts:
    """The same history with all counts from `week` on replaced by noise of a quite different size."""
    counts = history.counts.copy()
    rng = np.random.default_rng(seed)
    counts[:, :, week:] = rng.poisson(3 * counts.mean() + 1, counts[:, :, week:].shape)
    return replace(history, counts=counts)


def check_no_leak(forecast: Callable[[WeeklyCounts], np.ndarray], history: WeeklyCounts, *, week: int) -> None:
    """Raise unless all forecasts made up to `week` stay the same to the bit when the weeks from `week` on change.

    Parameters
    ----------
    forecast
        Takes a history and gives forecasts (or features) of shape (places, origins, …): column t is what is said at
        the beginning of week t.

    Raises
    ------
    LeakError
        A forecast made at or before the beginning of `week` differs.
    """
    told = forecast(history)[:, : week + 1]
    retold = forecast(with_noise_from(history, week))[:, : week + 1]
    same = (told == retold) | (np.isnan(told) & np.isnan(retold))
    if not same.all():
        first = int(np.argwhere(~same)[:, 1].min())
        raise LeakError(f"the forecast made before week {first} changed with the counts of week {week} and later")
