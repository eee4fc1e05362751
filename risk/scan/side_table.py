"""Threshold tables of one side, for windows that end with the last step: see `risk.scan.lanes`."""

from dataclasses import dataclass

import numpy as np

from risk.scan.circles import Circles
from risk.scan.lanes import LANES, RUNS, WIDTH, largest_ending_last
from risk.scan.layout import lay_out_ending_last
from risk.scan.plain import HIGH
from risk.scan.study import Study
from risk.scan.table import count_type, fill_by_cases, fill_by_circle, limits_of, out_of_reach
from risk.scan.windows import Windows, edges_of
from risk.scan.yardstick import Rings, Yardstick

TABLE_BYTES = 600 << 20
"""A larger table is not built: the plain scan takes over, slowly but within memory."""
COARSE = 2
"""2 ** `COARSE` numbers of cases share a row of a table."""


@dataclass(frozen=True)
class SideTable:
    """Thresholds of one side."""

    table: np.ndarray
    dtype: np.dtype
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
        coarse = COARSE if by_cases and side == HIGH else 0
        height, lanes = (int(rows.max(initial=0)) >> coarse) + 1, _padded(windows.longest, LANES)
        if height * lanes * dtype.itemsize > TABLE_BYTES:
            return None
        measures, shares = edges_of(study.measures), np.zeros(0)
        total = float(study.measures.sum())
        largest = total
        if by_cases:
            shares = np.concatenate([[0.0], study.counts.sum(axis=0).cumsum() / study.cases])
            largest = (height << coarse) * float((shares[windows.last] - shares[windows.first]).max()) + 3
        limits = limits_of(study.kind, study.cases, total, level, side, largest)
        nothing = out_of_reach(dtype)
        table = np.full((height, lanes), nothing, dtype=dtype)
        fixed = (windows.first, windows.last, windows.last - windows.first - 1, limits, side, least_cases, nothing)
        if by_cases:
            fill_by_cases(table, coarse, shares, *fixed)
        else:
            fill_by_circle(table, measures, circles.starts, circles.members, *fixed)
        table = np.ascontiguousarray(table.reshape(height, -1, LANES).transpose(1, 0, 2))
        rings = Rings(circles.starts, circles.members, circles.complete, rows, coarse)
        yard = Yardstick(study.kind, study.cases, total, side, least_cases, shares, measures)
        return cls(table, dtype, rings, yard, windows.longest, study.period.steps, level)

    def largest(self, replications: list[np.ndarray]) -> np.ndarray:
        """The largest ratio of this side in each replication; 0 if none reaches the level of the table."""
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

    @property
    def sign(self) -> int:
        """1 for high rates, −1 for low ones."""
        return 1 if self.yard.side == HIGH else -1


def rows_by_cases(study: Study, circles: Circles) -> np.ndarray:
    """Cases inside each circle over the whole period, int32, one per flat position."""
    inside = np.cumsum(study.counts.sum(axis=1)[circles.members])
    before = np.concatenate([[0], inside])[circles.starts[:-1]]
    return (inside - np.repeat(before, np.diff(circles.starts))).astype(np.int32)


def _padded(lanes: int, whole: int) -> int:
    return -(-lanes // whole) * whole
