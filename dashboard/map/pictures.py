"""What the map can show, by measure: most measures colour counts, some have a picture of their own.

A picture is read once, drawn as layers from the bottom up, and explained under the map. A measure that is not named
here is a number of each child or hexagon and is drawn as such (`map_counts`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pydeck as pdk

from dashboard.deck import View
from dashboard.map.counts import count_layers, read_counts, show_count_legend
from dashboard.map.emerging_layer import EXTRA_HEIGHT, emerging_layers, read_emerging_layer, show_emerging_legend
from dashboard.map.screen import Screen
from dashboard.measures import EMERGING, RISK_MEASURES, Measure
from dashboard.risk_map.picture import EXTRA_HEIGHT as RISK_HEIGHT
from dashboard.risk_map.picture import read_risk_layer, risk_layers, show_risk_legend


@dataclass(frozen=True)
class MapPicture:
    """How a measure is drawn.

    Parameters
    ----------
    read
        What the picture shows; handed to the other two.
    layers
        Layers, bottom first, without the ground: `layers(screen, shown, view, selected)`.
    show_legend
        What stands under the map.
    extra_height
        Pixels that the legend needs beyond its usual row.
    """

    read: Callable[[Screen], Any]
    layers: Callable[[Screen, Any, View, str | None], list[pdk.Layer]]
    show_legend: Callable[[Screen, Any], None]
    extra_height: int = 0


COUNTED = MapPicture(read_counts, count_layers, show_count_legend)
PICTURES: Mapping[str, MapPicture] = {
    EMERGING.key: MapPicture(read_emerging_layer, emerging_layers, show_emerging_legend, EXTRA_HEIGHT),
} | dict.fromkeys(RISK_MEASURES, MapPicture(read_risk_layer, risk_layers, show_risk_legend, RISK_HEIGHT))
"""Pictures by the key of their measure. Where a measure makes sense is said in `Screen.measures`."""


def picture_of(measure: Measure) -> MapPicture:
    """The picture of a measure."""
    return PICTURES.get(measure.key, COUNTED)
