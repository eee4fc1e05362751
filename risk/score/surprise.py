"""How unlikely the last windows were under the forecast made before them."""

import numpy as np
from scipy.stats import nbinom


def tail(observed: np.ndarray, expected: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Probability of so many or more under a negative binomial of variance m + alpha m².

    Parameters
    ----------
    observed
        Counts.
    expected, alpha
        Mean and dispersion, positive; all of one shape.

    Returns
    -------
    In (0, 1]; 1 where nothing was observed.
    """
    size = 1 / np.maximum(alpha, 1e-9)
    probability = nbinom.sf(observed - 1, size, 1 / (1 + alpha * expected))
    return np.clip(np.asarray(probability, np.float64), 1e-300, 1.0)


def either(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """P-value of two windows of which the less likely is looked at (Bonferroni), at most 1."""
    return np.minimum(1.0, 2 * np.minimum(one, other))


def adjusted(p: np.ndarray) -> np.ndarray:
    """Benjamini & Hochberg (1995) adjusted p-values: the least false-discovery rate at which each is a discovery.

    Of any shape; all of it is one family.
    """
    flat = p.ravel()
    if not flat.size:
        return p.copy()
    order = np.argsort(flat, kind="stable")
    scaled = flat[order] * flat.size / np.arange(1, flat.size + 1)
    least = np.minimum.accumulate(scaled[::-1])[::-1]
    found = np.empty_like(flat)
    found[order] = np.minimum(least, 1.0)
    return found.reshape(p.shape)
