"""What the kernels of `risk.scan.lanes` are handed: circles, thresholds, and the exact ratio of a window."""

from typing import NamedTuple

import numpy as np
from numba import njit

from risk.scan.plain import of_interest
from risk.scan.statistic import cannot_exceed, ratio


class Rings(NamedTuple):
    """Circles as in `risk.scan.circles.Circles`, with the table row of each (flat, int32).

    With `coarse` above 0 one row of the table serves 2 ** `coarse` numbers of cases: their smallest thresholds.
    """

    starts: np.ndarray
    members: np.ndarray
    complete: np.ndarray
    rows: np.ndarray
    coarse: int = 0


class Yardstick(NamedTuple):
    """What a window is compared with, in double precision.

    `shares` is the share of all cases before each step where a row is a number of cases (permutation without
    strata); it is empty where a row is a circle, and `measures` (places × edges, cumulated) is summed instead.
    """

    kind: int
    cases: int
    total: float
    side: int
    least_cases: int
    shares: np.ndarray
    measures: np.ndarray


@njit(cache=True, nogil=True)
def better(best, count, first, last, at, centre, rings, yard):  # type: ignore[no-untyped-def]
    """The ratio of one window if it is above `best`, else `best`."""
    if len(yard.shares):
        measure = rings.rows[at] * (yard.shares[last] - yard.shares[first])
    else:
        before, after = 0.0, 0.0
        for position in range(rings.starts[centre], at + 1):
            before += yard.measures[rings.members[position], first]
            after += yard.measures[rings.members[position], last]
        measure = after - before
    return larger(best, count, measure, yard)


@njit(cache=True, nogil=True)
def larger(best, count, measure, yard):  # type: ignore[no-untyped-def]
    """The ratio of a count against a measure if it is above `best`, else `best`."""
    if measure <= 0.0 or measure >= yard.total:
        return best
    if cannot_exceed(yard.kind, count, measure, yard.cases, yard.total, best):
        return best
    if not of_interest(count, measure, yard.cases, yard.total, yard.side, yard.least_cases):
        return best
    return max(best, ratio(yard.kind, count, measure, yard.cases, yard.total))
