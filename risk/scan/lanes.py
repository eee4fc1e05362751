"""The largest ratio of a replication without a logarithm per window.

Three ideas, all exact:

- The expected count of a circle and window is the same in every replication, so a table holds the least count that
  reaches a level there. Only a window that reaches it is computed in double precision.
- Windows lie side by side in memory, so that one processor instruction compares sixteen of them. For that, results
  are cast back to the type of the counts, and indices are unsigned: numba widens the one and checks the other.
- A circle that stays `slack` cases short of its table cannot be reached by a larger one until `slack` cases have
  been added, as thresholds only rise with the circle. Windows of a length are passed over until then.

`risk.scan.plain` computes the same without any of this, and is what the tests compare it with.
"""

import numpy as np
from numba import njit

from risk.scan.yardstick import better

LANES = 16
_U = np.uint64
FAR = 16_000
NO_SLACK = -8_000
BEYOND = -16_000
"""In the lanes after the last step: a window that ends there is always far below its threshold."""


@njit(cache=True, nogil=True)
def largest_ending_last(windows, table, rings, yard, lengths, steps, level):  # type: ignore[no-untyped-def]
    """Largest ratio over windows that end with the last step; 0 if none reaches the level of the table.

    Replications take turns at each centre, so that its circles and thresholds stay in the nearest cache.

    Parameters
    ----------
    windows
        Shape (replications, places, lanes): cases in the last 1, 2, 3, … steps; negative for low rates.
    table
        Shape (rows, lanes), same type: least entry of `windows`, summed over a circle, that reaches the level.
    lengths, steps
        Steps of the longest window, and of the study period.
    """
    lowest = level * (1.0 - 1e-9)
    best = np.full(len(windows), lowest)
    inside = np.zeros(windows.shape[2], windows.dtype)
    found = np.empty(np.diff(rings.starts).max() + 4, np.int32)
    for centre in range(len(rings.starts) - 1):
        begin, end = rings.starts[centre], rings.starts[centre + 1]
        for run in range(len(windows)):
            if yard.side > 0:
                hits = _hits_ending_last(windows[run], table, rings.members, rings.rows, begin, end, inside, found)
            else:
                hits = _all_circles(begin, end, found)
            if hits:
                best[run] = _best_of_hits(
                    windows[run], table, rings, yard, lengths, steps, centre, found[:hits], best[run]
                )
    return np.where(best > lowest, best, 0.0)


@njit(cache=True, nogil=True)
def _best_of_hits(windows, table, rings, yard, lengths, steps, centre, found, best):  # type: ignore[no-untyped-def]
    """The largest ratio among circles of a centre in which some window reaches its threshold, or `best`."""
    inside = np.zeros(windows.shape[1], windows.dtype)
    at = rings.starts[centre]
    for hit in found:
        while at <= hit:
            _add(inside, windows, _U(rings.members[at]))
            at += 1
        for index in range(lengths if rings.complete[hit] else 0):
            count = np.int64(inside[index])
            if count >= table[rings.rows[hit], index]:
                best = better(best, abs(count), steps - 1 - index, steps, hit, centre, rings, yard)
    return best


@njit(cache=True, nogil=True)
def _hits_ending_last(windows, table, members, rows, begin, end, inside, found):  # type: ignore[no-untyped-def]
    """Write the circles of a centre in which some window may reach its threshold into `found`; returns how many.

    High rates only rise with the circle, counts as well as thresholds: if four circles' counts of the largest stay
    below the thresholds of the smallest, none of the four is a hit.
    """
    cast = windows.dtype.type
    lanes, at, hits = _U(windows.shape[1]), _U(begin), 0
    inside[:] = 0
    while at + _U(3) < _U(end):
        one, two = _U(members[at]), _U(members[at + _U(1)])
        three, four = _U(members[at + _U(2)]), _U(members[at + _U(3)])
        row = _U(rows[at])
        reached = cast(0)
        for lane in range(lanes):
            added = windows[one, lane] + windows[two, lane] + windows[three, lane] + windows[four, lane]
            count = cast(inside[lane] + added)
            inside[lane] = count
            reached = cast(reached | cast(count >= table[row, lane]))
        if reached != 0:
            for lane in range(lanes):
                added = windows[one, lane] + windows[two, lane] + windows[three, lane] + windows[four, lane]
                inside[lane] = cast(inside[lane] - added)
            for single in range(at, at + _U(4)):
                if _add_and_compare(windows, table, _U(members[single]), _U(rows[single]), inside):
                    found[_U(hits)] = single
                    hits += 1
        at += _U(4)
    while at < _U(end):
        if _add_and_compare(windows, table, _U(members[at]), _U(rows[at]), inside):
            found[_U(hits)] = at
            hits += 1
        at += _U(1)
    return hits


@njit(cache=True, nogil=True)
def _add_and_compare(windows, table, cell, row, inside):  # type: ignore[no-untyped-def]
    """Add a place to a circle; whether any window reaches its threshold."""
    cast = windows.dtype.type
    reached = cast(0)
    for lane in range(_U(windows.shape[1])):
        count = cast(inside[lane] + windows[cell, lane])
        inside[lane] = count
        reached = cast(reached | cast(count >= table[row, lane]))
    return reached != 0


@njit(cache=True, nogil=True)
def _add(inside, added, cell):  # type: ignore[no-untyped-def]
    """Add a place to a circle."""
    for lane in range(_U(len(inside))):
        inside[lane] = inside.dtype.type(inside[lane] + added[cell, lane])


@njit(cache=True, nogil=True)
def _all_circles(begin, end, found):  # type: ignore[no-untyped-def]
    """Every circle of a centre as a possible hit, for low rates."""
    for at in range(begin, end):
        found[at - begin] = at
    return end - begin


@njit(cache=True, nogil=True)
def largest_anywhere(edges, most, table, slopes, rings, yard, steps, level):  # type: ignore[no-untyped-def]
    """Largest ratio over windows of any end, up to the longest length; 0 if none reaches the level.

    Parameters
    ----------
    edges
        Shape (replications, places, lanes): cases before each step, and in all; negative for low rates; then zeros
        for at least as many lanes as there are lengths.
    most
        Shape (replications, places, lengths), same type: most cases in any window of 1, 2, 3, … steps; 0 for low rates.
    table
        Shape (rows, lengths, lanes of a length), same type: threshold of the window of that length that starts in
        the lane's step. Not looked at where there are slopes.
    slopes
        Thresholds as straight lines, or none: see `Slopes`.
    """
    lowest = level * (1.0 - 1e-9)
    best = np.full(len(edges), lowest)
    inside = np.zeros(edges.shape[2], edges.dtype)
    slack = np.zeros(most.shape[2], edges.dtype)
    found = np.empty((np.diff(rings.starts).max() * most.shape[2] + 1, 2), np.int32)
    lines = (slopes.base, slopes.rise, slopes.share)
    for centre in range(len(rings.starts) - 1):
        ring = (rings.members, rings.rows, rings.complete, rings.starts[centre], rings.starts[centre + 1])
        for run in range(len(edges)):
            hits = _hits_anywhere(
                edges[run], most[run], table, lines, ring, steps, yard.side > 0, slopes.parts, inside, slack, found
            )
            if hits:
                best[run] = _best_of_lengths(edges[run], rings, yard, steps, centre, found[:hits], best[run])
    return np.where(best > lowest, best, 0.0)


@njit(cache=True, nogil=True)
def _best_of_lengths(edges, rings, yard, steps, centre, found, best):  # type: ignore[no-untyped-def]
    """The largest ratio among circles and lengths (less 1) of a centre that may be hits, or `best`."""
    inside = np.zeros(edges.shape[1], edges.dtype)
    at = rings.starts[centre]
    for hit, index in found:
        while at <= hit:
            _add(inside, edges, _U(rings.members[at]))
            at += 1
        for first in range(steps - index):
            count = abs(np.int64(inside[first + index + 1]) - np.int64(inside[first]))
            best = better(best, count, first, first + index + 1, hit, centre, rings, yard)
    return best


@njit(cache=True, nogil=True)
def _hits_anywhere(  # type: ignore[no-untyped-def]
    edges, most, table, lines, ring, steps, rising, parts, inside, slack, found
):
    """Write circle and length (less 1) of every possible hit of a centre into `found`; returns how many."""
    members, rows, complete, begin, end = ring
    base, rise, share = lines
    cast = edges.dtype.type
    lengths, lanes, straight = _U(most.shape[1]), _U(edges.shape[1]), len(base) > 0
    # Thresholds are whole numbers: two cases are kept back for their rounding.
    hits, margin = 0, 2 if straight else 0
    inside[:] = 0
    inside[steps + 1 :] = BEYOND
    slack[:] = 0
    for at in range(_U(begin), _U(end)):
        cell, row = _U(members[at]), _U(rows[at])
        for lane in range(lanes):
            inside[lane] = cast(inside[lane] + edges[cell, lane])
        least = cast(FAR)
        for index in range(lengths):
            left = cast(slack[index] - most[cell, index])
            if left < NO_SLACK:
                left = cast(NO_SLACK)
            slack[index] = left
            if left < least:
                least = left
        if least > 0 or not complete[at]:
            continue
        for index in range(lengths):
            if slack[index] > 0:
                continue
            if straight:
                short = _slack_by_line(inside, base[row, index], rise[row, index], share, index, _U(steps))
            else:
                short = _slack_by_table(inside, table, row, index, _U(steps))
            slack[index] = cast(min(max(short - margin, 0) * parts, FAR)) if rising else cast(0)
            if short <= 0:
                found[_U(hits), _U(0)], found[_U(hits), _U(1)] = at, index
                hits += 1
    return hits


@njit(cache=True, nogil=True)
def _slack_by_table(inside, table, row, index, steps):  # type: ignore[no-untyped-def]
    """How far the nearest window of a length (index + 1) is below its threshold."""
    cast = inside.dtype.type
    length = index + _U(1)
    least = cast(FAR)
    for lane in range(_whole_lanes(steps + _U(1) - length)):
        short = cast(table[row, index, lane] - inside[lane + length] + inside[lane])
        if short < least:
            least = short
    return least


@njit(cache=True, nogil=True)
def _slack_by_line(inside, base, rise, share, index, steps):  # type: ignore[no-untyped-def]
    """How far, at the least, the nearest window of a length (index + 1) is below its threshold."""
    cast = inside.dtype.type
    length = index + _U(1)
    factor = np.uint32(rise)
    least = cast(FAR)
    for lane in range(_whole_lanes(steps + _U(1) - length)):
        level = cast((np.uint32(share[index, lane]) * factor) >> np.uint32(16))
        short = cast(base + level - inside[lane + length] + inside[lane])
        if short < least:
            least = short
    return least


@njit(cache=True, nogil=True)
def _whole_lanes(lanes):  # type: ignore[no-untyped-def]
    """Rounded up to whole instructions; the lanes beyond never reach a threshold."""
    return ((lanes + _U(LANES - 1)) // _U(LANES)) * _U(LANES)
