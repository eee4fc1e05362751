"""Tables of thresholds: the least count of each circle and window that reaches a level."""

import numpy as np
from numba import njit

from risk.scan.plain import LOW
from risk.scan.statistic import high_limits, low_limits

FEW_CASES = 16_000
OUT_OF_REACH_16, OUT_OF_REACH_32 = 16_100, 1 << 30


def out_of_reach(dtype: np.dtype) -> int:
    """A threshold no count gets to, small enough for differences of counts and thresholds to fit."""
    return OUT_OF_REACH_16 if dtype == np.int16 else OUT_OF_REACH_32


def count_type(cases: int) -> np.dtype:
    """The narrowest integer that holds every count and every difference from a threshold."""
    if cases >= OUT_OF_REACH_32 // 2:
        raise ValueError(f"{cases} cases are more than a scan can count")
    return np.dtype(np.int16 if cases < FEW_CASES else np.int32)


@njit(cache=True, nogil=True)
def limits_of(kind, cases, total, level, side, largest):  # type: ignore[no-untyped-def]
    """Limits of `risk.scan.statistic` for one side and measures up to the largest."""
    if side == LOW:
        return low_limits(kind, cases, total, level)
    return high_limits(kind, cases, total, level, largest)


@njit(cache=True, nogil=True)
def threshold(measure, limits, side, least_cases, nothing):  # type: ignore[no-untyped-def]
    """Least count (high), or minus the largest count (low), that reaches the level at a measure."""
    if measure <= 0.0:
        return nothing
    if side == LOW:
        count = np.searchsorted(limits, measure, side="right") - 1
        return -count if count >= 0 else nothing
    count = np.searchsorted(limits, measure, side="left")
    return max(count, least_cases) if count < len(limits) else nothing


@njit(cache=True, nogil=True)
def fill_by_cases(table, coarse, shares, first, last, cell, limits, side, least_cases, nothing):  # type: ignore[no-untyped-def]
    """Fill rows that are numbers of cases: expected is the row times the window's share.

    `table` has the shape (rows, cells); row i is for i << `coarse` cases, window w belongs in column `cell[w]`.
    """
    for window in range(len(first)):
        share = shares[last[window]] - shares[first[window]]
        count = 0
        for row in range(table.shape[0]):
            # Row 0 stands for 1, 2, … cases as well, or for a circle that no window can come from.
            measure = max(row << coarse, 1) * share
            if side == LOW or measure <= 0.0:
                table[row, cell[window]] = threshold(measure, limits, side, least_cases, nothing)
                continue
            # Limits and measures both rise, so one walk finds all thresholds of the window.
            while count < len(limits) and limits[count] < measure:
                count += 1
            table[row, cell[window]] = max(count, least_cases) if count < len(limits) else nothing


@njit(cache=True, nogil=True)
def fill_by_circle(  # type: ignore[no-untyped-def]
    table, measures, starts, members, first, last, cell, limits, side, least_cases, nothing
):
    """Fill rows that are circles: measures are summed over the places inside."""
    inside = np.zeros(measures.shape[1])
    for centre in range(len(starts) - 1):
        inside[:] = 0.0
        for at in range(starts[centre], starts[centre + 1]):
            inside += measures[members[at]]
            for window in range(len(first)):
                measure = inside[last[window]] - inside[first[window]]
                table[at, cell[window]] = threshold(measure, limits, side, least_cases, nothing)
