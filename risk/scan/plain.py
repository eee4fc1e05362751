"""The scan as it is defined: every circle, every window, in double precision. Finds what was observed."""

import numpy as np
from numba import njit

from risk.scan.statistic import cannot_exceed, excess, ratio

HIGH, LOW, BOTH = 1, -1, 0


@njit(cache=True, nogil=True)
def best_of_each_centre(  # type: ignore[no-untyped-def]
    counts, measures, starts, members, complete, first, last, cases, total, kind, side, least_cases
):
    """Best circle and window around each centre.

    Parameters
    ----------
    counts, measures
        Shape (places, steps + 1): cases, and what they are compared with, before each step.
    starts, members, complete
        Circles, see `risk.scan.circles.Circles`.
    first, last
        Windows: steps [first, last) of each.
    cases, total
        Of the whole study.
    kind
        Form of the ratio, see `risk.scan.statistic`.
    side
        `HIGH`, `LOW` or `BOTH`.
    least_cases
        A high window needs this many cases.

    Returns
    -------
    Per centre: ratio (0 if nothing stands out), flat position of the last place of the circle, window.
    """
    centres = len(starts) - 1
    best = np.zeros(centres)
    where = np.full((centres, 2), -1, dtype=np.int64)
    inside, expected = np.zeros(counts.shape[1], np.int64), np.zeros(counts.shape[1])
    for centre in range(centres):
        inside[:] = 0
        expected[:] = 0.0
        for at in range(starts[centre], starts[centre + 1]):
            for edge in range(counts.shape[1]):
                inside[edge] += counts[members[at], edge]
                expected[edge] += measures[members[at], edge]
            if not complete[at]:
                continue
            for window in range(len(first)):
                count = inside[last[window]] - inside[first[window]]
                measure = expected[last[window]] - expected[first[window]]
                if measure <= 0.0 or measure >= total:
                    continue
                if cannot_exceed(kind, count, measure, cases, total, best[centre]):
                    continue
                if not of_interest(count, measure, cases, total, side, least_cases):
                    continue
                value = ratio(kind, count, measure, cases, total)
                if value > best[centre] + 1e-12:
                    best[centre] = value
                    where[centre, 0], where[centre, 1] = at, window
    return best, where


@njit(cache=True, nogil=True)
def of_interest(count, measure, cases, total, side, least_cases):  # type: ignore[no-untyped-def]
    """Whether a window lies on the side that is looked for and has the cases it needs."""
    above = excess(count, measure, cases, total)
    if above > 0.0:
        return side != LOW and count >= least_cases
    return side != HIGH and above < 0.0
