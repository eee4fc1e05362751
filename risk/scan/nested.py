"""The largest ratio of a replication over windows of any end, without a logarithm per window.

What is followed is the excess of `risk.scan.groups`: cases so far minus what is expected so far, of which a window has
the difference between its two edges. A ratio that reaches the level needs an excess that grows with what is expected,
so the least needed in a group of nested circles is that of its smallest circle. Three looks, each exact:

- *Short windows* of four circles: the largest has all the cases of the others. Only for high rates.
- *All others* of a group: no window has more than the highest excess of any circle at its end less the lowest of any at
  its start. From nine steps on, four lengths go together: the highest of four ends, the need of the shortest.
- What is left, circle by circle, length by length, and then in double precision.

`risk.scan.excess_lanes` has the loops over steps. `risk.scan.plain` computes the same without any of this, and is what
the tests compare it with.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from risk.scan.excess_lanes import (
    LANES,
    SPAN,
    add_place,
    add_quad,
    before_quad,
    begin_group,
    most_of_length,
    out_of_room,
    reached_by_any,
    widen,
)
from risk.scan.groups import SINGLE
from risk.scan.yardstick import larger

_U = np.uint64


class Bounds(NamedTuple):
    """What a replication is held against: see `risk.scan.groups.Groups` for the first four.

    `needed` (groups × classes of lengths) and `quad_needed` (quads × lengths 1 to 4): least excess, in parts, of the
    type of the excess. `room`: how far from 0 an excess may lie in that type. `lengths`, `steps`: of the longest
    window, and of the study.
    """

    members: np.ndarray
    first_position: np.ndarray
    starts: np.ndarray
    quads: np.ndarray
    needed: np.ndarray
    quad_needed: np.ndarray
    room: int
    lengths: int
    steps: int


class Held(NamedTuple):
    """Memory of one pass over the centres: excess of the circle, of a circle looked at closely, and of a group."""

    inside: np.ndarray
    closely: np.ndarray
    before: np.ndarray
    upper: np.ndarray
    lower: np.ndarray
    wide: np.ndarray
    cases: np.ndarray
    measure: np.ndarray
    summed: np.ndarray


@njit(cache=True, nogil=True)
def largest_anywhere(excess, edges, bounds, rings, yard, level):  # type: ignore[no-untyped-def]
    """Largest ratio of one replication; 0 if none reaches the level, −1 if the excess does not fit its type.

    Parameters
    ----------
    excess
        Shape (places + 1, lanes): parts of a case above expectation before each step; the last place has none, nor
        have lanes beyond the last step. For low rates the other way round.
    edges
        Shape (places, steps + 1), int32: cases before each step, and in all.
    """
    lowest = level * (1.0 - 1e-9)
    best = lowest
    held = _hold(excess, bounds, yard)
    for centre in range(len(bounds.starts) - 1):
        held.inside[: bounds.steps + 1] = 0
        held.cases[:] = 0
        held.measure[:] = 0.0
        held.summed[0] = rings.starts[centre]
        best = _around(excess, edges, bounds, rings, yard, held, centre, best)
        if best < 0.0:
            return best
    return best if best > lowest else 0.0


@njit(cache=True, nogil=True)
def _hold(excess, bounds, yard):  # type: ignore[no-untyped-def]
    beyond = SPAN + SINGLE + 4 * bounds.needed.shape[1]
    lanes = np.full((6, excess.shape[1] + beyond), -bounds.room, excess.dtype)
    edges = yard.measures.shape[1]
    return Held(
        lanes[0], lanes[1], lanes[2], lanes[3], lanes[4], lanes[5],
        np.zeros(edges, np.int32), np.zeros(edges), np.zeros(1, np.int64),
    )  # fmt: skip


@njit(cache=True, nogil=True)
def _around(excess, edges, bounds, rings, yard, held, centre, best):  # type: ignore[no-untyped-def]
    """The largest ratio around one centre, or `best`; −1 if the excess does not fit."""
    # Taken out of their tuples once: each look into a tuple of arrays costs more than the comparisons below.
    inside, before, upper, lower, wide = held.inside, held.before, held.upper, held.lower, held.wide
    members, quads, needed, quad_needed = bounds.members, bounds.quads, bounds.needed, bounds.quad_needed
    room, steps, high, sets = bounds.room, bounds.steps, yard.side > 0, needed.shape[1] // 4
    lanes, span = _U(-(-(steps + 1) // LANES) * LANES), _U(excess.shape[1])
    for group in range(bounds.starts[centre], bounds.starts[centre + 1]):
        begin_group(inside, before, upper, lower, room, span)
        for quad in range(quads[group], quads[group + 1]):
            add_quad(excess, members, quad, inside, upper, lower, lanes)
            if high and reached_by_any(inside, inside, quad_needed, quad, 1, 1, 0, steps):
                before_quad(excess, members, quad, inside, held.closely, span)
                best = _closely(excess, edges, bounds, rings, yard, held, (centre, group, quad, quad + 1, 0, 1), best)
        if out_of_room(upper, lower, room, span):
            return -1.0
        widen(upper, wide, span)
        first_set, after_set = _sets_reached(upper, wide, lower, needed, group, 1 if high else 0, sets, steps)
        if first_set < after_set:
            held.closely[:] = before
            frame = (centre, group, quads[group], quads[group + 1], first_set, after_set)
            best = _closely(excess, edges, bounds, rings, yard, held, frame, best)
    return best


@njit(cache=True, nogil=True)
def _sets_reached(upper, wide, lower, needed, group, first_set, sets, steps):  # type: ignore[no-untyped-def]
    """From the first to after the last set of lengths of which a window has the excess it needs."""
    first, after = sets, 0
    for index in range(first_set, sets):
        begin, stride = _set_of(index)
        highest = upper if stride == 1 else wide
        if reached_by_any(highest, lower, needed, group, begin, stride, 4 * index, steps):
            first, after = min(first, index), index + 1
    return first, after


@njit(cache=True, nogil=True)
def _closely(excess, edges, bounds, rings, yard, held, frame, best):  # type: ignore[no-untyped-def]
    """Some quads circle by circle, some sets of lengths; `held.closely` is the excess before the first."""
    centre, group, first_quad, after_quad, first_set, after_set = frame
    closely, wide, span, needed = held.closely, held.wide, _U(excess.shape[1]), bounds.needed
    at = bounds.first_position[first_quad]
    after = min(at + 4 * (after_quad - first_quad), rings.starts[centre + 1])
    members, complete, steps = rings.members, rings.complete, bounds.steps
    while at < after:
        add_place(excess, _U(members[at]), closely, span)
        if complete[at]:
            if after_set > 2:
                widen(closely, wide, span)
            first, beyond = _sets_reached(closely, wide, closely, needed, group, first_set, after_set, steps)
            for index in range(first, beyond):
                best = _exactly(edges, bounds, rings, yard, held, group, at, index, best)
        at += 1
    return best


@njit(cache=True, nogil=True)
def _exactly(edges, bounds, rings, yard, held, group, at, index, best):  # type: ignore[no-untyped-def]
    """The largest ratio of one circle and the lengths of one set, or `best`."""
    closely, cases, measure = held.closely, held.cases, held.measure
    _sum_up_to(at + 1, edges, rings, yard, held)
    begin, stride = _set_of(index)
    for step in range(4 * stride):
        length = begin + step
        needed = bounds.needed[group, 4 * index + step // stride]
        if length > bounds.lengths or most_of_length(closely, length, bounds.steps) < needed:
            continue
        for first in range(bounds.steps + 1 - length):
            last = first + length
            if np.int64(closely[last]) - np.int64(closely[first]) >= needed:
                best = larger(best, cases[last] - cases[first], measure[last] - measure[first], yard)
    return best


@njit(cache=True, nogil=True)
def _sum_up_to(end, edges, rings, yard, held):  # type: ignore[no-untyped-def]
    """Cases and measure of the places before a flat position; from the last circle that was asked for."""
    done, cases, measure, measures = held.summed[0], held.cases, held.measure, yard.measures
    for position in range(done, end):
        place = _U(rings.members[position])
        for edge in range(_U(len(cases))):
            cases[edge] += edges[place, edge]
            measure[edge] += measures[place, edge]
    for position in range(end, done):
        place = _U(rings.members[position])
        for edge in range(_U(len(cases))):
            cases[edge] -= edges[place, edge]
            measure[edge] -= measures[place, edge]
    held.summed[0] = end


@njit(cache=True, nogil=True)
def _set_of(index):  # type: ignore[no-untyped-def]
    """Shortest length of a set of four classes, and how many lengths a class has."""
    if index < SINGLE // 4:
        return 1 + 4 * index, 1
    return SINGLE + 1 + 16 * (index - SINGLE // 4), 4
