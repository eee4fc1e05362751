"""The largest ratio of replications over windows that end with the last step, without a logarithm per window.

Three ideas, all exact:

- The expected count of a circle and window is the same in every replication, so a table holds the least count that
  reaches a level there. Only a window that reaches it is computed in double precision.
- Windows lie side by side in memory, and so do those of four replications: one processor instruction compares
  sixteen of them. The loops over them have constant bounds and no branch, or they would not become such
  instructions; `inside - table` is negative where a window falls short, and so is the AND of numbers that all are.
- High rates only rise with the circle, counts as well as thresholds: if four circles' counts of the largest stay below
  the thresholds of the smallest, none of the four is a hit.

`risk.scan.plain` computes the same without any of this, and is what the tests compare it with.
"""

import numpy as np
from numba import njit

from risk.scan.yardstick import better

RUNS, LANES, GROUP = 4, 32, 4
"""Replications side by side, windows of one block, circles looked at together: the kernels spell them out."""
WIDTH = RUNS * LANES
_U = np.uint64


@njit(cache=True, nogil=True)
def largest_ending_last(windows, table, runs, rings, yard, lengths, steps, level):  # type: ignore[no-untyped-def]
    """Largest ratio of each of four replications; 0 if none reaches the level of the table.

    Parameters
    ----------
    windows
        Shape (blocks, places, `WIDTH`): cases of each replication in the last 1, 2, 3, … steps; negative for low rates.
    table
        Shape (blocks, rows, `LANES`): least entry of `windows`, summed over a circle, that reaches the level.
        The row of a circle is `rings.rows >> rings.coarse`.
    runs
        How many of the four there are; the others are not looked at closely.
    lengths, steps
        Steps of the longest window, and of the study period.
    """
    lowest = level * (1.0 - 1e-9)
    best = np.full(RUNS, lowest)
    inside = np.zeros(WIDTH, table.dtype)
    for centre in range(len(rings.starts) - 1):
        for block in range(len(windows)):
            frame = (centre, block * LANES, min(LANES, lengths - block * LANES), steps, runs)
            _around(windows[block], table[block], rings, yard, frame, inside, best)
    return np.where(best > lowest, best, 0.0)


@njit(cache=True, nogil=True)
def _around(windows, table, rings, yard, frame, inside, best):  # type: ignore[no-untyped-def]
    """Go through the circles of one centre and the windows of one block; raise `best` of each replication."""
    cast, members, rows, coarse = inside.dtype.type, rings.members, rings.rows, rings.coarse
    inside[:] = 0
    at, end = _U(rings.starts[frame[0]]), _U(rings.starts[frame[0] + 1])
    while yard.side > 0 and at + _U(GROUP) <= end:
        one, two = _U(members[at]), _U(members[at + _U(1)])
        three, four = _U(members[at + _U(2)]), _U(members[at + _U(3)])
        for lane in range(WIDTH):
            added = windows[one, lane] + windows[two, lane] + windows[three, lane] + windows[four, lane]
            inside[lane] = cast(inside[lane] + added)
        if _any_reached(inside, table, _U(rows[at] >> coarse)):
            for lane in range(WIDTH):
                added = windows[one, lane] + windows[two, lane] + windows[three, lane] + windows[four, lane]
                inside[lane] = cast(inside[lane] - added)
            _closely(windows, table, rings, yard, frame, at, at + _U(GROUP), inside, best)
        at += _U(GROUP)
    _closely(windows, table, rings, yard, frame, at, end, inside, best)


@njit(cache=True, nogil=True)
def _closely(windows, table, rings, yard, frame, begin, end, inside, best):  # type: ignore[no-untyped-def]
    """The same circle by circle: compute what reaches its threshold."""
    cast = inside.dtype.type
    centre, before, lengths, steps, runs = frame
    for at in range(begin, end):
        cell, row = _U(rings.members[at]), _U(rings.rows[at] >> rings.coarse)
        for lane in range(WIDTH):
            inside[lane] = cast(inside[lane] + windows[cell, lane])
        if not rings.complete[at] or not _any_reached(inside, table, row):
            continue
        for run in range(runs):
            for lane in range(lengths):
                count = np.int64(inside[run * LANES + lane])
                if count >= table[row, lane]:
                    first = steps - 1 - before - lane
                    best[run] = better(best[run], abs(count), first, steps, at, centre, rings, yard)


@njit(cache=True, nogil=True)
def _any_reached(inside, table, row):  # type: ignore[no-untyped-def]
    """Whether any window of any replication reaches its threshold."""
    cast = inside.dtype.type
    short = cast(-1)
    for lane in range(LANES):
        least = table[row, lane]
        first_two = (inside[lane] - least) & (inside[LANES + lane] - least)
        last_two = (inside[2 * LANES + lane] - least) & (inside[3 * LANES + lane] - least)
        short = cast(short & first_two & last_two)
    return short >= 0
