"""Counts that stand beside a hotspot, small ones withheld exactly as the door does it.

They are withheld before they are kept, so that no later reader can be told more.
"""

import numpy as np
import pandas as pd

from data.cube import TOTAL, Cube, Series, type_position
from data.disclosure import FINEST_OPEN_LEVEL, SMALLEST_SHOWN, withhold, withhold_cells
from data.layers import Layer
from geo.divisions import PREFIX_LENGTH
from risk.incident import DISPUTE_TYPES

COLUMNS = ("last_count", "previous_count", "incident_count")


def smallest_of(dispute_type: str) -> int:
    """Counts of a type below this are withheld below the county."""
    return DISPUTE_TYPES[dispute_type].suppress_below if dispute_type != TOTAL else SMALLEST_SHOWN


def shown_counts(cube: Cube, series: Series, layer: Layer, dispute_type: str, positions: np.ndarray) -> pd.DataFrame:
    """Counts of some places: in the last step, in the one before, in all.

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
    last = cube.steps.count - 1
    steps = {"last_count": last, "previous_count": last - 1}
    table = {}
    for name in COLUMNS:
        counted = series.step == steps[name] if name in steps else np.ones(len(series.step), bool)
        totals = np.bincount(series.place[counted], weights=series.count[counted], minlength=len(cube.places))
        rest = _elsewhere(cube, dispute_type, steps.get(name))
        table[name] = _withheld(totals.astype(np.int64), rest, cube.places, layer, dispute_type, positions)
    return pd.DataFrame(table)


def _elsewhere(cube: Cube, dispute_type: str, step: int | None) -> pd.Series:
    """Incidents of no place of the study area by where they are, rising: most are known only to a division above."""
    rows = cube.elsewhere
    if dispute_type != TOTAL:
        rows = rows[rows["dispute_type"] == type_position(dispute_type)]
    if step is not None:
        rows = rows[rows["step"] == step]
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
