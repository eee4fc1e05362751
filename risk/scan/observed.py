"""What `risk.scan.plain` finds among windows of any end, with all windows of a length looked at together."""

import numpy as np
from numba import njit

from risk.scan.plain import LOW, of_interest
from risk.scan.statistic import BERNOULLI, ratio

_U = np.uint64


@njit(cache=True, nogil=True)
def best_anywhere(counts, measures, starts, members, complete, lengths, cases, total, kind, side, least_cases):  # type: ignore[no-untyped-def]
    """Best circle and window around each centre: parameters and result as of `risk.scan.plain.best_of_each_centre`.

    Windows are those of 1, 2, … `lengths` steps, in the order of `risk.scan.windows.windows_of`; counts are float64.
    """
    centres, edges = len(starts) - 1, counts.shape[1]
    best = np.zeros(centres)
    where = np.full((centres, 2), -1, dtype=np.int64)
    inside, expected = np.zeros(edges), np.zeros(edges)
    for centre in range(centres):
        inside[:] = 0.0
        expected[:] = 0.0
        for at in range(starts[centre], starts[centre + 1]):
            place = _U(members[at])
            for edge in range(_U(edges)):
                inside[edge] += counts[place, edge]
                expected[edge] += measures[place, edge]
            if not complete[at]:
                continue
            window = 0
            for length in range(1, lengths + 1):
                if _any_exceeds(inside, expected, _U(length), kind, cases, total, side, best[centre]):
                    for first in range(edges - length):
                        count = np.int64(inside[first + length] - inside[first])
                        measure = expected[first + length] - expected[first]
                        if measure <= 0.0 or measure >= total:
                            continue
                        if not of_interest(count, measure, cases, total, side, least_cases):
                            continue
                        value = ratio(kind, count, measure, cases, total)
                        if value > best[centre] + 1e-12:
                            best[centre] = value
                            where[centre, 0], where[centre, 1] = at, window + first
                window += edges - length
    return best, where


@njit(cache=True, nogil=True)
def _any_exceeds(inside, expected, length, kind, cases, total, side, level):  # type: ignore[no-untyped-def]
    """False only where no window of a length can have a ratio above `level`: `cannot_exceed`, without a branch."""
    scale = cases / total
    factor = level * (1.0 - 1e-9) * ((total - cases) / total if kind == BERNOULLI else 1.0) / cases
    high, low = (0.0 if side == LOW else 1.0), (0.0 if side > 0 else 1.0)
    reached = 0
    for first in range(_U(len(inside)) - length):
        mean = (expected[first + length] - expected[first]) * scale
        off = inside[first + length] - inside[first] - mean
        wanted = high if off > 0.0 else low
        reached += off * off * wanted > factor * mean * (cases - mean)
    return reached > 0
