"""Monte Carlo: the largest ratio of each replication, spread over threads."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from risk.scan.circles import Circles
from risk.scan.draws import seeds_of
from risk.scan.lanes import (
    FAR,
    LANES,
    Rings,
    Slopes,
    Yardstick,
    largest_anywhere,
    largest_ending_last,
    lay_out_anywhere,
    lay_out_ending_last,
)
from risk.scan.null import Null, null_of
from risk.scan.plain import HIGH, best_of_each_centre
from risk.scan.study import Study
from risk.scan.table import count_type, fill_by_cases, fill_by_circle, fill_slopes, limits_of, out_of_reach

TABLE_BYTES = 600 << 20
"""A larger table is not built: the plain scan takes over, slowly but within memory."""
PILOT = 16
PARTS = 16
TOGETHER, TOGETHER_ANYWHERE = 4, 2
"""Replications that go through the circles side by side: as many as the cache close to a processor holds."""


class ScanCancelled(RuntimeError):  # noqa: N818 -- not a mistake: the caller asked for it
    """The caller asked to stop."""


@dataclass(frozen=True)
class Windows:
    """Windows of a scan: steps [first, last) of each; `ending_last` if all end with the last step."""

    first: np.ndarray
    last: np.ndarray
    ending_last: bool

    @property
    def longest(self) -> int:
        """Steps of the longest window."""
        return int((self.last - self.first).max())


def windows_of(steps: int, *, longest: int, ending_last: bool) -> Windows:
    """Windows of up to `longest` steps, short ones first."""
    lengths = range(1, min(longest, steps) + 1)
    pairs = [(end - length, end) for length in lengths for end in range(length, steps + 1)]
    if ending_last:
        pairs = [(first, last) for first, last in pairs if last == steps]
    first, last = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return Windows(first.copy(), last.copy(), ending_last)


def edges_of(table: np.ndarray) -> np.ndarray:
    """What lies before each step, and in all: shape (places, steps + 1)."""
    return np.concatenate([np.zeros((len(table), 1), dtype=table.dtype), table.cumsum(axis=1)], axis=1)


@dataclass(frozen=True)
class MonteCarlo:
    """Everything replications share.

    Parameters
    ----------
    study, circles, windows
        What is scanned.
    sides
        `HIGH`, `LOW` or both.
    least_cases
        Of a high window.
    null
        How replications are drawn.
    """

    study: Study
    circles: Circles
    windows: Windows
    sides: tuple[int, ...]
    least_cases: int
    null: Null

    def tables(self, level: float) -> list["SideTable"] | None:
        """Threshold tables of each side for a level; None where they would not fit into memory."""
        made = [SideTable.build(self, side, level) for side in self.sides]
        return None if any(table is None for table in made) else [table for table in made if table is not None]

    def plain_maximum(self, state: np.uint64) -> float:
        """The largest ratio of one replication, without tables."""
        counts = self.counts(state)
        side = self.sides[0] if len(self.sides) == 1 else 0
        best, _ = best_of_each_centre(
            edges_of(counts.astype(np.int64)),
            edges_of(self.study.measures),
            self.circles.starts,
            self.circles.members,
            self.circles.complete,
            self.windows.first,
            self.windows.last,
            self.study.cases,
            float(self.study.measures.sum()),
            self.study.kind,
            side,
            self.least_cases,
        )
        return float(best.max(initial=0.0))

    def counts(self, state: np.uint64) -> np.ndarray:
        """Cases of one replication, shape (places, steps)."""
        counts = np.zeros(self.study.counts.shape, dtype=count_type(self.study.cases))
        self.null.draw(counts, np.array([state], dtype=np.uint64))
        return counts


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
    def build(cls, monte_carlo: MonteCarlo, side: int, level: float) -> "SideTable | None":
        """Work out the thresholds; None if they would take more than `TABLE_BYTES`."""
        study, circles, windows = monte_carlo.study, monte_carlo.circles, monte_carlo.windows
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
        fixed = (windows.first, windows.last, cell, limits, side, monte_carlo.least_cases, nothing)
        if straight:
            largest = int(study.counts.sum(axis=1).max())
            slopes = straight_lines(height, shape, shares, windows, limits, monte_carlo.least_cases, largest)
        elif by_cases:
            fill_by_cases(flat, shares, *fixed)
        else:
            fill_by_circle(flat, measures, circles.starts, circles.members, *fixed)
        rings = Rings(circles.starts, circles.members, circles.complete, rows)
        yard = Yardstick(study.kind, study.cases, total, side, monte_carlo.least_cases, shares, measures)
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


def largest_of_each(
    monte_carlo: MonteCarlo,
    *,
    replications: int,
    seed: int,
    first_level: float = 1.0,
    threads: int = 0,
    enough: Callable[[np.ndarray], bool] | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> np.ndarray:
    """Largest ratio of each replication, in their order.

    Parameters
    ----------
    first_level
        Level of the first thresholds. Any will do; the nearer below the ratios to come, the faster.
    enough
        Given the ratios so far, whether more are needed; asked after every batch.
    progress
        Called with the number done and the number wanted.
    cancelled
        Asked before every batch.

    Raises
    ------
    ScanCancelled
        `cancelled` said so.
    """
    states = seeds_of(seed, replications)
    found = np.zeros(replications)
    done, level, batch = 0, max(first_level, 1e-3), PILOT
    workers = threads or os.cpu_count() or 1
    tables = monte_carlo.tables(level)
    with ThreadPoolExecutor(workers) as pool:
        while done < replications:
            if cancelled is not None and cancelled():
                raise ScanCancelled(f"cancelled after {done} of {replications} replications")
            chosen = np.arange(done, min(done + batch, replications))
            found[chosen] = _batch(monte_carlo, tables, level, states[chosen], pool)
            done = int(chosen[-1]) + 1
            if progress is not None:
                progress(done, replications)
            if enough is not None and enough(found[:done]):
                break
            if batch == PILOT:
                # The pilot shows where maxima lie: from here on the level is just below them.
                level, batch = max(float(found[:done].min()) * 0.97, 0.05), 8 * PILOT
                tables = monte_carlo.tables(level)
    return found[:done]


def _batch(
    monte_carlo: MonteCarlo,
    tables: list[SideTable] | None,
    level: float,
    states: np.ndarray,
    pool: ThreadPoolExecutor,
) -> np.ndarray:
    """Largest ratios of some replications; those below the level are done again with a lower one."""
    if tables is None:
        return np.array(list(pool.map(monte_carlo.plain_maximum, states)))

    def some(chosen: np.ndarray) -> np.ndarray:
        counts = [monte_carlo.counts(state) for state in chosen]
        return np.max([table.largest(counts) for table in tables], axis=0)

    together = TOGETHER if monte_carlo.windows.ending_last else TOGETHER_ANYWHERE
    parts = [states[begin : begin + together] for begin in range(0, len(states), together)]
    found = np.concatenate(list(pool.map(some, parts)))
    again = np.nonzero(found < level)[0]
    if len(again) and level > 1e-3:
        lower = level * 0.7
        found[again] = _batch(monte_carlo, monte_carlo.tables(lower), lower, states[again], pool)
    return found


def rows_by_cases(study: Study, circles: Circles) -> np.ndarray:
    """Cases inside each circle over the whole period, int32, one per flat position."""
    inside = np.cumsum(study.counts.sum(axis=1)[circles.members])
    before = np.concatenate([[0], inside])[circles.starts[:-1]]
    return (inside - np.repeat(before, np.diff(circles.starts))).astype(np.int32)


def monte_carlo_of(
    study: Study, circles: Circles, windows: Windows, *, sides: tuple[int, ...], least_cases: int
) -> MonteCarlo:
    """Put together what replications share."""
    null = null_of(study, first_step=int(windows.first.min()))
    return MonteCarlo(study, circles, windows, sides, least_cases, null)


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
