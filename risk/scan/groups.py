"""Nested circles in groups, so that one look rules out all of a group.

What is followed around a centre is the *excess*: cases so far minus what is expected so far, as whole numbers of parts
of a case. Any whole numbers will do for "what is expected" as long as thresholds are for the same ones; those here are
the expectation, rounded place by place.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit

from risk.scan.circles import Circles

QUAD = 4
"""Circles that are always looked at together: the kernels spell them out."""
GROWTH = 10
"""A group has about one in so many of the circles before it: large circles hardly differ."""
SINGLE = 8
"""Windows up to this long are looked at length by length, longer ones four lengths at a time."""


@dataclass(frozen=True)
class Groups:
    """Groups of circles, and what is least expected in them.

    Parameters
    ----------
    members
        Shape (quads, `QUAD`), int32: places, a place without cases where a centre has none left.
    first_position
        Flat position in `Circles.members` of the first of each quad.
    starts
        Shape (centres + 1,): groups of each centre.
    quads
        Shape (groups + 1,): quads of each group.
    drift
        Shape (places, steps + 1), int64: expected before each step in parts of a case, rounded.
    parts
        How many parts a case has.
    least
        Shape (groups, classes of lengths): least expected cases of any window in the smallest circle.
    rounding
        Shape (groups,): the most that the rounded expectation of a window is off, in parts.
    quad_least, quad_gap
        Shape (quads, 4), lengths 1 to 4: least expected in the smallest circle; the most that the largest expects
        above the smallest, in parts.
    largest
        Most expected in any window.
    """

    members: np.ndarray
    first_position: np.ndarray
    starts: np.ndarray
    quads: np.ndarray
    drift: np.ndarray
    parts: int
    least: np.ndarray
    rounding: np.ndarray
    quad_least: np.ndarray
    quad_gap: np.ndarray
    largest: float


def group_circles(circles: Circles, expected: np.ndarray, *, lengths: int, parts: int) -> Groups:
    """Put the circles of each centre into groups.

    Parameters
    ----------
    expected
        Expected cases before each step, and in all: shape (places, steps + 1).
    lengths
        Steps of the longest window.
    parts
        Of a case, in which excess is counted.
    """
    drift = np.rint(expected * parts).astype(np.int64)
    first_position, starts, quads = _outline(circles.starts)
    members = np.full((len(first_position), QUAD), len(expected), dtype=np.int32)
    _fill_members(members, first_position, starts, quads, circles.starts, circles.members)
    nobody = ((0, 1), (0, 0))
    begins = begins_of(lengths)
    figures = _least_of_groups(
        members, starts, quads, np.pad(expected, nobody), np.pad(drift, nobody), parts, begins, lengths
    )
    return Groups(members, first_position, starts, quads, drift, parts, *figures)


def begins_of(lengths: int) -> np.ndarray:
    """Shortest length of each class of lengths, in sets of four: 1, 2, … 8, then 9, 13, 17, …"""
    longer = -(-max(lengths - SINGLE, 0) // 16) * 4
    return np.concatenate([np.arange(1, SINGLE + 1), SINGLE + 1 + 4 * np.arange(longer)]).astype(np.int64)


def _outline(starts: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """First flat position of each quad, groups of each centre, quads of each group."""
    sizes = -(-np.diff(starts) // QUAD)
    ends = [0]
    while ends[-1] < int(sizes.max(initial=0)):
        ends.append(ends[-1] + max(1, ends[-1] // GROWTH))
    bounds = np.array(ends)
    before = np.concatenate([[0], np.cumsum(sizes)])
    # Every centre is cut at the same numbers of quads, as far as it has any.
    cuts = [bounds[: int(np.searchsorted(bounds, size))] + begin for size, begin in zip(sizes, before, strict=False)]
    groups = np.concatenate([[0], np.cumsum([len(cut) for cut in cuts])]).astype(np.int64)
    quads = np.concatenate([*cuts, [before[-1]]]).astype(np.int64)
    within = np.arange(before[-1]) - np.repeat(before[:-1], sizes)
    return np.repeat(starts[:-1], sizes) + QUAD * within, groups, quads


@njit(cache=True, nogil=True)
def _fill_members(members, first_position, starts, quads, circle_starts, places):  # type: ignore[no-untyped-def]
    for centre in range(len(starts) - 1):
        for quad in range(quads[starts[centre]], quads[starts[centre + 1]]):
            for one in range(min(QUAD, circle_starts[centre + 1] - first_position[quad])):
                members[quad, one] = places[first_position[quad] + one]


@njit(cache=True, nogil=True)
def _least_of_groups(members, starts, quads, expected, drift, parts, begins, lengths):  # type: ignore[no-untyped-def]
    """The last six figures of `Groups`."""
    groups, edges = len(quads) - 1, expected.shape[1]
    least, rounding = np.full((groups, len(begins)), np.inf), np.zeros(groups)
    quad_least, quad_gap = np.full((len(members), 4), np.inf), np.zeros((len(members), 4))
    inside, rounded = np.zeros(edges), np.zeros(edges)
    smallest, largest = np.zeros(edges), 0.0
    for centre in range(len(starts) - 1):
        inside[:] = 0.0
        rounded[:] = 0.0
        for group in range(starts[centre], starts[centre + 1]):
            for quad in range(quads[group], quads[group + 1]):
                for one in range(QUAD):
                    place = members[quad, one]
                    inside += expected[place]
                    rounded += drift[place]
                    if one == 0:
                        smallest[:] = inside
                    if one == 0 and quad == quads[group]:
                        for index in range(len(begins)):
                            if begins[index] <= lengths:
                                least[group, index] = _least(inside, begins[index])
                    rounding[group] = max(rounding[group], _spread(rounded, inside, parts))
                for index in range(min(4, lengths)):
                    quad_least[quad, index] = _least(smallest, index + 1)
                    quad_gap[quad, index] = _gap(rounded, smallest, parts, index + 1)
        for first in range(edges - lengths):
            largest = max(largest, inside[first + lengths] - inside[first])
    return least, rounding, quad_least, quad_gap, largest


@njit(cache=True, nogil=True)
def _least(inside, length):  # type: ignore[no-untyped-def]
    least = np.inf
    for first in range(len(inside) - length):
        least = min(least, inside[first + length] - inside[first])
    return least


@njit(cache=True, nogil=True)
def _gap(rounded, smallest, parts, length):  # type: ignore[no-untyped-def]
    gap = -np.inf
    for first in range(len(smallest) - length):
        gap = max(gap, rounded[first + length] - rounded[first] - parts * (smallest[first + length] - smallest[first]))
    return gap


@njit(cache=True, nogil=True)
def _spread(rounded, inside, parts):  # type: ignore[no-untyped-def]
    lowest, highest = np.inf, -np.inf
    for edge in range(len(inside)):
        off = rounded[edge] - parts * inside[edge]
        lowest, highest = min(lowest, off), max(highest, off)
    return highest - lowest
