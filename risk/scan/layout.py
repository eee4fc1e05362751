"""Counts of a replication, laid out for the kernels of `risk.scan.lanes` and `risk.scan.lengths`."""

import numpy as np
from numba import njit

from risk.scan.lanes import LANES

_U = np.uint64


@njit(cache=True, nogil=True)
def lay_out_ending_last(counts, windows, run, lengths, sign):  # type: ignore[no-untyped-def]
    """Fill the lanes of one replication in `windows` of `largest_ending_last` from counts (places × steps)."""
    steps = counts.shape[1]
    for place in range(counts.shape[0]):
        total = 0
        for index in range(lengths):
            total += counts[place, steps - 1 - index]
            windows[index // LANES, place, run * LANES + index % LANES] = sign * total


@njit(cache=True, nogil=True)
def lay_out_anywhere(counts, edges, most, slopes, lengths, sign):  # type: ignore[no-untyped-def]
    """Fill `edges` and `most` of `largest_anywhere` from counts (places × steps)."""
    cast = edges.dtype.type
    steps = counts.shape[1]
    parts, straight = cast(slopes.parts), len(slopes.base) > 0
    for place in range(counts.shape[0]):
        total = 0
        edges[place, 0] = 0
        for step in range(steps):
            total += counts[place, step]
            edges[place, step + 1] = sign * total
        covered = np.uint32(min(total * slopes.pace * slopes.parts, 65535.0)) if straight else np.uint32(0)
        for index in range(lengths if sign > 0 else 0):
            highest = cast(0)
            for lower in range(_U(steps - index)):
                count = cast(edges[place, lower + _U(index + 1)] - edges[place, lower])
                if straight:
                    risen = cast((np.uint32(slopes.share[_U(index), lower]) * covered) >> np.uint32(16))
                    count = cast(cast(count * parts) - risen)
                if count > highest:
                    highest = count
            most[place, index] = highest
