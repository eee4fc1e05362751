"""The largest ratio of a replication without a logarithm per window.

Three ideas, all exact:

- The expected count of a circle and window does not change between replications, so a table holds the least count
  that reaches a level there. Only a window that reaches it is computed in double precision.
- Windows lie side by side in memory: one processor instruction compares sixteen of them.
- A circle that stays `slack` cases short of its table cannot be reached by a larger one until `slack` cases have
  been added, as thresholds only rise with the circle. Groups of windows are passed over until then.

`risk.scan.plain` computes the same without any of this, and is what the tests compare it with.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from risk.scan.plain import of_interest
from risk.scan.statistic import cannot_exceed, ratio


class Rings(NamedTuple):
    """Circles as in `risk.scan.circles.Circles`, with the table row of each (flat, int32)."""

    starts: np.ndarray
    members: np.ndarray
    complete: np.ndarray
    rows: np.ndarray


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
        for member in rings.members[rings.starts[centre] : at + 1]:
            before += yard.measures[member, first]
            after += yard.measures[member, last]
        measure = after - before
    if measure <= 0.0 or measure >= yard.total:
        return best
    if cannot_exceed(yard.kind, count, measure, yard.cases, yard.total, best):
        return best
    if not of_interest(count, measure, yard.cases, yard.total, yard.side, yard.least_cases):
        return best
    return max(best, ratio(yard.kind, count, measure, yard.cases, yard.total))


@njit(cache=True, nogil=True)
def largest_ending_last(windows, table, groups, rings, yard, steps):  # type: ignore[no-untyped-def]
    """Largest ratio over windows that end with the last step.

    Parameters
    ----------
    windows
        Shape (places, lanes): cases in the last 1, 2, 3, … steps; negative for low rates, 0 beyond the longest.
    table
        Shape (rows, lanes), same type: least entry of `windows`, summed over a circle, that reaches the level.
    groups
        Lanes are looked at in runs that end before these positions.
    steps
        Steps of the study period.
    """
    best = 0.0
    inside = np.zeros(windows.shape[1], windows.dtype)
    slack = np.zeros(len(groups), np.int64)
    for centre in range(len(rings.starts) - 1):
        inside[:] = 0
        slack[:] = 0
        for at in range(rings.starts[centre], rings.starts[centre + 1]):
            added = windows[rings.members[at]]
            for lane in range(len(inside)):
                inside[lane] += added[lane]
            for group in range(len(groups)):
                slack[group] -= added[groups[group] - 1]
                if slack[group] > 0 or not rings.complete[at]:
                    continue
                begin = 0 if group == 0 else groups[group - 1]
                short = _least_slack(inside[begin : groups[group]], table[rings.rows[at], begin : groups[group]])
                slack[group] = short if yard.side > 0 else 0
                if short > 0:
                    continue
                for lane in range(begin, groups[group]):
                    if inside[lane] >= table[rings.rows[at], lane]:
                        count = abs(np.int64(inside[lane]))
                        best = better(best, count, steps - 1 - lane, steps, at, centre, rings, yard)
    return best


@njit(cache=True, nogil=True)
def _least_slack(inside, table):  # type: ignore[no-untyped-def]
    """How far the nearest lane is below its threshold."""
    least = table[0] - inside[0]
    for lane in range(1, len(inside)):
        least = min(least, table[lane] - inside[lane])
    return least


@njit(cache=True, nogil=True)
def largest_anywhere(edges, most, table, rings, yard, steps):  # type: ignore[no-untyped-def]
    """Largest ratio over windows of any end, up to the longest length.

    Parameters
    ----------
    edges
        Shape (places, lanes): cases before each step, and in all; negative for low rates.
    most
        Shape (places, lengths): most cases in any window of 1, 2, 3, … steps.
    table
        Shape (rows, lengths, lanes): threshold of the window of that length that ends at the lane's edge; beyond
        reach where there is none.
    """
    best = 0.0
    lengths = most.shape[1]
    inside = np.zeros(edges.shape[1], edges.dtype)
    slack = np.zeros(lengths, np.int32)
    for centre in range(len(rings.starts) - 1):
        inside[:] = 0
        slack[:] = 0
        for at in range(rings.starts[centre], rings.starts[centre + 1]):
            least = _add(inside, edges[rings.members[at]], slack, most[rings.members[at]])
            if least > 0 or not rings.complete[at]:
                continue
            of_row = table[rings.rows[at]]
            for index in range(lengths):
                if slack[index] > 0:
                    continue
                short = _least_slack_of_length(inside, of_row[index], index + 1, steps)
                slack[index] = short if yard.side > 0 else 0
                if short > 0:
                    continue
                for edge in range(index + 1, steps + 1):
                    count = np.int64(inside[edge]) - np.int64(inside[edge - index - 1])
                    if count >= of_row[index, edge]:
                        best = better(best, abs(count), edge - index - 1, edge, at, centre, rings, yard)
    return best


@njit(cache=True, nogil=True)
def _add(inside, added, slack, most):  # type: ignore[no-untyped-def]
    """Add a place to a circle; returns the least slack that is left."""
    for lane in range(len(inside)):
        inside[lane] += added[lane]
    least = np.int32(1 << 30)
    for length in range(len(slack)):
        slack[length] -= most[length]
        least = min(least, slack[length])
    return least


@njit(cache=True, nogil=True)
def _least_slack_of_length(inside, table, length, steps):  # type: ignore[no-untyped-def]
    """How far the nearest window of a length is below its threshold."""
    upper, lower, level = inside[length : steps + 1], inside[: steps + 1 - length], table[length : steps + 1]
    least = level[0] - upper[0] + lower[0]
    for lane in range(1, len(upper)):
        least = min(least, level[lane] - upper[lane] + lower[lane])
    return least


@njit(cache=True, nogil=True)
def most_of_each_length(edges, most, steps):  # type: ignore[no-untyped-def]
    """Fill `most`: for each place and length, the most cases in any window of that length."""
    for place in range(edges.shape[0]):
        for index in range(most.shape[1]):
            highest = edges[place, index + 1] - edges[place, 0]
            for edge in range(index + 2, steps + 1):
                highest = max(highest, edges[place, edge] - edges[place, edge - index - 1])
            most[place, index] = highest
