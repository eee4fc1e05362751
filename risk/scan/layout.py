"""Counts of a replication, laid out for the kernels of `risk.scan.lanes` and `risk.scan.nested`."""

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
def lay_out_excess(counts, drift, parts, sign, room, edges, excess):  # type: ignore[no-untyped-def]
    """Fill `edges` and `excess` of `largest_anywhere` from counts (places × steps); whether all lie within `room`."""
    cast = excess.dtype.type
    furthest = np.int64(0)
    for place in range(_U(counts.shape[0])):
        total = np.int64(0)
        edges[place, 0] = 0
        for step in range(_U(counts.shape[1])):
            total += counts[place, step]
            edges[place, step + _U(1)] = total
            above = sign * (parts * total - drift[place, step + _U(1)])
            furthest = max(furthest, abs(above))
            excess[place, step + _U(1)] = cast(above)
    return furthest <= room
