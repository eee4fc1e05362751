"""Counts that stand beside a hotspot, small ones withheld exactly as the door does it.

They are withheld before they are kept, so that no later reader can be told more.
"""

import numpy as np
import pandas as pd

from data.cube import TOTAL, Cube, type_position
from data.disclosure import FINEST_OPEN_LEVEL, SMALLEST_SHOWN, withhold, withhold_cells
from data.layers import Layer
from geo.divisions import PREFIX_LENGTH
from risk.incident import DISPUTE_TYPES
from risk.series import Series

COLUMNS = ("last_count", "previous_count", "incident_count")
RECENT = 4
"""Steps that are counted together as the last ones: a week alone is mostly too small a number to be shown."""


def smallest_of(dispute_type: str) -> int:
    """Counts of a type below this are withheld below the county."""
    return DISPUTE_TYPES[dispute_type].suppress_below if dispute_type != TOTAL else SMALLEST_SHOWN


def shown_counts(cube: Cube, series: Series, layer: Layer, dispute_type: str, positions: np.ndarray) -> pd.DataFrame:
    """Counts of some places: in the last `RECENT` steps, in as many before, in all.

    Parameters
    ----------
    series
        Of the type, from the cube.
    positions
        Which places, rising.

    Returns
    -------
    `COLUMNS` (Int64, NA = withheld), in the order of `positions`.
    """
    count = cube.steps.count
    windows = {
        "last_count": range(max(0, count - RECENT), count),
        "previous_count": range(max(0, count - 2 * RECENT), max(0, count - RECENT)),
        "incident_count": range(count),
    }
    table = {}
    for name, steps in windows.items():
        counted = (series.step >= steps.start) & (series.step < steps.stop)
        totals = np.bincount(series.place[counted], weights=series.count[counted], minlength=len(cube.places))
        rest = _elsewhere(cube, dispute_type, steps)
        table[name] = _withheld(totals.astype(np.int64), rest, cube.places, layer, dispute_type, positions)
    return pd.DataFrame(table)


def count_within(
    cube: Cube, series: Series, layer: Layer, dispute_type: str, positions: np.ndarray, window: tuple[int, int]
) -> int | None:
    """Count of some places together in the steps [first, after); None if it is withheld.

    A single place is withheld as it would be among its siblings, several as one small count.
    """
    first, after = window
    inside = (series.step >= first) & (series.step < after)
    totals = np.bincount(series.place[inside], weights=series.count[inside], minlength=len(cube.places)).astype(
        np.int64
    )
    if len(positions) == 1:
        rest = _elsewhere(cube, dispute_type, range(first, after))
        alone = _withheld(totals, rest, cube.places, layer, dispute_type, positions).iloc[0]
        return None if pd.isna(alone) else int(alone)
    together = int(totals[positions].sum())
    shown = (layer.level or FINEST_OPEN_LEVEL + 1) <= FINEST_OPEN_LEVEL or not 0 < together < smallest_of(dispute_type)
    return together if shown else None


def _elsewhere(cube: Cube, dispute_type: str, steps: range) -> pd.Series:
    """Incidents of no place of the study area by where they are, rising: most are known only to a division above."""
    rows = cube.elsewhere
    if dispute_type != TOTAL:
        rows = rows[rows["dispute_type"] == type_position(dispute_type)]
    rows = rows[rows["step"].between(steps.start, steps.stop - 1)]
    return rows.groupby("place")["incident_count"].sum()


def _withheld(
    totals: np.ndarray, rest: pd.Series, places: np.ndarray, layer: Layer, dispute_type: str, positions: np.ndarray
) -> pd.Series:
    k = smallest_of(dispute_type)
    own = pd.Series(totals[positions], dtype="Int64")
    if layer.is_cells:
        return withhold_cells(own, k)
    level = layer.level or 0
    if level <= FINEST_OPEN_LEVEL:
        return own
    span = 10 ** (15 - PREFIX_LENGTH[level - 1])
    parents = places[positions] // span * span
    for parent in np.unique(parents).tolist():
        first, after = np.searchsorted(places, [parent, parent + span])
        others = rest[(rest.index >= parent) & (rest.index < parent + span)]
        siblings = pd.Series([*totals[first:after].tolist(), *others.tolist()])
        mine = parents == parent
        own[mine] = withhold(siblings, k).to_numpy()[positions[mine] - first]
    return own
