"""The map of one unit: its children or its hexagons, lines, labels; and where a click on it leads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd
import pydeck as pdk
import shapely
import streamlit as st

from dashboard import layers
from dashboard.borders import border_lines
from dashboard.classes import Classes
from dashboard.deck import View, fit, picked
from dashboard.labels import label_layers, placed_labels
from dashboard.measures import Measure, measured
from dashboard.palette import Palette
from dashboard.tips import value_texts
from geo.geography import Geography, Unit
from geo.hexagons import centre_of


@dataclass(frozen=True)
class MapData:
    """What one map shows. `numbers` is indexed by child code, `cells` has column `cell` (None for polygons)."""

    unit: Unit
    children: gpd.GeoDataFrame
    numbers: pd.DataFrame
    cells: pd.DataFrame | None
    incidents: pd.DataFrame | None
    measure: Measure
    classes: Classes
    below: int


FEW = 25
"""Up to so many cities or counties all have their labels, however narrow they are."""


def view_of(geography: Geography, unit: Unit, width: int, height: int) -> View:
    """The view that shows the unit; one without a polygon is shown inside its parent."""
    shown = unit
    while shown.geometry is None and shown.parent:
        shown = geography.unit(shown.parent)
    return fit(shown.geometry.bounds, width, height)


def map_layers(
    geography: Geography, shown: MapData, view: View, palette: Palette, *, selected: str | None
) -> list[pdk.Layer]:
    """Layers of the map, bottom first, without the ground."""
    outlines = _outlines(geography.key, shown.unit.code, shown.children, view)
    own = _own(shown.unit, view)
    drawn: list[pdk.Layer] = []
    if shown.cells is not None:
        drawn += [layers.land(outlines or own, palette)]
        drawn += [
            layers.cells_fill(
                shown.cells, measure=shown.measure, classes=shown.classes, palette=palette, below=shown.below
            )
        ]
        drawn += [layers.lines("child-lines", outlines, colour=palette.city_line, pixels=0.8)]
    elif outlines:
        drawn += [_fill(shown, outlines, palette)]
    else:
        drawn += [layers.land(own, palette)]
    if shown.incidents is not None:
        drawn += [layers.incident_points(shown.incidents, palette)]
    drawn += border_lines(geography, shown.unit, view, palette)
    if shown.unit.level > 1 and own:
        drawn += [layers.lines("unit-line", own, colour=palette.province_line, pixels=1.6)]
    if selected in outlines:
        drawn += [layers.selection(outlines[selected], palette)]
    return [*drawn, *_labels(shown, view, palette)]


def _fill(shown: MapData, outlines: layers.Shapes, palette: Palette) -> pdk.Layer:
    return layers.children_fill(
        shown.children,
        shown.numbers,
        measure=shown.measure,
        classes=shown.classes,
        outlines=outlines,
        palette=palette,
        below=shown.below,
        found_nothing=bool((shown.numbers["incident_count"].fillna(1) == 0).all()),
    )


def _labels(shown: MapData, view: View, palette: Palette) -> list[pdk.Layer]:
    values: Mapping[str, str] = value_texts(shown.numbers, shown.measure, below=shown.below).to_dict()
    counted = shown.children[shown.children["counted"].astype(bool)]
    fills: dict[str, str] = {}
    if shown.cells is None:
        colours = shown.classes.colors(palette)
        numbers = shown.classes.assign(measured(shown.numbers, shown.measure))
        fills = {
            code: colours[number] if number >= 0 else palette.not_counted
            for code, number in zip(shown.numbers.index, numbers, strict=True)
        }
    else:
        values = dict.fromkeys(values, "")
    labels = placed_labels(
        counted,
        values,
        fills,
        view=view,
        palette=palette,
        always=shown.unit.level <= 2 and len(counted) <= FEW,
        plates=shown.cells is not None,
    )
    return label_layers(labels, palette)


def _outlines(key: str, code: str, children: gpd.GeoDataFrame, view: View) -> layers.Shapes:
    return _child_outlines(key, code, round(view.zoom, 2), children, view)


@st.cache_resource(max_entries=256, show_spinner=False)
def _child_outlines(
    key: str,  # noqa: ARG001
    code: str,  # noqa: ARG001
    zoom: float,  # noqa: ARG001
    _children: gpd.GeoDataFrame,
    _view: View,
) -> layers.Shapes:
    return layers.shapes(_children, _view)


def _own(unit: Unit, view: View) -> layers.Shapes:
    if unit.geometry is None:
        return {}
    return layers.shapes(pd.DataFrame({"code": [unit.code], "geometry": [unit.geometry]}), view)


def place_of_click(event: Mapping[str, Any] | None, children: gpd.GeoDataFrame) -> str | None:
    """Code of the child that was clicked, itself or under the clicked hexagon's centre; None for no child."""
    code = picked(event, layers.CHILDREN, "code")
    if code is not None:
        return code
    cell = picked(event, layers.CELLS, "h")
    if cell is None:
        return None
    inside = children[children.geometry.notna()]
    inside = inside[shapely.intersects(inside.geometry.to_numpy(), shapely.Point(*centre_of(cell)))]
    return None if inside.empty else str(inside["code"].iloc[0])
