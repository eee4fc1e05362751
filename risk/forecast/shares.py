"""Which share of the area's incidents a place has: two views of the same past.

`gamma_share` is the empirical-Bayes gamma-Poisson map (Clayton & Kaldor 1987) of discounted counts, pulled towards the
places around; it is strong where counts are sparse. `filtered_share` follows each place by a Poisson state-space
filter (a fixed level plus a deviation that fades), whose gain grows with volume; it is strong where counts are dense.
Both use the area's actual totals as exposure, so that a busy week everywhere moves no place.
"""

import numpy as np
from numba import njit
from scipy.sparse import csr_array

from risk.forecast.memory import decayed, so_far

OTHER_KINDS = 0.6
"""How much of a sparse kind's prior comes from the other kinds at the place; the rest from the places around."""
RING_WEIGHT = 0.3
"""Weight of the second ring beside the first."""


def prior_share(counts: np.ndarray, around: csr_array | None) -> np.ndarray:
    """Share a place would have by what surrounds it: the geometric mean of its surroundings' and of an equal share.

    Parameters
    ----------
    counts
        Shape (places, weeks).
    around
        0/1 matrix of who lies around whom, without the place itself; None where nothing is known.

    Returns
    -------
    Shape (places, weeks + 1), column t from the weeks before t.
    """
    places = counts.shape[0]
    equal = np.full((places, counts.shape[1] + 1), 1.0 / places)
    if around is None:
        return equal
    seen = around @ so_far(counts)
    total = np.maximum(so_far(counts.sum(axis=0, keepdims=True)), 1.0)
    degree = around.sum(axis=1)[:, None]
    nearby = (seen + 2.0) / (degree + 0.5) / total
    return np.sqrt(np.maximum(nearby, 1e-7) * equal)


def informed_prior(own: np.ndarray, others: np.ndarray, rings: tuple[csr_array, ...]) -> np.ndarray:
    """Prior share of a sparse kind: other kinds at the place and the kind itself at the places around.

    Parameters
    ----------
    own, others
        Shares of the kind and of all other kinds, shape (places, weeks + 1), columns known before each week.
    rings
        0/1 matrices, nearest first; empty where nothing is known.
    """
    if not rings:
        prior = others**OTHER_KINDS * (1.0 / len(own)) ** (1 - OTHER_KINDS)
        return prior / prior.sum(axis=0)
    seen, degree = np.zeros_like(own), np.zeros((len(own), 1))
    for number, ring in enumerate(rings):
        seen += RING_WEIGHT**number * (ring @ own)
        degree += RING_WEIGHT**number * ring.sum(axis=1)[:, None]
    nearby = seen / (degree + 0.1) + 1e-7
    prior = others**OTHER_KINDS * nearby ** (1 - OTHER_KINDS)
    return np.asarray(prior / prior.sum(axis=0))


def gamma_share(counts: np.ndarray, prior: np.ndarray, *, half_life: float, shape: float) -> np.ndarray:
    """Posterior mean share of each place before each week, summing to 1 in every week.

    Parameters
    ----------
    counts
        Shape (places, weeks).
    prior
        Prior mean, as `prior_share` gives it.
    half_life
        Weeks after which a week counts half; infinity for plain sums.
    shape
        Shape of the gamma prior: incidents that the prior is worth.
    """
    totals = counts.sum(axis=0, keepdims=True)
    seen, exposure = decayed(counts, half_life), decayed(totals, half_life)
    share = (seen + shape) / (exposure + shape / prior)
    return share / share.sum(axis=0)


def filtered_share(counts: np.ndarray, *, level: float, deviation: float, persistence: float) -> np.ndarray:
    """Share of each place before each week by a Poisson state-space filter, summing to 1 in every week.

    log share = a + b_t, a ~ N(m, level²), b_t = persistence · b_(t-1) + noise with stationary variance deviation²;
    the observation enters by Newton steps to the mode of log share (Laplace), scalar because only a + b_t is seen.

    Parameters
    ----------
    counts
        Shape (places, weeks).
    level, deviation
        Standard deviations on the logarithmic scale.
    persistence
        What is left of a deviation a week later, 0 to 1.
    """
    totals = np.ascontiguousarray(counts.sum(axis=0))
    start = -np.log(max(counts.shape[0], 1)) - level**2 / 2
    settings = np.array([start, level**2, deviation**2, persistence])
    share = np.exp(_filter(np.ascontiguousarray(counts), totals, settings))
    return share / share.sum(axis=0)


@njit(cache=True)
def _filter(counts: np.ndarray, totals: np.ndarray, settings: np.ndarray) -> np.ndarray:
    places, weeks = counts.shape
    start, level, deviation, persistence = settings
    noise = deviation * (1.0 - persistence * persistence)
    out = np.empty((places, weeks + 1))
    for place in range(places):
        fixed, moving = start, 0.0
        var_fixed, cross, var_moving = level, 0.0, deviation
        for week in range(weeks + 1):
            if week > 0:
                moving *= persistence
                cross *= persistence
                var_moving = persistence * persistence * var_moving + noise
            centre = fixed + moving
            variance = var_fixed + 2.0 * cross + var_moving
            out[place, week] = centre + 0.5 * variance
            if week == weeks or totals[week] <= 0.0:
                continue
            mode = centre
            for _ in range(5):
                mean = totals[week] * np.exp(mode)
                step = ((mode - centre) / variance - counts[place, week] + mean) / (1.0 / variance + mean)
                mode -= min(max(step, -2.0), 2.0)
            left = 1.0 / (1.0 / variance + totals[week] * np.exp(mode))
            gain_fixed, gain_moving = (var_fixed + cross) / variance, (cross + var_moving) / variance
            fixed += gain_fixed * (mode - centre)
            moving += gain_moving * (mode - centre)
            gone = variance - left
            var_fixed -= gain_fixed * gain_fixed * gone
            cross -= gain_fixed * gain_moving * gone
            var_moving -= gain_moving * gain_moving * gone
    return out
