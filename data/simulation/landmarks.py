"""Hospitals and roads: the places that medical disputes and traffic accidents keep to."""

from dataclasses import dataclass

import numpy as np

from data.simulation.places import Places, inside, moved

HOSPITAL_TYPE = "D11"
ROAD_TYPE = "D12"
_HOSPITALS_A_COUNTY = 4
_STOPS_A_ROAD = 7
_HOSPITAL_METRES, _ROAD_METRES = 60.0, 15.0


@dataclass(frozen=True)
class Landmarks:
    """Made-up points and lines of every county with grids, no real institutions.

    Parameters
    ----------
    counties
        Shape (counties,), 6-digit codes as integers, ascending.
    hospitals
        Shape (counties, 4, 2), longitude and latitude; the first is the largest.
    roads
        Shape (counties, 7, 2): a line through heavy grids, ordered along its longer direction.
    """

    counties: np.ndarray
    hospitals: np.ndarray
    roads: np.ndarray

    def at_hospitals(self, county: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """A point at one of the hospitals of each county."""
        which = rng.choice(_HOSPITALS_A_COUNTY, len(county), p=(0.5, 0.25, 0.15, 0.1))
        point = self.hospitals[np.searchsorted(self.counties, county), which]
        east, north = rng.normal(0, _HOSPITAL_METRES, (2, len(county)))
        return moved(point[:, 0], point[:, 1], east=east, north=north)

    def on_roads(self, county: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """A point along the road of each county."""
        at = np.searchsorted(self.counties, county)
        leg = rng.integers(0, _STOPS_A_ROAD - 1, len(county))
        along = rng.random((len(county), 1))
        point = self.roads[at, leg] * (1 - along) + self.roads[at, leg + 1] * along
        east, north = rng.normal(0, _ROAD_METRES, (2, len(county)))
        return moved(point[:, 0], point[:, 1], east=east, north=north)


def build_landmarks(places: Places, rng: np.random.Generator) -> Landmarks:
    """Place hospitals and road stops in grids drawn by weight."""
    county = places.county[: places.grids]
    counties, first = np.unique(county, return_index=True)
    ends = np.append(first[1:], len(county))
    hospitals = np.empty((len(counties), _HOSPITALS_A_COUNTY, 2))
    roads = np.empty((len(counties), _STOPS_A_ROAD, 2))
    for row, (start, end) in enumerate(zip(first, ends, strict=True)):
        share = places.share[start:end] / places.share[start:end].sum()
        chosen = start + rng.choice(end - start, _HOSPITALS_A_COUNTY + _STOPS_A_ROAD, p=share)
        hospitals[row] = np.column_stack(inside(places.polygons[chosen[:_HOSPITALS_A_COUNTY]], rng))
        stops = np.column_stack(inside(places.polygons[chosen[_HOSPITALS_A_COUNTY:]], rng))
        longer = int(np.ptp(stops[:, 1]) > np.ptp(stops[:, 0]))
        roads[row] = stops[np.argsort(stops[:, longer])]
    return Landmarks(counties, hospitals, roads)
