"""Levels that add up: what the children are expected to have sums to what the parent is expected to have."""

import numpy as np
import pandas as pd

from risk.forecast.dispersion import Dispersion

LEAST = 1e-12
"""Stands for no sum at all, where it is divided by."""


def add_up(forecast: pd.DataFrame, parent_of: pd.Series) -> pd.DataFrame:
    """Expected counts of the parents, bottom-up.

    Parameters
    ----------
    forecast
        Rows with `place`, `horizon`, `expected_count`, and any of `kind`.
    parent_of
        Parent of each place, indexed by place.

    Returns
    -------
    One row per parent, horizon and (where given) kind: `place`, `horizon`, `kind`, `expected_count`.

    Raises
    ------
    ValueError
        A place has no parent.
    """
    parents = forecast["place"].map(parent_of)
    if parents.isna().any():
        raise ValueError(
            f"expected a parent for every place, found none for {forecast['place'][parents.isna()].iloc[0]}"
        )
    keys = ["place", "horizon", *(["kind"] if "kind" in forecast else [])]
    sums = forecast.assign(place=parents).groupby(keys, sort=True)["expected_count"].sum()
    return sums.reset_index()


def scale_to_parents(children: np.ndarray, parent_row: np.ndarray, parents: np.ndarray) -> np.ndarray:
    """Children's expected counts, scaled in proportion so that they sum to their parent's.

    Parameters
    ----------
    children
        Expected counts, shape (children,).
    parent_row
        Position of each child's parent in `parents`.
    parents
        Expected counts of the parents, shape (parents,).

    Returns
    -------
    Shape (children,). Where all children of a parent are expected to have none, they share alike.
    """
    sums = np.bincount(parent_row, weights=children, minlength=len(parents))
    sizes = np.bincount(parent_row, minlength=len(parents))
    empty = (sums <= 0)[parent_row]
    weight = np.where(empty, 1.0, children)
    total = np.where(sums <= 0, sizes, sums)
    return weight / total[parent_row] * parents[parent_row]


def rake(expected: np.ndarray, of_kinds: np.ndarray, of_places: np.ndarray, *, rounds: int = 5) -> np.ndarray:
    """Expected counts by kind and place, scaled in turns to what kinds and places are expected to have by themselves.

    Iterative proportional fitting (Deming & Stephan 1940); the last turn is the places', whose sums then hold exactly.

    Parameters
    ----------
    expected
        Positive, shape (kinds, places, weeks).
    of_kinds
        Shape (kinds, weeks); only their proportions count.
    of_places
        Shape (places, weeks).
    """
    goal = of_kinds * (of_places.sum(axis=0) / np.maximum(of_kinds.sum(axis=0), LEAST))
    for _ in range(rounds):
        expected = expected * (goal / np.maximum(expected.sum(axis=1), LEAST))[:, None]
        expected = expected * (of_places / np.maximum(expected.sum(axis=0), LEAST))
    return np.asarray(expected)


def intervals_of(expected: np.ndarray, dispersion: Dispersion, shares: dict[str, tuple[float, float]]) -> pd.DataFrame:
    """Bounds of summed-up counts by the dispersion learnt at their own level, columns `low_…` and `high_…`."""
    columns = {}
    for name, (low, high) in shares.items():
        columns[f"low_{name}"] = dispersion.quantile(expected, low).astype(np.int64)
        columns[f"high_{name}"] = dispersion.quantile(expected, high).astype(np.int64)
    return pd.DataFrame(columns)
