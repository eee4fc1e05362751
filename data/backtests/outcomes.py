"""What came: weekly counts of a layer's places, and of the ring around each."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from data.backtests.order import BacktestOrder
from data.counting import Counting
from data.cube_queries import counts_by_unit_and_week
from data.filter import IncidentFilter
from data.forecasts.levels import places_of_units
from data.forecasts.units import RESOLUTION
from data.layers import Layer
from data.settings import Settings
from data.study_area import area_of_divisions
from geo.neighbours import Neighbours, of_cells
from risk.backtest.baselines import Ring
from risk.forecast.surroundings import ring_matrix
from risk.incident import DISPUTE_TYPES

PLACES = 4000
"""A layer with more places is judged by so many of them, drawn evenly."""


@dataclass(frozen=True)
class LayerCounts:
    """Places of a layer that are tested.

    Parameters
    ----------
    places
        Drawn among those that had any incident before the test, rising, shape (places,).
    known
        How many there were to draw from.
    """

    layer: Layer
    places: np.ndarray
    known: int
    weeks: int
    _rows: pd.DataFrame
    _every: int
    _chosen: np.ndarray
    _ring: csr_array
    _degree: np.ndarray

    def of(self, kind: int) -> tuple[np.ndarray, Ring]:
        """Weekly counts of one dispute type (position), shape (places, weeks), and of the rings around."""
        rows = self._rows[self._rows["dispute_type"] == kind]
        shape = (self._every, self.weeks)
        counts = csr_array((rows["incident_count"].to_numpy(np.float64), (rows["at"], rows["week"])), shape=shape)
        return counts[self._chosen].toarray(), Ring((self._ring @ counts).toarray(), self._degree)


class Outcomes:
    """Counts of all units in all weeks of an order, read once."""

    def __init__(self, counting: Counting, settings: Settings, order: BacktestOrder) -> None:
        self._settings, self._order = settings, order
        sources = order.before(order.weeks).sources
        asked = IncidentFilter(order.scope, order.steps.period, sources=sources)
        self._found = counting.run(counts_by_unit_and_week(asked, RESOLUTION, order.steps.period))

    def of(self, layer: Layer) -> LayerCounts:
        """The tested places of a layer."""
        found = self._found
        key = places_of_units(found["place"].to_numpy(np.int64), found["cell"].to_numpy(np.int64), layer)
        rows = pd.DataFrame(
            {
                "key": key,
                "dispute_type": pd.Categorical(found["dispute_type"], categories=list(DISPUTE_TYPES)).codes,
                "week": found["day"].to_numpy(np.int64) // 7,
                "incident_count": found["incident_count"].to_numpy(np.int64),
            }
        )[key != 0]
        every, at = np.unique(rows["key"].to_numpy(), return_inverse=True)
        rows = rows.assign(at=at)
        early = rows[rows["week"] < self._order.start]
        seen = np.flatnonzero(np.bincount(early["at"], weights=early["incident_count"], minlength=len(every)) > 0)
        rng = np.random.default_rng(self._order.seed)
        chosen = np.sort(rng.choice(seen, min(len(seen), PLACES), replace=False))
        ring, degree = self._ring(layer, every, chosen)
        return LayerCounts(
            layer, every[chosen], len(seen), self._order.weeks, rows, len(every), chosen, ring, degree
        )  # fmt: skip

    def _ring(self, layer: Layer, every: np.ndarray, chosen: np.ndarray) -> tuple[csr_array, np.ndarray]:
        """Who lies in the first ring of each chosen place, 0/1 of shape (chosen, every), and how many places that is.

        A neighbour that never had anything counts in the second only.
        """
        if layer.is_cells:
            return ring_matrix(of_cells(every))[chosen], np.full(len(chosen), 6.0)
        area = area_of_divisions(self._order.scope, layer, self._settings.geography)
        return _ring_of_divisions(area.places, area.neighbours, every, chosen)


def _ring_of_divisions(
    places: np.ndarray, neighbours: Neighbours, every: np.ndarray, chosen: np.ndarray
) -> tuple[csr_array, np.ndarray]:
    size = max(len(places) - 1, 0)
    at = np.searchsorted(places, every).clip(max=size)
    there = (places[at] == every) if len(places) else np.zeros(len(every), bool)
    column = np.full(len(places), -1)
    column[at[there]] = np.flatnonzero(there)
    rows, members = [], []
    degree = np.zeros(len(chosen))
    for row, place in enumerate(chosen):
        if not there[place]:
            continue
        around = neighbours.of(at[place])
        degree[row] = len(around)
        hit = column[around]
        members.append(hit[hit >= 0])
        rows.append(np.full(len(members[-1]), row))
    row_of, member = (np.concatenate(each) if each else np.zeros(0, np.int64) for each in (rows, members))
    return csr_array((np.ones(len(member)), (row_of, member)), shape=(len(chosen), len(every))), degree
