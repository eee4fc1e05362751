"""What chance brings: strengths in data with permuted dates, the threshold they give, and the rate of alerts."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import beta, binom

from benchmarks.detecting.area import LOOKS_A_YEAR, Area, CountsAt
from benchmarks.detecting.methods import METHODS
from risk.scan.draws import draw_permuted, seeds_of

NOMINAL = 1 / LOOKS_A_YEAR
"""Share of looks that may raise a false alert: one in 365 days."""
SURE = 0.9
LEAST_NULLS = 150

Strengths = dict[str, np.ndarray]
Thresholds = dict[str, float]


@dataclass(frozen=True)
class Rate:
    """Looks with an alert among looks where nothing is."""

    alerts: int
    looks: int

    def figures(self, name: str = "false_alerts_per_365_days") -> dict[str, float | list[float]]:
        """Alerts in 365 days, and the 95 % interval of Clopper and Pearson (1934)."""
        low = beta.ppf(0.025, self.alerts, self.looks - self.alerts + 1) if self.alerts else 0.0
        high = beta.ppf(0.975, self.alerts + 1, self.looks - self.alerts) if self.alerts < self.looks else 1.0
        bounds = [round(float(bound) * LOOKS_A_YEAR, 2) for bound in (low, high)]
        return {name: round(self.alerts / max(self.looks, 1) * LOOKS_A_YEAR, 2), f"{name}_interval": bounds}

    def __add__(self, other: "Rate") -> "Rate":
        """Both together."""
        return Rate(self.alerts + other.alerts, self.looks + other.looks)


def null_strengths(area: Area, counts_at: CountsAt, looks: np.ndarray, *, nulls: int, seed: int) -> Strengths:
    """Strongest alert of each method in data whose dates are permuted, at looks drawn at random; 0 without one."""
    drawn = np.sort(np.random.default_rng(seed).choice(looks, nulls))
    strengths = {name: np.zeros(nulls) for name in METHODS}
    counts, last = np.zeros((0, 0), np.int64), -1
    for index, (look, state) in enumerate(zip(drawn.tolist(), seeds_of(seed, nulls), strict=True)):
        if look != last:
            counts, last = counts_at(look), look
        permuted = permute_dates(counts, np.array([state], dtype=np.uint64))
        for name, method in METHODS.items():
            strengths[name][index] = max((alert.strength for alert in method(area, permuted)), default=0.0)
    return strengths


def permute_dates(counts: np.ndarray, state: np.ndarray) -> np.ndarray:
    """The same incidents with their weeks shuffled: cells and weeks keep their totals."""
    place, week = np.nonzero(counts)
    times = counts[place, week]
    places, weeks = np.repeat(place, times).astype(np.int32), np.repeat(week, times).astype(np.int32)
    shuffled = np.zeros_like(counts)
    draw_permuted(shuffled, places, weeks, len(weeks), state)
    return shuffled


def thresholds_of(strengths: Strengths) -> Thresholds:
    """Threshold of each method."""
    return {name: threshold_of(values) for name, values in strengths.items()}


def threshold_of(values: np.ndarray) -> float:
    """The least of the values that chance exceeds, with 90 % certainty, no more often than once in 365 days.

    The quantile itself would be too low every other time. Of n draws, the k-th largest is exceeded with a probability
    that is beta(k, n + 1 − k); k is the largest that leaves it below the nominal rate with that certainty.

    Raises
    ------
    ValueError
        So few values that not even the largest will do.
    """
    if len(values) < LEAST_NULLS:
        raise ValueError(f"expected at least {LEAST_NULLS} permutations for a threshold, found {len(values)}")
    # P(beta(k, n + 1 − k) ≤ q) is P(binomial(n, q) ≥ k).
    rank = int(binom.ppf(1 - SURE, len(values), NOMINAL))
    return float(np.sort(values)[-rank])


def rate_of(strengths: np.ndarray, threshold: float) -> Rate:
    """How many looks raise an alert."""
    return Rate(int((strengths > threshold).sum()), len(strengths))
