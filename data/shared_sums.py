"""Sums that units share: read once by fine places, and each unit takes its range out.

Going down the levels asks for the same sums again and again, each time of a smaller part. So what is read is grouped
by township over the whole province; below the township by grid within one. A reader that goes down or looks at another
unit then asks nobody anything, and when something was published only that is read.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy import Select

from data.counting import Columns, Counting
from data.filter import IncidentFilter
from data.kept import Kept
from geo.divisions import PREFIX_LENGTH, level_of, place_range

TOWNSHIP, GRID = 4, 6

_MOST_KEPT = 128

Query = Callable[[IncidentFilter, int], Select]
"""A query of a filter, grouped by `place` at a level."""


@dataclass(frozen=True)
class Sums:
    """Rows of a query within a unit: `place` (int64) and the other columns by name, all of one length.

    A place has several rows where its incidents lie in several segments.
    """

    place: np.ndarray
    columns: Columns

    def total(self, name: str) -> int:
        """Sum of a column."""
        return int(self.columns[name].sum())

    def by_child(self, level: int, names: list[str]) -> tuple[np.ndarray, np.ndarray]:
        """Ancestors at `level`, rising, and the sums of some columns, int64 of the shape (ancestors, names)."""
        if not len(self.place):
            return self.place, np.zeros((0, len(names)), np.int64)
        ancestors = self.place - self.place % 10 ** (15 - PREFIX_LENGTH[level])
        order = np.argsort(ancestors, kind="stable")
        first = np.flatnonzero(np.diff(ancestors[order], prepend=-1))
        sums = [np.add.reduceat(self.columns[name][order], first) for name in names]
        return ancestors[order][first], np.stack(sums, axis=1)


class SharedSums:
    """Sums of the published segments. Safe to share between threads."""

    def __init__(self, counting: Counting) -> None:
        self._counting = counting
        self._kept: Kept[tuple[str, str, int, int], list[Columns]] = Kept(_MOST_KEPT)

    def of(self, asked: IncidentFilter, query: Query, *, level: int, named: str) -> Sums:
        """Rows of a query within the division asked about, by places of `level` or finer.

        Parameters
        ----------
        query
            Its columns are integers; sums may be added up over places.
        named
            Says which query it is, with whatever it takes besides the filter.

        Raises
        ------
        DamagedSegmentError, PoolUnavailableError
            As `Counting.run`.
        """
        deep = max(level, level_of(asked.division)) > TOWNSHIP
        around = asked.division[: PREFIX_LENGTH[TOWNSHIP if deep else 1]]
        # Inside the reader's scope or not: only the rows of the division asked about are handed on.
        shared = replace(asked, scope=around, division=around)
        grain = GRID if deep else TOWNSHIP
        key = (named, repr(shared), grain, self._counting.version())
        return _within(self._kept.of(key, lambda: self._read(query(shared, grain))), asked.division)

    def _read(self, query: Select) -> list[Columns]:
        """Parts of the result, each with rising places, so that a unit's rows lie together in it."""
        found = self._counting.run_each(query.order_by("place"))
        return found or [{column.name: np.zeros(0, np.int64) for column in query.selected_columns}]


def _within(parts: list[Columns], division: str) -> Sums:
    rows = [slice(*np.searchsorted(part["place"], place_range(division))) for part in parts]
    pairs = list(zip(parts, rows, strict=True))
    columns = {name: np.concatenate([part[name][own] for part, own in pairs]) for name in parts[0]}
    return Sums(columns.pop("place"), columns)
