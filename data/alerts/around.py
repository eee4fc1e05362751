"""Who is next to whom among some places of a layer."""

from functools import cache

import numpy as np
from scipy.sparse import csr_array

from data.layers import layer_of
from data.settings import Settings
from data.study_area import StudyArea, area_of_divisions
from geo.cell_rings import ring_neighbours
from geo.neighbours import Neighbours, of_pairs
from risk.alerts.matching import Around


def around_of(settings: Settings, scope: str) -> Around:
    """Neighbour lists within a study area; each layer's outlines are compared once, when they are first asked for."""

    @cache
    def area(layer: str) -> StudyArea:
        return area_of_divisions(scope, layer_of(layer), settings.geography)

    def around(layer: str, places: np.ndarray) -> Neighbours:
        if layer_of(layer).is_cells:
            return ring_neighbours(places)
        return _among(area(layer), places)

    return around


def _among(area: StudyArea, places: np.ndarray) -> Neighbours:
    """Lists of some places of an area; one that the area does not know is next to nobody."""
    at = np.searchsorted(area.places, places).clip(max=max(len(area.places) - 1, 0))
    known = np.flatnonzero(area.places[at] == places) if len(area.places) else np.zeros(0, np.int64)
    size = len(area.places)
    lists = area.neighbours
    graph = csr_array((np.ones(len(lists.members)), lists.members, lists.starts), shape=(size, size))
    inside = graph[at[known]][:, at[known]].tocoo()
    return of_pairs(known[inside.coords[0]], known[inside.coords[1]], places=len(places))
