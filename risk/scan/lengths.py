"""The largest ratio of a replication over windows of any end, without a logarithm per window.

As in `risk.scan.lanes`, thresholds of a level replace logarithms, and windows of one length lie side by side in
memory. On top of that, a circle that stays `slack` cases short of its thresholds cannot be reached by a larger one
until `slack` cases have been added, as thresholds only rise with the circle. Windows of a length are passed over until
then.

`risk.scan.plain` computes the same without any of this, and is what the tests compare it with.
"""

import numpy as np
from numba import njit

from risk.scan.yardstick import better

LANES = 64
"""Loops over lanes run to a multiple of this: what is left over would be done one by one."""
_U = np.uint64
FAR = 16_000
NO_SLACK = -8_000
BEYOND = -16_000
"""In the lanes after the last step: a window that ends there is always far below its threshold."""


@njit(cache=True, nogil=True)
def largest_anywhere(edges, most, table, slopes, rings, yard, steps, level):  # type: ignore[no-untyped-def]
    """Largest ratio over windows of any end, up to the longest length; 0 if none reaches the level.

    Parameters
    ----------
    edges
        Shape (replications, places, lanes): cases before each step, and in all; negative for low rates; then zeros.
    most
        Shape (replications, places, lanes), same type: most cases in any window of 1, 2, 3, … steps; then zeros, as
        everywhere for low rates.
    table
        Shape (rows, lengths, lanes of a length), same type: threshold of the window of that length that starts in
        the lane's step. Not looked at where there are slopes.
    slopes
        Thresholds as straight lines, or none: see `Slopes`.
    """
    lowest = level * (1.0 - 1e-9)
    best = np.full(len(edges), lowest)
    inside = np.zeros(edges.shape[2] + LANES, edges.dtype)
    slack = np.zeros(most.shape[2], edges.dtype)
    for centre in range(len(rings.starts) - 1):
        for run in range(len(edges)):
            best[run] = _around(
                edges[run], most[run], table, slopes, rings, yard, centre, steps, best[run], inside, slack
            )
    return np.where(best > lowest, best, 0.0)


@njit(cache=True, nogil=True)
def _around(edges, most, table, slopes, rings, yard, centre, steps, best, inside, slack):  # type: ignore[no-untyped-def]
    """The largest ratio around one centre, or `best`."""
    cast, straight = edges.dtype.type, len(slopes.base) > 0
    # Thresholds on lines are rounded down: two cases are kept back for that.
    lengths = slopes.base.shape[1] if straight else table.shape[1]
    margin, parts = 2 if straight else 0, slopes.parts if yard.side > 0 else 0
    inside[:] = 0
    inside[steps + 1 :] = BEYOND
    slack[:] = 0
    slack[lengths:] = FAR
    for at in range(_U(rings.starts[centre]), _U(rings.starts[centre + 1])):
        cell, row, closes = _U(rings.members[at]), _U(rings.rows[at]), rings.complete[at]
        for lane in range(_U(edges.shape[1])):
            inside[lane] = cast(inside[lane] + edges[cell, lane])
        if not _used_up(slack, most, cell) or not closes:
            continue
        for index in range(_U(lengths)):
            if slack[index] > 0:
                continue
            if straight:
                short = _short_of_line(inside, slopes, row, index, _U(steps))
            else:
                short = _short_of_table(inside, table, row, index, _U(steps))
            slack[index] = cast(min(max(short - margin, 0) * parts, FAR))
            if short <= 0:
                best = _best_of_length(inside, rings, yard, steps, centre, at, np.int64(index), best)
    return best


@njit(cache=True, nogil=True)
def _used_up(slack, most, cell):  # type: ignore[no-untyped-def]
    """Take the cases of one more place off the slack of each length; whether nothing is left of one."""
    cast = slack.dtype.type
    least = cast(FAR)
    for lane in range(_U(len(slack))):
        left = cast(slack[lane] - most[cell, lane])
        left = cast(NO_SLACK) if left < NO_SLACK else left
        slack[lane] = left
        least = left if left < least else least
    return least <= 0


@njit(cache=True, nogil=True)
def _best_of_length(inside, rings, yard, steps, centre, at, index, best):  # type: ignore[no-untyped-def]
    """The largest ratio among the windows of one circle and length (index + 1), or `best`."""
    for first in range(steps - index):
        count = abs(np.int64(inside[first + index + 1]) - np.int64(inside[first]))
        best = better(best, count, first, first + index + 1, at, centre, rings, yard)
    return best


@njit(cache=True, nogil=True)
def _short_of_table(inside, table, row, index, steps):  # type: ignore[no-untyped-def]
    """How far the nearest window of a length (index + 1) is below its threshold."""
    cast = inside.dtype.type
    length = index + _U(1)
    least = cast(FAR)
    for first in range(_whole_lanes(steps + _U(1) - length)):
        short = cast(table[row, index, first] - inside[first + length] + inside[first])
        least = short if short < least else least
    return least


@njit(cache=True, nogil=True)
def _short_of_line(inside, slopes, row, index, steps):  # type: ignore[no-untyped-def]
    """How far, at the least, the nearest window of a length (index + 1) is below its threshold."""
    cast = inside.dtype.type
    length = index + _U(1)
    base, factor = slopes.base[row, index], np.uint32(slopes.rise[row, index])
    least = cast(FAR)
    for first in range(_whole_lanes(steps + _U(1) - length)):
        level = cast((np.uint32(slopes.share[index, first]) * factor) >> np.uint32(16))
        short = cast(base + level - inside[first + length] + inside[first])
        least = short if short < least else least
    return least


@njit(cache=True, nogil=True)
def _whole_lanes(lanes):  # type: ignore[no-untyped-def]
    """Rounded up to a multiple of `LANES`; the lanes beyond never reach a threshold."""
    return ((lanes + _U(LANES - 1)) // _U(LANES)) * _U(LANES)
