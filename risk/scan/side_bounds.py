"""The excess that windows of any end need, laid out for the kernel of `risk.scan.nested`."""

import math
from dataclasses import dataclass

import numpy as np

from risk.scan.circles import Circles
from risk.scan.excess_lanes import SPAN
from risk.scan.groups import Groups, group_circles
from risk.scan.layout import lay_out_excess
from risk.scan.nested import Bounds, largest_anywhere
from risk.scan.plain import HIGH, LOW
from risk.scan.study import Study
from risk.scan.table import limits_of
from risk.scan.windows import Windows, edges_of
from risk.scan.yardstick import Rings, Yardstick

ROOM_16, MOST_NEEDED_16 = 12_000, 8_000
"""Of 16 bits: two excesses and what is needed are subtracted from each other without wrapping around."""
ROOM_32, MOST_NEEDED_32 = 800_000_000, 500_000_000
MOST_PARTS = 64
DEVIATIONS = 5.8
"""An excess is hardly ever so many standard deviations large; where it is, 32 bits are used."""


@dataclass(frozen=True)
class SideBounds:
    """Needs of one side at one level."""

    groups: Groups
    narrow: Bounds | None
    broad: Bounds
    rings: Rings
    yard: Yardstick
    level: float

    @classmethod
    def build(
        cls,
        study: Study,
        circles: Circles,
        groups: Groups,
        windows: Windows,
        *,
        side: int,
        least_cases: int,
        level: float,
    ) -> "SideBounds":
        """Work out the needs of every group; `groups` come from `groups_of`."""
        total = float(study.measures.sum())
        scale = study.cases / total
        limits = limits_of(study.kind, study.cases, total, level, side, groups.largest / scale) * scale
        needs = needs_of(limits, side, least_cases)
        needed = _in_parts(limits, needs, groups.least, groups.rounding[:, None], groups.parts, side)
        quad_needed = _in_parts(limits, needs, groups.quad_least, groups.quad_gap, groups.parts, side)

        def bounds(dtype: type, room: int, most: int) -> Bounds:
            return Bounds(
                groups.members,
                groups.first_position,
                groups.starts,
                groups.quads,
                np.minimum(needed, most).astype(dtype),
                np.minimum(quad_needed, most).astype(dtype),
                room,
                windows.longest,
                study.period.steps,
            )

        fits = min(needed.min(initial=0), quad_needed.min(initial=0)) > -MOST_NEEDED_16
        narrow = bounds(np.int16, ROOM_16, MOST_NEEDED_16) if fits else None
        rings = Rings(circles.starts, circles.members, circles.complete, np.zeros(0, np.int32))
        yard = Yardstick(study.kind, study.cases, total, side, least_cases, np.zeros(0), edges_of(study.measures))
        return cls(groups, narrow, bounds(np.int32, ROOM_32, MOST_NEEDED_32), rings, yard, level)

    def largest(self, replications: list[np.ndarray]) -> np.ndarray:
        """The largest ratio of this side in each replication; 0 if none reaches the level."""
        return np.array([self._largest(counts) for counts in replications])

    def _largest(self, counts: np.ndarray) -> float:
        found = -1.0
        for bounds in (self.narrow, self.broad):
            if found < 0 and bounds is not None:
                found = self._within(counts, bounds)
        return found

    def _within(self, counts: np.ndarray, bounds: Bounds) -> float:
        """−1 if the type of the bounds is too narrow."""
        places, edges = counts.shape[0], counts.shape[1] + 1
        cases = np.zeros((places, edges), np.int32)
        excess = np.zeros((places + 1, -(-edges // SPAN) * SPAN), bounds.needed.dtype)
        sign = 1 if self.yard.side == HIGH else -1
        if not lay_out_excess(counts, self.groups.drift, self.groups.parts, sign, bounds.room, cases, excess):
            return -1.0
        return float(largest_anywhere(excess, cases, bounds, self.rings, self.yard, self.level))


def groups_of(study: Study, circles: Circles, windows: Windows) -> Groups:
    """Groups of circles, in parts of a case that leave room for what an excess can be."""
    expected = edges_of(study.measures) * (study.cases / study.measures.sum())
    # The variance of half of all cases is C / 4; with permuted cases, of half the period, C / 16.
    deviation = math.sqrt(study.cases) / (4 if study.model == "permutation" else 2)
    parts = 1
    while parts < MOST_PARTS and 2 * parts * DEVIATIONS * deviation <= ROOM_16:
        parts *= 2
    return group_circles(circles, expected, lengths=windows.longest, parts=parts)


def needs_of(limits: np.ndarray, side: int, least_cases: int) -> np.ndarray:
    """For each count, the least by which it or any higher one lies off the expectation when it reaches the level.

    Parameters
    ----------
    limits
        As in `risk.scan.statistic`, in expected cases.
    """
    counts = np.arange(len(limits))
    off = np.where(limits > 0, counts - limits, np.inf) if side != LOW else limits - counts
    needs: np.ndarray = np.minimum.accumulate(off[::-1])[::-1]
    return needs[np.maximum(counts, min(least_cases, len(limits) - 1))] if side != LOW else needs


def _in_parts(
    limits: np.ndarray, needs: np.ndarray, least: np.ndarray, off: np.ndarray, parts: int, side: int
) -> np.ndarray:
    """Least excess, in parts, where at least `least` is expected, `off` parts kept back; never too much."""
    count = np.searchsorted(limits, least, side="left" if side != LOW else "right") - (side == LOW)
    padded = np.append(needs, np.inf)
    need = np.where(np.isinf(least), np.inf, padded[np.clip(count, 0, len(needs))])
    return np.floor(np.minimum(need * parts, MOST_NEEDED_32) - off - 1)
