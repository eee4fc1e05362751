"""One layer of a forecast: its places as sums of units, expected, said before, and counted."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from data.cube import TOTAL
from data.forecasts.units import RESOLUTION, Units
from data.layers import Layer
from data.study_area import common_division
from geo.hexagons import parent
from risk.forecast.memory import between, coming
from risk.forecast.pooled import HORIZONS, Expectation
from risk.incident import DISPUTE_TYPES

SPANS = {1: 10**13, 2: 10**11, 3: 10**9, 4: 10**6, 5: 10**3, 6: 1}
"""How many 15-digit places lie within one of a level."""

BEATEN_WEEKS = 4
"""Last month, whose mean the forecast has to beat."""


@dataclass(frozen=True)
class Kind:
    """One dispute type (or `TOTAL`) at one layer; arrays of shape (places,) by horizon in weeks.

    Parameters
    ----------
    ahead
        Expected from the end of the history on.
    said, came
        Of the last whole window: what had been expected before it, and what came.
    """

    dispute_type: str
    ahead: dict[int, np.ndarray]
    said: dict[int, np.ndarray]
    came: dict[int, np.ndarray]


@dataclass(frozen=True)
class HeldKind:
    """One dispute type (or `TOTAL`) over the weeks held back; arrays of shape (places, held weeks).

    Parameters
    ----------
    said, came
        By horizon: what was expected at the beginning of each week, and what came. The last `horizon - 1` columns of
        `came` are NaN: their weeks are not over.
    last_month
        Mean of the four weeks before each: what the forecast has to beat.
    """

    dispute_type: str
    said: dict[int, np.ndarray]
    came: dict[int, np.ndarray]
    last_month: np.ndarray


@dataclass(frozen=True)
class LayerForecast:
    """Places of a layer that any unit belongs to, and the unit-wise forecast behind them.

    Parameters
    ----------
    places
        Places of 15 digits or cells, rising.
    at
        Position of each unit's place, -1 where it has none at this layer, shape (units,).
    """

    layer: Layer
    units: Units
    expectation: Expectation
    places: np.ndarray
    at: np.ndarray

    @cached_property
    def belongs(self) -> csr_array:
        """0/1 matrix of shape (places, units)."""
        unit = np.flatnonzero(self.at >= 0)
        return csr_array((np.ones(len(unit)), (self.at[unit], unit)), shape=(len(self.places), self.units.count))

    @cached_property
    def within(self) -> np.ndarray:
        """Smallest division (15 digits) that holds all units of each place."""
        if not self.layer.is_cells:
            return self.places
        unit = self.at >= 0
        first = np.full(len(self.places), np.iinfo(np.int64).max)
        last = np.zeros(len(self.places), np.int64)
        np.minimum.at(first, self.at[unit], self.units.place[unit])
        np.maximum.at(last, self.at[unit], self.units.place[unit])
        return common_division(first, last)

    @cached_property
    def home(self) -> np.ndarray:
        """Division each place lies in: its own, or that of the unit of a hexagon with the most incidents."""
        if not self.layer.is_cells:
            return self.places
        unit = np.flatnonzero(self.at >= 0)
        weight = self.units.shares.sum(axis=0)[unit]
        order = np.lexsort((-self.units.place[unit], weight, self.at[unit]))
        home = np.zeros(len(self.places), np.int64)
        home[self.at[unit[order]]] = self.units.place[unit[order]]  # the heaviest is written last
        return home

    def kinds(self) -> Iterator[Kind]:
        """Every dispute type in the order of the vocabulary, then all together as `TOTAL`."""
        base, weeks = self.units.base, self.units.recent_weeks
        ahead = {horizon: np.zeros(len(self.places)) for horizon in HORIZONS}
        said, came = ({horizon: np.zeros(len(self.places)) for horizon in HORIZONS} for _ in range(2))
        for number, kind in enumerate(DISPUTE_TYPES):
            recent = self._recent(number)
            own: list[dict[int, np.ndarray]] = [{}, {}, {}]
            for horizon in HORIZONS:
                before = self.expectation.said[horizon][number][:, -horizon]
                own[0][horizon] = self.belongs @ (
                    self.expectation.coming[horizon][number][base] * self.units.shares[number]
                )
                own[1][horizon] = self.belongs @ (before[base] * self.units.earlier_shares[number])
                own[2][horizon] = recent[:, weeks - horizon :].sum(axis=1)
                for sums, values in zip((ahead, said, came), own, strict=True):
                    sums[horizon] += values[horizon]
            yield Kind(kind, *own)
        yield Kind(TOTAL, ahead, said, came)

    def held(self, chosen: np.ndarray) -> Iterator[HeldKind]:
        """The weeks held back, at some places (positions): every dispute type, then all together."""
        held = self.expectation.said[1].shape[2]
        shape = (len(chosen), held)
        said_sum, came_sum = ({horizon: np.zeros(shape) for horizon in HORIZONS} for _ in range(2))
        month_sum = np.zeros(shape)
        belongs, base = self.belongs[chosen], self.units.base
        for number, kind in enumerate(DISPUTE_TYPES):
            recent = self._recent(number, belongs)
            places = self.expectation.said[1].shape[1]
            of_base = csr_array(
                (self.units.earlier_shares[number], (np.arange(len(base)), base)), shape=(len(base), places)
            )
            shares = csr_array(belongs @ of_base)
            said = {horizon: shares @ self.expectation.said[horizon][number] for horizon in HORIZONS}
            came = {horizon: coming(recent, horizon)[:, -held - 1 : -1] for horizon in HORIZONS}
            for horizon in HORIZONS:
                said_sum[horizon] += said[horizon]
                came_sum[horizon] += came[horizon]
            last_month = between(recent, 1, BEATEN_WEEKS)[:, -held - 1 : -1] / BEATEN_WEEKS
            month_sum += last_month
            yield HeldKind(kind, said, came, last_month)
        yield HeldKind(TOTAL, said_sum, came_sum, month_sum)

    def _recent(self, kind: int, belongs: csr_array | None = None) -> np.ndarray:
        """Counts of the last weeks of the places, shape (places, recent weeks)."""
        rows = self.units.recent
        rows = rows[rows["dispute_type"] == kind]
        shape = (self.units.count, self.units.recent_weeks)
        counts = csr_array((rows["incident_count"].to_numpy(np.float64), (rows["unit"], rows["week"])), shape=shape)
        return np.asarray(((self.belongs if belongs is None else belongs) @ counts).todense())


def layer_forecast(layer: Layer, units: Units, expectation: Expectation) -> LayerForecast:
    """The layer's places and which units make them up."""
    of = places_of_units(units.place, units.cell, layer)
    places = np.unique(of[of != 0])
    at = np.where(of != 0, np.searchsorted(places, of), -1)
    return LayerForecast(layer, units, expectation, places, at)


def places_of_units(place: np.ndarray, cell: np.ndarray, layer: Layer) -> np.ndarray:
    """Place of a layer that each unit belongs to, 0 where it has none."""
    return _of_cells(cell, layer.resolution) if layer.resolution is not None else _of_places(place, layer)


def _of_places(place: np.ndarray, layer: Layer) -> np.ndarray:
    """Ancestor at the layer's level; 0 where the place is not known so deep."""
    level = layer.level or 0
    span = SPANS[level]
    above = SPANS[level - 1]
    return np.where(place % above // span != 0, place // span * span, 0)


def _of_cells(cell: np.ndarray, resolution: int) -> np.ndarray:
    coarse = np.zeros_like(cell)
    there = cell != 0
    coarse[there] = parent(cell[there], resolution=resolution) if resolution < RESOLUTION else cell[there]
    return coarse
