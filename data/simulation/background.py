"""The ordinary flow of incidents: source, type, place and day, before anything is triggered or injected."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.simulation import calendar
from data.simulation.calendar import Window
from data.simulation.draws import draw_rows
from data.simulation.landmarks import HOSPITAL_TYPE, ROAD_TYPE, Landmarks
from data.simulation.places import Places
from data.simulation.profiles import CITY_GROWTH, TYPE_CODES, source_shares, type_shares

YEAR = 365.25 * calendar.DAY
COLUMNS = ("source", "dispute_type", "place", "longitude", "latitude", "occurred", "parent", "hotspot")
"""Positions in SOURCE_CODES, TYPE_CODES and Places; degrees; local seconds; row of the trigger and number of
the injected hotspot, -1 without."""


@dataclass(frozen=True)
class World:
    """Everything that is fixed before the first incident.

    Parameters
    ----------
    days
        Shape (sources, types, days): probability of a day of `window.days`.
    growth
        Shape (places,): logarithmic growth a year of the place's city.
    """

    window: Window
    places: Places
    landmarks: Landmarks
    days: np.ndarray
    growth: np.ndarray

    @property
    def middle(self) -> float:
        """Moment at which a growing and a shrinking city are at their averages."""
        return (self.window.start + self.window.end) / 2

    def trend(self, place: np.ndarray, moment: np.ndarray) -> np.ndarray:
        """Factor on the intensity of places at moments (local seconds)."""
        return np.asarray(np.exp(self.growth[place] * (moment - self.middle) / YEAR))


def growth_of_cities(places: Places, rng: np.random.Generator) -> np.ndarray:
    """One growth for all places of a city, shape (places,)."""
    _, city = np.unique(places.prefix(4), return_inverse=True)
    return np.asarray(rng.normal(*CITY_GROWTH, size=city.max() + 1)[city])


def draw_background(world: World, count: int, rng: np.random.Generator) -> pd.DataFrame:
    """Exactly `count` incidents of the ordinary flow, columns as in `COLUMNS`, in random order."""
    parts: list[pd.DataFrame] = []
    missing = count
    while missing > 0:
        parts.append(_thinned(world, int(missing * 1.4) + 100, rng).head(missing))
        missing -= len(parts[-1])
    return pd.concat(parts, ignore_index=True)


def _thinned(world: World, count: int, rng: np.random.Generator) -> pd.DataFrame:
    """Candidates, each kept in proportion to its city's trend; fewer than `count`."""
    source = rng.choice(len(source_shares()), count, p=source_shares())
    dispute_type = draw_rows(type_shares(), source, rng)
    place = world.places.draw(dispute_type, rng)
    _, types, days = world.days.shape
    day = draw_rows(world.days.reshape(-1, days), source * types + dispute_type, rng)
    occurred = world.window.days[day] * calendar.DAY + calendar.draw_clock(source, rng)
    trend = world.trend(place, occurred)
    within = (occurred >= world.window.start) & (occurred <= world.window.end)
    kept = within & (rng.random(count) * trend.max(initial=1.0) < trend)
    frame = pd.DataFrame({"source": source, "dispute_type": dispute_type, "place": place, "occurred": occurred})[kept]
    return settle_on_points(frame, world, rng)


def settle_on_points(frame: pd.DataFrame, world: World, rng: np.random.Generator) -> pd.DataFrame:
    """Give each incident its point; hospitals and roads move some of them to another grid of the county."""
    frame = frame.reset_index(drop=True)
    place = frame["place"].to_numpy(copy=True)
    longitude, latitude = world.places.points(place, rng)
    county = world.places.county[place]
    for code, draw in ((HOSPITAL_TYPE, world.landmarks.at_hospitals), (ROAD_TYPE, world.landmarks.on_roads)):
        mine = np.flatnonzero((frame["dispute_type"] == TYPE_CODES.index(code)) & (place < world.places.grids))
        x, y = draw(county[mine], rng)
        grid = world.places.locate(x, y)
        # A road may cut through a neighbour, but never leaves the grids.
        there = grid >= 0
        place[mine[there]], longitude[mine[there]], latitude[mine[there]] = grid[there], x[there], y[there]
    frame = frame.assign(place=place, longitude=longitude, latitude=latitude, parent=-1, hotspot=-1)
    return frame[list(COLUMNS)]
