"""What is learnt from: weekly counts of townships, and of what is not located so deep."""

from dataclasses import dataclass, replace

import numpy as np

from data.counting import Counting
from data.cube import Cube, count_cube
from data.filter import IncidentFilter
from data.forecasts.delays import shares_reported
from data.forecasts.order import ForecastOrder
from data.forecasts.units import Units, find_units
from data.layers import layer_of
from data.settings import Settings
from data.study_area import StudyArea, area_of_divisions
from geo.neighbours import Neighbours
from risk.forecast.counts import WeeklyCounts
from risk.forecast.pooled import HORIZONS, PooledForecaster, held_weeks
from risk.forecast.surroundings import Surroundings, within_divisions
from risk.incident import DISPUTE_TYPES

ABOVE = (10**9, 10**11)
"""15-digit places of one county, of one city, lie within so many."""


@dataclass(frozen=True)
class History:
    """What a run knows of the past."""

    weekly: WeeklyCounts
    surroundings: Surroundings
    units: Units


def read_history(counting: Counting, settings: Settings, order: ForecastOrder) -> History:
    """Counts of an order's weeks, and the units inside the forecast places.

    Raises
    ------
    PoolUnavailableError
        The pool can not be read.
    """
    weekly, surroundings = weekly_history(counting, settings, order)
    held = held_weeks(order.weeks, PooledForecaster().held_back)
    units = find_units(
        counting,
        IncidentFilter(order.scope, order.steps.period, sources=order.sources),
        places=weekly.places,
        villages=area_of_divisions(order.scope, layer_of("village"), settings.geography),
        weeks=order.steps,
        held=held,
        recent_weeks=min(order.weeks, held + max(HORIZONS)),
    )
    return History(weekly, surroundings, units)


def weekly_history(counting: Counting, settings: Settings, order: ForecastOrder) -> tuple[WeeklyCounts, Surroundings]:
    """Weekly counts of an order's forecast places, how much of them is reported yet, and what surrounds them."""
    steps = order.steps
    asked = IncidentFilter(order.scope, steps.period, sources=order.sources)
    townships = area_of_divisions(order.scope, layer_of("township"), settings.geography)
    cube = count_cube(counting, asked, layer=townships.layer, places=townships.places, steps=steps)
    weekly, surroundings = base_history(cube, townships)
    return replace(weekly, reported=shares_reported(counting, settings, asked, steps)), surroundings


def base_history(cube: Cube, area: StudyArea) -> tuple[WeeklyCounts, Surroundings]:
    """Weekly counts of the forecast places, and what surrounds them.

    Parameters
    ----------
    cube
        Of the townships, in weeks; its `elsewhere` becomes places of its own.
    """
    rest = np.unique(cube.elsewhere["place"].to_numpy(np.int64))
    places = np.union1d(cube.places, rest)
    counts = np.zeros((len(DISPUTE_TYPES), len(places), cube.steps.count))
    for rows, named in ((cube.rows, cube.places), (cube.elsewhere, None)):
        place = rows["place"].to_numpy(np.int64)
        at = np.searchsorted(places, named[place] if named is not None else place)
        np.add.at(counts, (rows["dispute_type"].to_numpy(), at, rows["step"].to_numpy()), rows["incident_count"])
    history = WeeklyCounts(counts, places, tuple(DISPUTE_TYPES), cube.steps.edges[0])
    above = tuple(places // span * span for span in ABOVE)
    moved = np.searchsorted(places, cube.places)
    return history, within_divisions(places, ancestors=above, neighbours=_among(area.neighbours, moved, len(places)))


def _among(neighbours: Neighbours, moved: np.ndarray, count: int) -> Neighbours:
    """The same neighbours at new positions among `count` places, of which the others have none."""
    sizes = np.zeros(count, np.int64)
    sizes[moved] = np.diff(neighbours.starts)
    return Neighbours(np.concatenate([[0], np.cumsum(sizes)]), moved[neighbours.members])
