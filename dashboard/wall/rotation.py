"""Which scene is shown when: a function of the clock, so that all projectors agree and a reload changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True)
class Turn:
    """A scene's turn: its number from 0, and for how many more seconds it is shown (None: until told otherwise)."""

    index: int
    left: float | None


def turn_at(moment: float, seconds: Sequence[int], *, held: int | None = None) -> Turn:
    """The turn at a moment.

    Rounds follow each other without a gap since 1970-01-01 00:00 UTC, so neither time zone nor summer time plays a
    part, and screens that were switched on at different times show the same.

    Parameters
    ----------
    moment
        Seconds since 1970 (UTC), whole or not.
    seconds
        How long each scene is shown.
    held
        Scene that a paused screen keeps; one that is no longer there becomes the last.

    Raises
    ------
    ValueError
        No scene, or one that lasts no time.
    """
    if not seconds or min(seconds) <= 0:
        raise ValueError(f"expected scenes that last some seconds each, found {list(seconds)}")
    if held is not None:
        return Turn(min(max(held, 0), len(seconds) - 1), None)
    into = moment % sum(seconds)
    ends = list(accumulate(seconds))
    index = next((at for at, end in enumerate(ends) if into < end), len(ends) - 1)
    return Turn(index, ends[index] - into)


def stepped(index: int, step: int, count: int) -> int:
    """The scene `step` places further, round and round."""
    return (index + step) % count
