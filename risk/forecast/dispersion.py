"""Intervals of counts: a negative binomial whose dispersion depends on the volume."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaln
from scipy.stats import nbinom

LEAST = 1e-4
"""Dispersion is kept between this (nearly Poisson) and 5."""
MOST = 5.0


@dataclass(frozen=True)
class Dispersion:
    """Variance of a count with expected value m is m + alpha(m) m²; log alpha is quadratic in log m.

    Parameters
    ----------
    coefficients
        Of 1, log m and (log m)².
    lowest, highest
        log m between which it was learnt; it is flat beyond.
    """

    coefficients: tuple[float, float, float]
    lowest: float
    highest: float

    def alpha(self, expected: np.ndarray) -> np.ndarray:
        """Dispersion at each expected value."""
        size = np.clip(np.log(np.maximum(expected, 1e-9)), self.lowest, self.highest)
        constant, slope, bend = self.coefficients
        return np.clip(np.exp(np.clip(constant + slope * size + bend * size**2, -20, 5)), LEAST, MOST)

    def quantile(self, expected: np.ndarray, probability: float) -> np.ndarray:
        """Smallest count whose distribution function reaches `probability`."""
        alpha = self.alpha(expected)
        return np.asarray(nbinom.ppf(probability, 1 / alpha, 1 / (1 + alpha * expected)))

    def below(self, observed: np.ndarray, expected: np.ndarray) -> np.ndarray:
        """Distribution function at `observed`; 0 below zero."""
        alpha = self.alpha(expected)
        return np.asarray(nbinom.cdf(observed, 1 / alpha, 1 / (1 + alpha * expected)))


def learn_dispersion(observed: np.ndarray, expected: np.ndarray, *, most_rows: int = 60_000) -> Dispersion:
    """Maximum likelihood of the dispersion given forecasts and what came.

    Parameters
    ----------
    observed, expected
        Shape (rows,); rows of forecasts made before the counts were known, or nearly so.
    most_rows
        An even sample of the rows, ordered by expected value, is enough.
    """
    order = np.argsort(expected, kind="stable")
    kept = order[:: max(1, len(order) // most_rows)]
    count, mean = observed[kept], np.maximum(expected[kept], 1e-9)
    size = np.log(mean)
    lowest, highest = float(np.quantile(size, 0.02)), float(np.quantile(size, 0.99))
    bounded = np.clip(size, lowest, highest)

    def loss(at: np.ndarray) -> float:
        alpha = np.clip(np.exp(np.clip(at[0] + at[1] * bounded + at[2] * bounded**2, -20, 5)), LEAST, MOST)
        shape = 1 / alpha
        likely = gammaln(count + shape) - gammaln(shape) - shape * np.log1p(alpha * mean)
        likely += count * np.log(alpha * mean / (1 + alpha * mean))
        return float(-likely.mean() + 1e-4 * (at[1] ** 2 + at[2] ** 2))

    found = minimize(loss, np.array([-2.0, 0.0, 0.0]), method="Nelder-Mead", options={"maxiter": 300})
    constant, slope, bend = (float(each) for each in found.x)
    return Dispersion((constant, slope, bend), lowest, highest)
