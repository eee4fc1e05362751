"""How many incidents the whole area will have: a level that drifts, the season, and the holidays.

A dynamic Poisson regression (West, Harrison & Migon 1985, by Laplace steps): log expected total = level + harmonics of
the year + festival windows; the level is a random walk, the rest are coefficients with a normal prior around zero, so
that a short history says "no season" by itself. A grid of settings runs in parallel and is weighted by how well each
one foretold the weeks before (Bayesian model averaging); no week is seen before it is foretold.
"""

from itertools import product

import numpy as np
from scipy.special import gammaln

from risk.forecast.counts import DAYS_A_WEEK
from risk.holidays import festival_shares

HARMONICS = 2
DRIFTS = (0.004, 0.008)
"""Standard deviation of the level's weekly step."""
SEASONS = (0.05, 0.1, 0.2)
"""Prior standard deviation of the first harmonic's coefficients; the k-th has 1/k² of it."""
SPREADS = (3.0, 6.0, 12.0)
"""Variance of a week's total over its mean."""
FESTIVAL = 0.5
"""Prior standard deviation of a festival window's coefficient."""
DAYS_A_YEAR = 365.2425
LEAST_REPORTED = 0.2
"""A week of which less is known yet says nothing about the level."""


def expected_totals(
    totals: np.ndarray,
    *,
    first_day: int,
    horizons: tuple[int, ...],
    festivals: bool,
    reported: np.ndarray | None = None,
) -> dict[int, np.ndarray]:
    """Expected total of the next weeks, as it was foretold before each week.

    Parameters
    ----------
    totals
        Weekly totals, shape (weeks,).
    first_day
        Day number on which week 0 begins.
    horizons
        How many weeks from the origin on are summed, for example (1, 4).
    festivals
        Whether weeks around holidays have coefficients of their own.
    reported
        Share of each week's incidents that is in `totals` yet, shape (weeks,); all unless given. What is foretold is
        always the whole.

    Returns
    -------
    By horizon, shape (weeks + 1,): entry t uses `totals[:t]` only; entry 0 is a guess of one a week.
    """
    weeks = len(totals)
    known = np.ones(weeks) if reported is None else reported
    design = _design(first_day, weeks + max(horizons) + 1, festivals)
    settings = np.array(list(product(DRIFTS, SEASONS, SPREADS)))
    state, spread, walk = _start(settings, design.shape[1], float(totals[0]) if weeks else 1.0)
    evidence = np.zeros(len(settings))
    out = {horizon: np.ones(weeks + 1) * horizon for horizon in horizons}
    for week in range(weeks + 1):
        if week:
            spread = spread + walk
            weight = np.exp(evidence - evidence.max())
            weight /= weight.sum()
            ahead = np.exp(np.clip(state @ design[week : week + max(horizons)].T, -30, 30))
            for horizon in horizons:
                out[horizon][week] = float(weight @ ahead[:, :horizon].sum(axis=1))
        if week < weeks and known[week] >= LEAST_REPORTED:
            seen = float(totals[week]), float(known[week])
            state, spread, gain = _update(state, spread, design[week], seen, settings[:, 2])
            evidence = 0.98 * evidence + (gain if week else 0.0)
    return out


def _design(first_day: int, weeks: int, festivals: bool) -> np.ndarray:
    middle = first_day + DAYS_A_WEEK * np.arange(weeks) + DAYS_A_WEEK / 2
    angle = 2 * np.pi * middle[:, None] / DAYS_A_YEAR * np.arange(1, HARMONICS + 1)
    columns = [np.ones((weeks, 1)), np.cos(angle), np.sin(angle)]
    if festivals:
        columns.append(festival_shares(first_day, weeks))
    return np.hstack(columns)


def _start(settings: np.ndarray, width: int, first: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    state = np.zeros((len(settings), width))
    state[:, 0] = np.log(first + 0.5)
    prior = np.full((len(settings), width), FESTIVAL**2)
    prior[:, 0] = 4.0
    order = np.tile(np.arange(1, HARMONICS + 1), 2)
    prior[:, 1 : 1 + 2 * HARMONICS] = (settings[:, 1:2] / order**2) ** 2
    walk = np.zeros((len(settings), width, width))
    walk[:, 0, 0] = settings[:, 0] ** 2
    return state, prior[:, :, None] * np.eye(width), walk


def _update(
    state: np.ndarray, spread: np.ndarray, row: np.ndarray, seen: tuple[float, float], over: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One week's total and the share of it that is reported taken in.

    Also the log of how likely each setting held it (negative binomial).
    """
    total, share = seen
    cross = spread @ row
    variance = cross @ row
    centre = state @ row
    eta = centre.copy()
    for _ in range(6):
        mean = share * np.exp(eta)
        step = ((eta - centre) / variance - (total - mean) / over) / (1 / variance + mean / over)
        eta = eta - np.clip(step, -2.0, 2.0)
    posterior = 1 / (1 / variance + share * np.exp(eta) / over)
    state = state + cross * ((eta - centre) / variance)[:, None]
    shrink = (variance - posterior) / variance**2
    spread = spread - shrink[:, None, None] * cross[:, :, None] * cross[:, None, :]
    mean = share * np.exp(np.clip(centre, -30, 30))
    size = mean / (over - 1 + mean * np.expm1(np.minimum(variance, 1.0)) + 1e-9)
    likely = gammaln(total + size) - gammaln(size) + size * np.log(size / (size + mean))
    return state, spread, likely + total * np.log(mean / (size + mean))
