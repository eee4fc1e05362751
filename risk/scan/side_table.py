"""Threshold tables of one side, laid out for the kernels of `risk.scan.lanes`."""

from dataclasses import dataclass

import numpy as np

from risk.scan.circles import Circles
from risk.scan.lanes import FAR, LANES, largest_anywhere, largest_ending_last
from risk.scan.layout import lay_out_anywhere, lay_out_ending_last
from risk.scan.plain import HIGH
from risk.scan.study import Study
from risk.scan.table import count_type, fill_by_cases, fill_by_circle, fill_slopes, limits_of, out_of_reach
from risk.scan.windows import Windows, edges_of
from risk.scan.yardstick import Rings, Slopes, Yardstick

TABLE_BYTES = 600 << 20
"""A larger table is not built: the plain scan takes over, slowly but within memory."""
PARTS = 16


@dataclass(frozen=True)
class SideTable:
    """Thresholds of one side, laid out for the kernels of `risk.scan.lanes`."""

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
        height = int(rows.max(initial=0)) + 1
        shape, cell = _layout(windows, study.period.steps)
        total = float(study.measures.sum())
        limits = limits_of(study.kind, study.cases, total, level, side)
        straight = by_cases and side == HIGH and dtype == np.int16 and not windows.ending_last
        if not straight and height * int(np.prod(shape)) * dtype.itemsize > TABLE_BYTES:
            return None
        nothing = out_of_reach(dtype)
        table = np.full((0 if straight else height, *shape), nothing, dtype=dtype)
        flat = table.reshape(len(table), int(np.prod(shape)))
        measures, shares, slopes = edges_of(study.measures), np.zeros(0), no_slopes()
        if by_cases:
            shares = np.concatenate([[0.0], study.counts.sum(axis=0).cumsum() / study.cases])
        fixed = (windows.first, windows.last, cell, limits, side, least_cases, nothing)
        if straight:
            largest = int(study.counts.sum(axis=1).max())
            slopes = straight_lines(height, shape, shares, windows, limits, least_cases, largest)
        elif by_cases:
            fill_by_cases(flat, shares, *fixed)
        else:
            fill_by_circle(flat, measures, circles.starts, circles.members, *fixed)
        rings = Rings(circles.starts, circles.members, circles.complete, rows)
        yard = Yardstick(study.kind, study.cases, total, side, least_cases, shares, measures)
        return cls(table, slopes, dtype, windows.ending_last, rings, yard, windows.longest, study.period.steps, level)

    def largest(self, replications: list[np.ndarray]) -> np.ndarray:
        """The largest ratio of this side in each replication; 0 if none reaches the level of the table."""
        dtype, sign = self.dtype, 1 if self.yard.side == HIGH else -1
        shape = (len(replications), len(replications[0]))
        if self.ending_last:
            windows = np.zeros((*shape, self.table.shape[1]), dtype=dtype)
            for run, counts in enumerate(replications):
                lay_out_ending_last(counts, windows[run], self.lengths, sign)
            return np.asarray(
                largest_ending_last(windows, self.table, self.rings, self.yard, self.lengths, self.steps, self.level)
            )
        edges = np.zeros((*shape, _padded(self.steps + 1 + self.lengths)), dtype=dtype)
        most = np.zeros((*shape, self.lengths), dtype=dtype)
        for run, counts in enumerate(replications):
            lay_out_anywhere(counts, edges[run], most[run], self.slopes, sign)
        return np.asarray(
            largest_anywhere(edges, most, self.table, self.slopes, self.rings, self.yard, self.steps, self.level)
        )


def rows_by_cases(study: Study, circles: Circles) -> np.ndarray:
    """Cases inside each circle over the whole period, int32, one per flat position."""
    inside = np.cumsum(study.counts.sum(axis=1)[circles.members])
    before = np.concatenate([[0], inside])[circles.starts[:-1]]
    return (inside - np.repeat(before, np.diff(circles.starts))).astype(np.int32)


def _layout(windows: Windows, steps: int) -> tuple[tuple[int, ...], np.ndarray]:
    """Shape of a table row, and the flat cell of each window in it."""
    length = windows.last - windows.first
    if windows.ending_last:
        return (_padded(windows.longest),), length - 1
    lanes = _padded(steps + 1)
    return (windows.longest, lanes), (length - 1) * lanes + windows.first


def no_slopes() -> Slopes:
    """For thresholds that are kept in a table."""
    return Slopes(np.zeros((0, 0), np.int16), np.zeros((0, 0), np.uint16), np.zeros((0, 0), np.uint16), 0.0, 1)


def straight_lines(
    rows: int,
    shape: tuple[int, ...],
    shares: np.ndarray,
    windows: Windows,
    limits: np.ndarray,
    least_cases: int,
    largest_place: int,
) -> Slopes:
    """Lines below the thresholds of the permutation model without strata."""
    base, rise = np.zeros((rows, shape[0]), np.int16), np.zeros((rows, shape[0]), np.uint16)
    share = np.zeros(shape, np.uint16)
    fill_slopes(base, rise, share, shares, windows.first, windows.last, limits, least_cases)
    widest = float((shares[windows.last] - shares[windows.first]).max())
    reachable = limits[limits <= rows * widest + 2]
    steps = np.diff(reachable[reachable >= 0])
    pace = 1 / max(float(steps.max(initial=1.0)), 1.0)
    parts = PARTS if largest_place * PARTS < FAR else 1
    return Slopes(base, rise, share, pace, parts)


def _padded(lanes: int) -> int:
    return -(-lanes // LANES) * LANES
