"""Which hot places are one finding, and which alert it belongs to.

Places of one dispute type are one finding when they are next to each other or in one township, whatever their layers,
and so are the places of an alert that is not settled: a finding that touches it is that alert, grown. Whether the
places come one by one or all at once, in whichever order, the findings are the same.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geo.neighbours import Neighbours
from risk.alerts.onset import is_settled, townships_of
from risk.alerts.rules import AlertRules

Around = Callable[[str, np.ndarray], Neighbours]
"""Neighbour lists of some places (distinct, rising) of a layer among themselves."""


@dataclass(frozen=True)
class Finding:
    """Hot places that are one.

    Parameters
    ----------
    rows
        Positions in the table of hot places, rising.
    alert_id
        The alert it is, None if it is none yet.
    absorbed
        Further alerts that it has grown together with; they become part of the first.
    settled_id
        The settled alert whose evidence it still is, so that nothing is raised; None otherwise.
    """

    dispute_type: str
    rows: np.ndarray
    alert_id: int | None = None
    absorbed: tuple[int, ...] = ()
    settled_id: int | None = None


def match(hot: pd.DataFrame, known: pd.DataFrame, around: Around, rules: AlertRules) -> list[Finding]:
    """All findings, by type and first place.

    Parameters
    ----------
    hot
        One row a place and type: `layer`, `dispute_type`, `place`, `home` (15 digits), `level`, `since` (day number of
        the first day of the hot run), `before` (day after the last hot step before it, -1 without one).
    known
        One row a place of an alert: `alert_id`, `dispute_type`, `layer`, `place`, `home`, `live`, `rank` (how far it
        got: of two live ones that meet the farther one stays), `level`, `last_day` (when it was last seen).
    """
    hot, known = hot.reset_index(drop=True), known.reset_index(drop=True)
    found: list[Finding] = []
    for kind in sorted(hot["dispute_type"].unique().tolist()):
        rows = np.flatnonzero(hot["dispute_type"] == kind)
        own = known[known["dispute_type"] == kind]
        live, settled = own[own["live"].astype(bool)], own[~own["live"].astype(bool)]
        for at, ids in _components(hot.iloc[rows], live, around):
            found.append(_finding(kind, rows[at], ids, hot, live, settled, rules))
    return found


def _components(hot: pd.DataFrame, live: pd.DataFrame, around: Around) -> Iterator[tuple[np.ndarray, list[int]]]:
    """Positions in `hot` and ids of live alerts that belong together, in the order of the first position."""
    nodes = pd.concat([hot, live], ignore_index=True)[["layer", "place", "home"]]
    alert = np.concatenate([np.full(len(hot), -1), live["alert_id"].to_numpy(np.int64)])
    pairs = [_same(nodes.groupby(["layer", "place"]).ngroup().to_numpy()), _same(alert)]
    pairs += [_same(townships_of(nodes["home"]))]
    pairs += [_next_to(nodes, str(layer), around) for layer in nodes["layer"].unique()]
    first, second = np.concatenate(pairs, axis=1)
    graph = csr_array((np.ones(len(first)), (first, second)), shape=(len(nodes), len(nodes)))
    label = connected_components(graph, directed=False)[1]
    for each in pd.unique(label[: len(hot)]):
        inside = label == each
        yield np.flatnonzero(inside[: len(hot)]), sorted(set(alert[inside].tolist()) - {-1})


def _same(key: np.ndarray) -> np.ndarray:
    """Pairs of positions, shape (2, n), that chain all with one key (-1: none) together."""
    order = np.argsort(key, kind="stable")
    order = order[key[order] >= 0]
    chained = key[order[1:]] == key[order[:-1]]
    return np.stack([order[:-1][chained], order[1:][chained]])


def _next_to(nodes: pd.DataFrame, layer: str, around: Around) -> np.ndarray:
    """Pairs of positions, shape (2, n), of places of a layer that are next to each other."""
    own = nodes[nodes["layer"] == layer].drop_duplicates("place").sort_values("place")
    at = own.index.to_numpy(np.int64)
    neighbours = around(layer, own["place"].to_numpy(np.int64))
    return np.stack([np.repeat(at, neighbours.degrees), at[neighbours.members]])


def _finding(
    kind: str,
    rows: np.ndarray,
    ids: list[int],
    hot: pd.DataFrame,
    live: pd.DataFrame,
    settled: pd.DataFrame,
    rules: AlertRules,
) -> Finding:
    if ids:
        ranks = live.groupby("alert_id")["rank"].first()
        first, *rest = sorted(ids, key=lambda each: (-int(ranks[each]), each))
        return Finding(kind, rows, alert_id=first, absorbed=tuple(rest))
    return Finding(kind, rows, settled_id=is_settled(hot.iloc[rows], settled, rules))
