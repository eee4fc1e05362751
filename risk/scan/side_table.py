"""Threshold tables of one side, laid out for the kernels of `risk.scan.lanes` and `risk.scan.lengths`."""

from dataclasses import dataclass

import numpy as np

from risk.scan.circles import Circles
from risk.scan.lanes import LANES, RUNS, WIDTH, largest_ending_last
from risk.scan.layout import lay_out_anywhere, lay_out_ending_last
from risk.scan.lengths import FAR, largest_anywhere
from risk.scan.lengths import LANES as LONG
from risk.scan.plain import HIGH
from risk.scan.study import Study
from risk.scan.table import count_type, fill_by_cases, fill_by_circle, fill_slopes, limits_of, out_of_reach
from risk.scan.windows import Windows, edges_of
from risk.scan.yardstick import Rings, Slopes, Yardstick

TABLE_BYTES = 600 << 20
"""A larger table is not built: the plain scan takes over, slowly but within memory."""
PARTS, COARSE = 16, 2
"""Parts of a case that slack is counted in; 2 ** `COARSE` numbers of cases share a row of a table."""


@dataclass(frozen=True)
class SideTable:
    """Thresholds of one side."""

    table: np.ndarray
    slopes: Slopes
    dtype: np.dtype
    ending_last: bool
    rings: Rings
    yard: Yardstick
    lengths: int
    steps: int
    level: float

    @classmethod
    def build(
        cls, study: Study, circles: Circles, windows: Windows, *, side: int, least_cases: int, level: float
    ) -> "SideTable | None":
        """Work out the thresholds; None if they would take more than `TABLE_BYTES`."""
        dtype = count_type(study.cases)
        by_cases = study.model == "permutation" and len(study.strata) == 1
        rows = rows_by_cases(study, circles) if by_cases else np.arange(len(circles.members), dtype=np.int32)
        coarse = COARSE if by_cases and side == HIGH and windows.ending_last else 0
        height = (int(rows.max(initial=0)) >> coarse) + 1
        shape, cell = _layout(windows, study.period.steps)
        measures, shares, slopes = edges_of(study.measures), np.zeros(0), no_slopes()
        total = float(study.measures.sum())
        largest = total
        if by_cases:
            shares = np.concatenate([[0.0], study.counts.sum(axis=0).cumsum() / study.cases])
            largest = (height << coarse) * float((shares[windows.last] - shares[windows.first]).max()) + 3
        limits = limits_of(study.kind, study.cases, total, level, side, largest)
        straight = by_cases and side == HIGH and dtype == np.int16 and not windows.ending_last
        if not straight and height * int(np.prod(shape)) * dtype.itemsize > TABLE_BYTES:
            return None
        nothing = out_of_reach(dtype)
        table = np.full((0 if straight else height, *shape), nothing, dtype=dtype)
        flat = table.reshape(len(table), int(np.prod(shape)))
        fixed = (windows.first, windows.last, cell, limits, side, least_cases, nothing)
        if straight:
            most_in_place = int(study.counts.sum(axis=1).max())
            slopes = straight_lines(height, windows, shape[1], shares, limits, least_cases, most_in_place)
        elif by_cases:
            fill_by_cases(flat, coarse, shares, *fixed)
        else:
            fill_by_circle(flat, measures, circles.starts, circles.members, *fixed)
        if windows.ending_last:
            table = np.ascontiguousarray(table.reshape(height, -1, LANES).transpose(1, 0, 2))
        rings = Rings(circles.starts, circles.members, circles.complete, rows, coarse)
        yard = Yardstick(study.kind, study.cases, total, side, least_cases, shares, measures)
        return cls(table, slopes, dtype, windows.ending_last, rings, yard, windows.longest, study.period.steps, level)

    def largest(self, replications: list[np.ndarray]) -> np.ndarray:
        """The largest ratio of this side in each replication; 0 if none reaches the level of the table."""
        if not self.ending_last:
            return self._largest_anywhere(replications)
        parts = [replications[begin : begin + RUNS] for begin in range(0, len(replications), RUNS)]
        return np.concatenate([self._largest_ending_last(part) for part in parts])

    def _largest_ending_last(self, replications: list[np.ndarray]) -> np.ndarray:
        """Of at most `RUNS` replications."""
        blocks, places = len(self.table), len(replications[0])
        highest = max(int(counts.sum(axis=1).max(initial=0)) for counts in replications)
        # Half the memory where it will do: places have few cases, circles many.
        dtype = np.dtype(np.int8) if highest <= np.iinfo(np.int8).max else self.dtype
        windows = np.zeros((blocks, places, WIDTH), dtype=dtype)
        for run, counts in enumerate(replications):
            lay_out_ending_last(counts, windows, run, self.lengths, self.sign)
        runs = len(replications)
        found = largest_ending_last(
            windows, self.table, runs, self.rings, self.yard, self.lengths, self.steps, self.level
        )
        return np.asarray(found[:runs])

    def _largest_anywhere(self, replications: list[np.ndarray]) -> np.ndarray:
        shape = (len(replications), len(replications[0]))
        edges = np.zeros((*shape, _padded(self.steps + 1, LONG)), dtype=self.dtype)
        most = np.zeros((*shape, _padded(self.lengths, LONG)), dtype=self.dtype)
        for run, counts in enumerate(replications):
            lay_out_anywhere(counts, edges[run], most[run], self.slopes, self.lengths, self.sign)
        return np.asarray(
            largest_anywhere(edges, most, self.table, self.slopes, self.rings, self.yard, self.steps, self.level)
        )

    @property
    def sign(self) -> int:
        """1 for high rates, −1 for low ones."""
        return 1 if self.yard.side == HIGH else -1


def rows_by_cases(study: Study, circles: Circles) -> np.ndarray:
    """Cases inside each circle over the whole period, int32, one per flat position."""
    inside = np.cumsum(study.counts.sum(axis=1)[circles.members])
    before = np.concatenate([[0], inside])[circles.starts[:-1]]
    return (inside - np.repeat(before, np.diff(circles.starts))).astype(np.int32)


def _layout(windows: Windows, steps: int) -> tuple[tuple[int, ...], np.ndarray]:
    """Shape of a table row, and the flat cell of each window in it."""
    length = windows.last - windows.first
    if windows.ending_last:
        return (_padded(windows.longest, LANES),), length - 1
    lanes = _padded(steps + 1, LONG)
    return (windows.longest, lanes), (length - 1) * lanes + windows.first


def no_slopes() -> Slopes:
    """For thresholds that are kept in a table."""
    return Slopes(np.zeros((0, 0), np.int16), np.zeros((0, 0), np.uint16), np.zeros((0, 0), np.uint16), 0.0, 1)


def straight_lines(
    rows: int,
    windows: Windows,
    lanes: int,
    shares: np.ndarray,
    limits: np.ndarray,
    least_cases: int,
    largest_place: int,
) -> Slopes:
    """Lines below the thresholds of the permutation model without strata."""
    base, rise = np.zeros((rows, windows.longest), np.int16), np.zeros((rows, windows.longest), np.uint16)
    share = np.zeros((windows.longest, lanes), np.uint16)
    fill_slopes(base, rise, share, shares, windows.first, windows.last, limits, least_cases)
    widest = float((shares[windows.last] - shares[windows.first]).max())
    reachable = limits[limits <= rows * widest + 2]
    steps = np.diff(reachable[reachable >= 0])
    pace = 1 / max(float(steps.max(initial=1.0)), 1.0)
    parts = PARTS if largest_place * PARTS < FAR else 1
    return Slopes(base, rise, share, pace, parts)


def _padded(lanes: int, whole: int) -> int:
    return -(-lanes // whole) * whole
