"""The map's usual picture: a number of each child or hexagon, in the colours of its legend class."""

import pydeck as pdk

from dashboard.deck import View
from dashboard.legend import show_legend
from dashboard.map.incident_list import incident_points_table
from dashboard.map.screen import Screen
from dashboard.map.view import MapData, map_layers


def read_counts(screen: Screen) -> MapData:
    """What the map draws."""
    cells = screen.reads.by_cell(screen.wanted, screen.resolution) if screen.shows_cells else None
    found, zone = screen.incidents, str(screen.pool.settings.timezone)
    return MapData(
        unit=screen.unit,
        children=screen.children,
        numbers=screen.numbers,
        cells=None if cells is None else cells[cells["cell"] != ""],
        incidents=None if found is None else incident_points_table(found, zone=zone),
        measure=screen.measure,
        classes=screen.classes,
        below=screen.below,
    )


def count_layers(screen: Screen, shown: MapData, view: View, selected: str | None) -> list[pdk.Layer]:
    """Layers of the picture, bottom first."""
    return map_layers(screen.pool.geography, shown, view, screen.palette, selected=selected)


def show_count_legend(screen: Screen, _shown: MapData) -> None:
    """The strip of classes."""
    show_legend(screen.classes, screen.measure, screen.palette)
