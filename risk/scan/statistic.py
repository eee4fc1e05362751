"""Log likelihood ratios of a scan, and the least count that reaches a level."""

import math

import numpy as np
from numba import njit

HALVINGS = 34
POISSON, BERNOULLI = 0, 1
"""The permutation model uses the Poisson form with its own expected counts."""


@njit(cache=True, nogil=True)
def ratio(kind, count, measure, cases, total):  # type: ignore[no-untyped-def]
    """Log likelihood ratio of one window, whichever side of its expectation it lies on.

    Parameters
    ----------
    kind
        `POISSON` or `BERNOULLI`.
    count, measure
        Cases in the window, and expected cases (Poisson) or cases and controls (Bernoulli).
    cases, total
        The same for the whole study.

    Notes
    -----
    Kulldorff (1997): Poisson c ln(c/e) + (C − c) ln((C − c)/(C − e)); Bernoulli the difference of the
    maximised log likelihoods with and without a window.
    """
    if kind == POISSON:
        value = 0.0
        if count > 0:
            value += count * math.log(count / measure)
        if cases > count:
            value += (cases - count) * math.log((cases - count) / (total - measure))
        return value
    value = _entropy(count, measure) + _entropy(cases - count, total - measure)
    return value - _entropy(cases, total)


@njit(cache=True, nogil=True)
def _entropy(count, measure):  # type: ignore[no-untyped-def]
    """Maximised Bernoulli log likelihood of `count` out of `measure`."""
    value = 0.0
    if count > 0:
        value += count * math.log(count / measure)
    if measure > count:
        value += (measure - count) * math.log((measure - count) / measure)
    return value


@njit(cache=True, nogil=True)
def excess(count, measure, cases, total):  # type: ignore[no-untyped-def]
    """How far the count lies above (positive) or below its expectation."""
    return count - measure * (cases / total)


@njit(cache=True, nogil=True)
def cannot_exceed(kind, count, measure, cases, total, level):  # type: ignore[no-untyped-def]
    """True only where the ratio is surely not above `level`: no logarithm needed.

    The ratio is a Kullback-Leibler divergence, which its chi-square never falls below.
    """
    expected = measure * (cases / total)
    # Both sides are multiplied out: this runs for every window, and a division costs more than all the rest.
    square = (count - expected) * (count - expected) * cases
    bound = level * expected * (cases - expected) * (1.0 - 1e-9)
    if kind == BERNOULLI:
        return square * total <= bound * (total - cases)
    return square <= bound


@njit(cache=True, nogil=True)
def high_limits(kind, cases, total, level, largest):  # type: ignore[no-untyped-def]
    """For each count, the largest measure at which it is still high enough to reach `level`.

    Returns
    -------
    Up to the first count whose measure is at least `largest`, at most shape (cases + 1,). Not decreasing; −1 where no
    measure will do. A hair too large rather than too small.
    """
    limits = np.full(cases + 1, -1.0)
    for count in range(1, cases + 1):
        low = float(count) if kind == BERNOULLI else 0.0
        high = count * (total / cases)
        if kind == BERNOULLI and (low >= high or ratio(kind, count, low, cases, total) < level):
            continue
        for _ in range(HALVINGS):
            middle = 0.5 * (low + high)
            if ratio(kind, count, middle, cases, total) >= level:
                low = middle
            else:
                high = middle
        limits[count] = high * (1.0 + 1e-9)
        if limits[count] >= largest:
            return limits[: count + 1]
    return limits


@njit(cache=True, nogil=True)
def low_limits(kind, cases, total, level):  # type: ignore[no-untyped-def]
    """For each count, the least measure at which it is low enough to reach `level`; infinite where none will do."""
    limits = np.full(cases + 1, np.inf)
    for count in range(cases):
        low = count * (total / cases)
        high = total - (cases - count) if kind == BERNOULLI else total * (1.0 - 1e-12)
        if low >= high or ratio(kind, count, high, cases, total) < level:
            continue
        for _ in range(HALVINGS):
            middle = 0.5 * (low + high)
            if ratio(kind, count, middle, cases, total) >= level:
                high = middle
            else:
                low = middle
        limits[count] = low * (1.0 - 1e-9)
    return limits
