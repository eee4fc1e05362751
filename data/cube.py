"""The cube: counts per place, step and dispute type, kept as the few that are not zero."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sqlalchemy import Label

from data import cube_queries as queries
from data.counting import Counting
from data.filter import IncidentFilter, OutOfScopeError
from data.layers import Layer
from data.steps import Steps
from geo.divisions import place_range
from risk.incident import DISPUTE_TYPES
from risk.series import Series

TOTAL = ""
"""Stands for all dispute types together, where a type's code is asked for."""


@dataclass(frozen=True)
class Cube:
    """Counts of a study area; a place that is not in `rows` counts 0 in every step.

    Parameters
    ----------
    places
        Places or cells of the study area, int64, rising, shape (places,).
    steps
        The steps.
    rows
        `place`, `step`, `dispute_type` as positions (int64; types in the order of the vocabulary), and
        `incident_count`; sorted.
    elsewhere
        `place` (of 15 digits, or cell 0), `step`, `dispute_type`, `incident_count` of what lies in no place of the
        study area: not located so deep, or without coordinates.
    """

    places: np.ndarray
    steps: Steps
    rows: pd.DataFrame
    elsewhere: pd.DataFrame

    def series(self, dispute_type: str = TOTAL) -> Series:
        """Counts of one type, or of all together.

        Raises
        ------
        ValueError
            No such type.
        """
        rows = self.rows
        if dispute_type != TOTAL:
            rows = rows[rows["dispute_type"] == type_position(dispute_type)]
        key = rows["place"].to_numpy() * self.steps.count + rows["step"].to_numpy()
        keys, at = np.unique(key, return_inverse=True)
        counts = np.bincount(at, weights=rows["incident_count"], minlength=len(keys)).astype(np.int64)
        kept = counts != 0
        keys = keys[kept].astype(np.int64)
        return Series(keys // self.steps.count, keys % self.steps.count, counts[kept])

    def dense(self, dispute_type: str = TOTAL) -> np.ndarray:
        """Counts of one type with all zeros, int64, shape (places, steps)."""
        return self.series(dispute_type).dense(len(self.places), self.steps.count)


def type_position(dispute_type: str) -> int:
    """Position of a type in the vocabulary."""
    if dispute_type not in DISPUTE_TYPES:
        raise ValueError(f"expected a dispute type, found {dispute_type!r}")
    return list(DISPUTE_TYPES).index(dispute_type)


def count_cube(counting: Counting, asked: IncidentFilter, *, layer: Layer, places: np.ndarray, steps: Steps) -> Cube:
    """Count a study area in one query.

    Parameters
    ----------
    asked
        Whose incidents and of which kinds; its period is that of the steps.
    layer
        What the places are.
    places
        Places of 15 digits or cells, rising.

    Raises
    ------
    ValueError
        The period of the filter is not that of the steps.
    OutOfScopeError
        A division outside the filter's was handed in.
    """
    if asked.period != steps.period:
        raise ValueError(f"expected the period of the steps, {steps.period}, found {asked.period}")
    found = counting.run(queries.counts_by_day_and_type(asked, _key(layer), _day(steps)))
    found = found[found["incident_count"] != 0]
    days = steps.edges[0] + found["day"].to_numpy(np.int64)
    places = np.asarray(places, np.int64)
    _check_inside(places, asked, layer)
    counted = found.iloc[:, 0].to_numpy(np.int64)
    at = np.searchsorted(places, counted).clip(max=max(len(places) - 1, 0))
    known = places[at] == counted if len(places) else np.zeros(len(found), bool)
    table = pd.DataFrame(
        {
            "place": np.where(known, at, counted),
            "step": steps.step_of(days),
            "dispute_type": pd.Categorical(found["dispute_type"], categories=list(DISPUTE_TYPES)).codes.astype("int64"),
            "incident_count": found["incident_count"].to_numpy(np.int64),
        }
    )
    keys = ["place", "step", "dispute_type"]
    summed = [part.groupby(keys, as_index=False, sort=True).sum() for part in (table[known], table[~known])]
    return Cube(places, steps, *summed)


def _key(layer: Layer) -> Label:
    if layer.resolution is not None:
        return queries.cell_key(layer.resolution)
    return queries.place_key(layer.level or 0)


def _day(steps: Steps) -> Label:
    """Days since the first edge; months differ in length, so they are counted by the day and put together later."""
    days = 7 if steps.unit == "week" else 1
    return queries.step_days(days, steps.edges[0]).label("day")


def _check_inside(places: np.ndarray, asked: IncidentFilter, layer: Layer) -> None:
    if layer.is_cells or not len(places):
        return
    first, after = place_range(asked.division)
    if places[0] < first or places[-1] >= after:
        raise OutOfScopeError(f"places {places[0]} to {places[-1]} are not all inside {asked.division}")
