"""What is learnt from: weekly counts of townships, and of what is not located so deep."""

import numpy as np

from data.cube import Cube
from data.study_area import StudyArea
from geo.neighbours import Neighbours
from risk.forecast.counts import WeeklyCounts
from risk.forecast.surroundings import Surroundings, within_divisions
from risk.incident import DISPUTE_TYPES

ABOVE = (10**9, 10**11)
"""15-digit places of one county, of one city, lie within so many."""


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
