"""Small counts are not shown below the county.

A place's count from 1 to k − 1 is withheld (k = 5, 10 for types that say so), and where the withheld ones of a table
could be told from its total, further ones are withheld with them. A true zero is shown: it speaks of nobody.
"""

import numpy as np
import pandas as pd

from data.filter import IncidentFilter
from geo.divisions import level_of
from risk.incident import DISPUTE_TYPES

FINEST_OPEN_LEVEL = 3
"""Counts are shown as they are down to the county."""
SMALLEST_SHOWN = 5


def smallest_shown(asked: IncidentFilter) -> int:
    """k: counts below it are withheld; the strictest of the types asked for, 5 when all types are counted together."""
    kinds = [DISPUTE_TYPES[code].suppress_below for code in asked.dispute_types if code in DISPUTE_TYPES]
    return max(kinds, default=SMALLEST_SHOWN)


def is_open(division: str) -> bool:
    """Whether a division's own count is shown whatever its size."""
    return level_of(division) <= FINEST_OPEN_LEVEL


def withhold(counts: pd.Series, k: int) -> pd.Series:
    """Counts of the parts of one whole, withheld ones NA (Int64).

    Besides counts in [1, k), the next smallest are withheld until at least two are and their sum reaches k, so that
    the whole less the shown parts does not give a small one away. Of equal ones the first by index is, whatever order
    they come in: two tables of one whole that withheld different ones would give all of them away.
    """
    values = counts.to_numpy(dtype="int64")
    hidden = (values > 0) & (values < k)
    order = np.lexsort((counts.index.argsort().argsort(), values))
    candidates = order[(values[order] >= k)]
    taken = 0
    while hidden.any() and (hidden.sum() < 2 or values[hidden].sum() < k) and taken < len(candidates):
        hidden[candidates[taken]] = True
        taken += 1
    return counts.astype("Int64").mask(hidden)


def withhold_cells(counts: pd.Series, k: int) -> pd.Series:
    """Counts of cells, those in [1, k) NA (Int64)."""
    return counts.astype("Int64").mask(counts.between(1, k - 1))


def part_and_whole(asked: IncidentFilter, part: int, whole: int) -> tuple[int | None, int | None]:
    """Both counts as shown, None = withheld: below the county neither they nor their difference may be small."""
    if is_open(asked.division):
        return part, whole
    k = smallest_shown(asked)
    if 0 < whole < k:
        return None, None
    small = 0 < part < k or 0 < whole - part < k
    return (None if small else part), whole
