"""Loops over the steps of an excess, as `risk.scan.nested` needs them.

Steps lie side by side in memory, and the loops have no branch, so that one processor instruction compares sixteen of
them. `lanes` and `span` are how many there are, rounded up to a multiple of `LANES` and of `SPAN`.
"""

import numpy as np
from numba import njit

LANES, SPAN = 32, 64
"""Loops over lanes run to a multiple of these: the first where much is done in a lane, the second elsewhere."""
_U = np.uint64


@njit(cache=True, nogil=True)
def add_quad(excess, members, quad, inside, upper, lower, lanes):  # type: ignore[no-untyped-def]
    """Add four places one after the other, keeping the highest and the lowest excess on the way."""
    cast = inside.dtype.type
    one, two = _U(members[quad, 0]), _U(members[quad, 1])
    three, four = _U(members[quad, 2]), _U(members[quad, 3])
    for block in range(_U(0), lanes, _U(LANES)):
        for lane in range(_U(LANES)):
            at = block + lane
            first = cast(inside[at] + excess[one, at])
            second = cast(first + excess[two, at])
            third = cast(second + excess[three, at])
            fourth = cast(third + excess[four, at])
            inside[at] = fourth
            high, low = upper[at], lower[at]
            high = first if first > high else high
            low = first if first < low else low
            high = second if second > high else high
            low = second if second < low else low
            high = third if third > high else high
            low = third if third < low else low
            upper[at] = fourth if fourth > high else high
            lower[at] = fourth if fourth < low else low


@njit(cache=True, nogil=True)
def before_quad(excess, members, quad, inside, before, span):  # type: ignore[no-untyped-def]
    """The excess before four places were added."""
    cast = inside.dtype.type
    one, two = _U(members[quad, 0]), _U(members[quad, 1])
    three, four = _U(members[quad, 2]), _U(members[quad, 3])
    for lane in range(span):
        added = excess[one, lane] + excess[two, lane] + excess[three, lane] + excess[four, lane]
        before[lane] = cast(inside[lane] - added)


@njit(cache=True, nogil=True)
def widen(upper, wide, span):  # type: ignore[no-untyped-def]
    """The highest excess at this edge and the three after it."""
    for lane in range(span):
        high, other = upper[lane], upper[lane + _U(1)]
        high = other if other > high else high
        other = upper[lane + _U(2)]
        high = other if other > high else high
        other = upper[lane + _U(3)]
        wide[lane] = other if other > high else high


@njit(cache=True, nogil=True)
def reached_by_any(upper, lower, needed, row, begin, stride, column, steps):  # type: ignore[no-untyped-def]
    """Whether any window of four classes of lengths has the excess it needs."""
    cast = upper.dtype.type
    one, two, three, four = (
        needed[row, column],
        needed[row, column + 1],
        needed[row, column + 2],
        needed[row, column + 3],
    )
    for block in range(_U(0), _U(max(steps + 1 - begin, 0)), _U(LANES)):
        end = block + _U(begin)
        step = _U(stride)
        best = cast(-1)
        for lane in range(_U(LANES)):
            low = lower[block + lane]
            first = cast(cast(upper[end + lane] - low) - one)
            second = cast(cast(upper[end + step + lane] - low) - two)
            third = cast(cast(upper[end + step + step + lane] - low) - three)
            fourth = cast(cast(upper[end + step + step + step + lane] - low) - four)
            first = first if first > second else second
            third = third if third > fourth else fourth
            first = first if first > third else third
            best = first if first > best else best
        if best >= 0:
            return True
    return False


@njit(cache=True, nogil=True)
def most_of_length(closely, length, steps):  # type: ignore[no-untyped-def]
    """The most excess of any window of a length."""
    cast = closely.dtype.type
    most = cast(-32768)
    later = _U(length)
    for lane in range(_U(-(-(steps + 1 - length) // SPAN) * SPAN)):
        excess = cast(closely[lane + later] - closely[lane])
        most = excess if excess > most else most
    return most


@njit(cache=True, nogil=True)
def out_of_room(upper, lower, room, span):  # type: ignore[no-untyped-def]
    """Whether an excess lies where sums could have wrapped around."""
    cast = upper.dtype.type
    furthest = cast(0)
    for lane in range(span):
        high, low = upper[lane], cast(-lower[lane])
        high = high if high > low else low
        furthest = high if high > furthest else furthest
    return furthest > room


@njit(cache=True, nogil=True)
def begin_group(inside, before, upper, lower, room, span):  # type: ignore[no-untyped-def]
    """Keep the excess before a group, and start its highest and lowest."""
    cast = inside.dtype.type
    highest, lowest = cast(room), cast(-room)
    for lane in range(span):
        before[lane] = inside[lane]
        upper[lane] = lowest
        lower[lane] = highest


@njit(cache=True, nogil=True)
def add_place(excess, place, inside, span):  # type: ignore[no-untyped-def]
    cast = inside.dtype.type
    for lane in range(span):
        inside[lane] = cast(inside[lane] + excess[place, lane])
