"""Monte Carlo: the largest ratio of each replication, spread over threads."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from risk.scan.best import best_circles
from risk.scan.circles import Circles
from risk.scan.draws import seeds_of
from risk.scan.groups import Groups
from risk.scan.null import Null, null_of
from risk.scan.side_bounds import SideBounds, groups_of
from risk.scan.side_table import SideTable
from risk.scan.study import Study
from risk.scan.table import count_type
from risk.scan.windows import Windows

PILOT, TOGETHER = 16, 4
"""Replications of the pilot, and those that one thread takes at a time."""
TABLES_KEPT, BOUNDS_KEPT = 2, 5
"""Levels whose tables are kept, and whose bounds are: they are small."""
LOWER_TABLES, LOWER_BOUNDS = 0.7, 0.9
"""How far the level is lowered for what lies below it: bounds are quick only near what is found."""


class ScanCancelled(RuntimeError):  # noqa: N818 -- not a mistake: the caller asked for it
    """The caller asked to stop."""


Tables = list[SideTable] | list[SideBounds] | None


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
    groups
        Of circles; None where windows end with the last step.
    """

    study: Study
    circles: Circles
    windows: Windows
    sides: tuple[int, ...]
    least_cases: int
    null: Null
    groups: Groups | None
    kept: dict[float, Tables] = field(default_factory=dict)

    def tables(self, level: float) -> Tables:
        """What each side needs to reach a level; None where it would not fit into memory. The last are kept."""
        if level not in self.kept:
            made: Tables = self._thresholds(level) if self.groups is None else self._bounds(self.groups, level)
            while len(self.kept) >= (TABLES_KEPT if self.groups is None else BOUNDS_KEPT):
                self.kept.pop(next(iter(self.kept)))
            self.kept[level] = made
        return self.kept[level]

    def _bounds(self, groups: Groups, level: float) -> list[SideBounds]:
        fixed = (self.study, self.circles, groups, self.windows)
        return [SideBounds.build(*fixed, side=side, least_cases=self.least_cases, level=level) for side in self.sides]

    def _thresholds(self, level: float) -> list[SideTable] | None:
        fixed = (self.study, self.circles, self.windows)
        made = [SideTable.build(*fixed, side=side, least_cases=self.least_cases, level=level) for side in self.sides]
        fits = [table for table in made if table is not None]
        return fits if len(fits) == len(made) else None

    def plain_maximum(self, state: np.uint64) -> float:
        """The largest ratio of one replication, without tables."""
        counts = self.counts(state)
        side = self.sides[0] if len(self.sides) == 1 else 0
        best, _ = best_circles(
            self.study, self.circles, self.windows, counts=counts, side=side, least_cases=self.least_cases
        )
        return float(best.max(initial=0.0))

    def counts(self, state: np.uint64) -> np.ndarray:
        """Cases of one replication, shape (places, steps)."""
        counts = np.zeros(self.study.counts.shape, dtype=count_type(self.study.cases))
        self.null.draw(counts, np.array([state], dtype=np.uint64))
        return counts


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
                # The pilot shows where maxima lie: from here on few are below the level, and those are done again.
                level, batch = max(float(np.quantile(found[:done], 0.1)) * 0.97, 0.05), 8 * PILOT
                tables = monte_carlo.tables(level)
    return found[:done]


def _batch(
    monte_carlo: MonteCarlo,
    tables: Tables,
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

    parts = [states[begin : begin + TOGETHER] for begin in range(0, len(states), TOGETHER)]
    found = np.concatenate(list(pool.map(some, parts)))
    again = np.nonzero(found < level)[0]
    if len(again) and level > 1e-3:
        lower = level * (LOWER_TABLES if monte_carlo.groups is None else LOWER_BOUNDS)
        found[again] = _batch(monte_carlo, monte_carlo.tables(lower), lower, states[again], pool)
    return found


def monte_carlo_of(
    study: Study, circles: Circles, windows: Windows, *, sides: tuple[int, ...], least_cases: int
) -> MonteCarlo:
    """Put together what replications share."""
    null = null_of(study, first_step=int(windows.first.min()))
    groups = None if windows.ending_last else groups_of(study, circles, windows)
    return MonteCarlo(study, circles, windows, sides, least_cases, null, groups)
