"""Hexagons that lie side by side are one finding, not seven: they are listed once."""

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geo.cell_rings import ring_neighbours
from geo.hexagons import from_text


def with_patches(rows: pd.DataFrame) -> pd.DataFrame:
    """One row for each patch of neighbouring cells of one type, in the order of the rows.

    Parameters
    ----------
    rows
        As `read_hotspots` gives them for a layer of cells.

    Returns
    -------
    The member that has most incidents of its own stands for its patch, at the place of its best; `cells` says how
    many there are, `rank` counts anew.
    """
    patch = np.zeros(len(rows), np.int64)
    begun = 0
    for positions in rows.groupby("dispute_type").indices.values():
        found = patches(rows["code"].iloc[positions])
        patch[positions] = found + begun
        begun += int(found.max()) + 1
    shown = rows.assign(patch=patch, own=rows["last_count"].astype("Float64").fillna(1.0))
    # A withheld count is at least 1: it comes after every count that is shown, and before none at all.
    best = shown.sort_values(["own", "rank"], ascending=[False, True], kind="stable").drop_duplicates("patch")
    groups = shown.groupby("patch")["rank"]
    best = best.assign(cells=best["patch"].map(groups.size()), first=best["patch"].map(groups.min()))
    best = best.sort_values("first").drop(columns=["patch", "own", "first"]).reset_index(drop=True)
    return best.assign(rank=range(1, len(best) + 1))


def patches(cells: pd.Series) -> np.ndarray:
    """Number from 0 of the patch of each cell (H3 text, all different)."""
    numbers = from_text(cells)
    order = np.argsort(numbers)
    neighbours = ring_neighbours(numbers[order])
    size = len(numbers)
    graph = csr_array((np.ones(len(neighbours.members)), neighbours.members, neighbours.starts), shape=(size, size))
    found = np.empty(size, np.int64)
    found[order] = connected_components(graph, directed=False)[1]
    return found
