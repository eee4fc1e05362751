"""Layers of the map, bottom up: land, fill of the children or hexagons, lines, selection, incidents.

Rows are lean: an id, the number of the class and the tooltip. The colour comes from the class by an expression, so
that it is sent once and not with every row; shapes are simplified to what the screen can show.
"""

import math
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import orjson
import pandas as pd
import pydeck as pdk
import shapely

from dashboard.classes import Classes
from dashboard.deck import View
from dashboard.measures import COUNT, Measure, measured
from dashboard.palette import Palette, rgb
from dashboard.tips import plain, tip, tip_texts
from dashboard.wording import SUPPRESSED_BELOW

CHILDREN, CELLS, INCIDENTS = "children", "cells", "incidents"
MOST_INCIDENTS = 5000
INCIDENT_COLUMNS = ("id", "longitude", "latitude", "title", "detail")
FARTHEST = 3.5
"""Map sizes beyond each side that come into view when zoomed out as far as it goes, three steps."""
Shapes = Mapping[str, orjson.Fragment]
"""GeoJSON geometries by code, already written: a map is sent far more often than a place is outlined."""


def shapes(places: pd.DataFrame, view: View) -> dict[str, orjson.Fragment]:
    """GeoJSON geometry of each place by code, simplified together so that neighbours still touch.

    Parameters
    ----------
    places
        Columns `code` and `geometry`; places without geometry are left out.
    view
        Details below a quarter of its pixel go, so that two steps of zooming in still look sharp.
    """
    drawn = places[places["geometry"].notna()]
    if drawn.empty:
        return {}
    geometry = shapely.coverage_simplify(drawn["geometry"].to_numpy(), view.degrees_per_pixel / 2)
    return dict(zip(drawn["code"].astype(str), _geojson_of(geometry, view.degrees_per_pixel), strict=True))


def line_shapes(pieces: np.ndarray, coarse: np.ndarray, view: View) -> dict[str, orjson.Fragment]:
    """GeoJSON geometry of lines, sharp in and around the view, and beyond it as far as the map can be zoomed out.

    Parameters
    ----------
    pieces
        Lines, shape (n,).
    coarse
        The same lines with as little detail as is needed beyond.
    """
    near, far = view.bounds(margin=0.5), view.bounds(margin=FARTHEST)
    sharp = shapely.simplify(shapely.clip_by_rect(pieces, *near), view.degrees_per_pixel / 2)
    around = np.concatenate([shapely.clip_by_rect(coarse, *box) for box in _frame(near, far)])
    drawn = {"near": _lines_json(sharp, view.degrees_per_pixel), "far": _lines_json(around, view.degrees_per_pixel * 8)}
    return {name: text for name, text in drawn.items() if text is not None}


def _frame(inner: tuple[float, ...], outer: tuple[float, ...]) -> list[tuple[float, float, float, float]]:
    """Four boxes that fill `outer` around `inner`; cutting at them is much cheaper than a difference."""
    west, south, east, north = inner
    left, low, right, high = outer
    return [(left, low, west, high), (east, low, right, high), (west, low, east, south), (west, north, east, high)]


def _lines_json(lines: np.ndarray, pixel: float) -> orjson.Fragment | None:
    """Lines as one GeoJSON geometry, rounded as in `_geojson_of`; None where there are none."""
    parts = shapely.get_parts(lines)
    parts = parts[shapely.get_num_coordinates(parts) > 1]
    if not len(parts):
        return None
    points = np.round(shapely.get_coordinates(parts), _digits(pixel)).tolist()
    ends = np.cumsum(shapely.get_num_coordinates(parts)).tolist()
    paths = [points[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    return orjson.Fragment(orjson.dumps({"type": "MultiLineString", "coordinates": paths}))


def _digits(pixel: float) -> int:
    return max(3, math.ceil(-math.log10(pixel / 4)))


def _geojson_of(geometry: np.ndarray, pixel: float) -> list[orjson.Fragment]:
    """Geometries as GeoJSON, rounded to a quarter of a pixel of so many degrees."""
    digits = _digits(pixel)
    rounded = shapely.transform(geometry, lambda points: np.round(points, digits))
    return [orjson.Fragment(text) for text in shapely.to_geojson(rounded)]


def class_colour(classes: Classes, palette: Palette, field: str) -> str:
    """Expression that gives the colour of the class in `field`; one past the last class is 不统计.

    A chain of conditions: deck.gl's expressions know no look-up in a list.
    """
    tests = [f"{field}=={at}?{rgb(colour)}:" for at, colour in enumerate(classes.colors(palette))]
    return f"{''.join(tests)}{rgb(palette.not_counted)}"


def _class_numbers(numbers: pd.DataFrame, measure: Measure, classes: Classes, index: pd.Index) -> np.ndarray:
    found = pd.Series(classes.assign(measured(numbers, measure)), index=numbers.index).reindex(index, fill_value=-1)
    return np.where(found < 0, len(classes.breaks), found)


def picked_polygons(features: list[dict[str, Any]], colour: str | list[int], palette: Palette) -> pdk.Layer:
    """Polygons that can be clicked, whatever they show.

    Parameters
    ----------
    features
        GeoJSON features whose properties hold `code`, the number of the class, and the tooltip.
    colour
        One colour, or an expression over `properties`.
    """
    return pdk.Layer(
        "GeoJsonLayer",
        {"type": "FeatureCollection", "features": features},
        id=CHILDREN,
        filled=True,
        stroked=True,
        opacity=1,
        get_fill_color=colour,
        get_line_color=rgb(palette.page),
        get_line_width=1.2,
        line_width_units=pdk.types.String("pixels"),
        **_pickable(palette),
    )


def picked_cells(rows: list[dict[str, Any]], colour: str, palette: Palette) -> pdk.Layer:
    """Hexagons that can be clicked, whatever they show: `h` is the cell, `colour` an expression over a row."""
    return pdk.Layer(
        "H3HexagonLayer",
        rows,
        id=CELLS,
        get_hexagon="h",
        get_fill_color=colour,
        filled=True,
        stroked=False,
        extruded=False,
        coverage=0.9,
        opacity=1,
        high_precision=pdk.types.String("auto"),
        **_pickable(palette),
    )


def _pickable(palette: Palette) -> dict[str, Any]:
    return {"pickable": True, "auto_highlight": True, "highlight_color": [*rgb(palette.text), 51]}


def children_fill(
    children: gpd.GeoDataFrame,
    numbers: pd.DataFrame,
    *,
    measure: Measure,
    classes: Classes,
    outlines: Shapes,
    palette: Palette,
    below: int = SUPPRESSED_BELOW,
    found_nothing: bool = False,
) -> pdk.Layer:
    """Polygons of the children in their class's colour, pickable; `picked(event, CHILDREN, "code")` reads a click.

    Parameters
    ----------
    children
        Columns `code`, `name`, `counted`; a child that is not counted, or has no row in `numbers`, is grey.
    numbers
        As in `measures.measured`, indexed by code.
    outlines
        `shapes(children, view)`; a child without one is not drawn.
    found_nothing
        No incident in the whole unit: the map stays, in land tone.
    """
    drawn = children[children["code"].isin(list(outlines))].set_index("code")
    known = numbers[numbers.index.isin(drawn.index[drawn["counted"].astype(bool)])]
    tips = tip_texts(drawn["name"], known, measure, below=below)
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "c": int(number), **tips[code]},
            "geometry": outlines[code],
        }
        for code, number in zip(drawn.index, _class_numbers(known, measure, classes, drawn.index), strict=True)
    ]
    colour = rgb(palette.land) if found_nothing else class_colour(classes, palette, "properties.c")
    return picked_polygons(features, colour, palette)


def cells_fill(
    cells: pd.DataFrame,
    *,
    measure: Measure = COUNT,
    classes: Classes,
    palette: Palette,
    below: int = SUPPRESSED_BELOW,
) -> pdk.Layer:
    """Hexagons in their class's colour, pickable; `picked(event, CELLS, "h")` reads a click.

    Parameters
    ----------
    cells
        Columns `cell` (H3 index as text), `incident_count`, `previous_count`; no rate (cells have no population).
    """
    numbers = cells.set_index("cell")
    tips = tip_texts(pd.Series("六边形", index=numbers.index), numbers, measure, below=below)
    found = _class_numbers(numbers, measure, classes, numbers.index)
    rows = [{"h": cell, "c": int(c), **tips[cell]} for cell, c in zip(numbers.index, found, strict=True)]
    return picked_cells(rows, class_colour(classes, palette, "c"), palette)


def land(outlines: Shapes, palette: Palette) -> pdk.Layer:
    """The unit's own ground under hexagons or when nothing was found: land tone, not pickable."""
    return _geojson("land", outlines, filled=True, stroked=False, get_fill_color=rgb(palette.land))


def lines(name: str, outlines: Shapes, *, colour: str, pixels: float) -> pdk.Layer:
    """Outlines of places, `pixels` wide whatever the zoom; `name` is the layer's id."""
    return _geojson(
        name,
        outlines,
        filled=False,
        stroked=True,
        get_line_color=rgb(colour),
        get_line_width=pixels,
        line_width_units=pdk.types.String("pixels"),
        line_joint_rounded=True,
    )


def selection(outline: orjson.Fragment, palette: Palette) -> pdk.Layer:
    """The selected child: 3 px in the text colour, above every other line."""
    return lines("selection", {"selected": outline}, colour=palette.text, pixels=3)


def _geojson(name: str, outlines: Shapes, **options: Any) -> pdk.Layer:
    features = [{"type": "Feature", "properties": {}, "geometry": outline} for outline in outlines.values()]
    collection = {"type": "FeatureCollection", "features": features}
    return pdk.Layer("GeoJsonLayer", collection, id=name, pickable=False, opacity=1, **options)


def incident_points(incidents: pd.DataFrame, palette: Palette) -> pdk.Layer:
    """The incidents themselves, at most 5,000 dots; `picked(event, INCIDENTS, "id")` reads a click.

    Parameters
    ----------
    incidents
        Columns `id`, `longitude`, `latitude`, `title` and `detail` (texts of the tooltip), one row
        each. Rows without coordinates are left out.
    """
    placed = incidents.dropna(subset=["longitude", "latitude"])
    fields = [placed[name].head(MOST_INCIDENTS).tolist() for name in INCIDENT_COLUMNS]
    rows = [
        {
            "id": str(number),
            "p": [round(float(longitude), 6), round(float(latitude), 6)],
            **tip(title, plain(detail)),
        }
        for number, longitude, latitude, title, detail in zip(*fields, strict=True)
    ]
    return pdk.Layer(
        "ScatterplotLayer",
        rows,
        id=INCIDENTS,
        get_position="p",
        get_fill_color=rgb(palette.accent),
        get_line_color=rgb(palette.page),
        get_radius=5,
        radius_units=pdk.types.String("pixels"),
        line_width_units=pdk.types.String("pixels"),
        get_line_width=1.5,
        stroked=True,
        pickable=True,
        auto_highlight=True,
        highlight_color=[*rgb(palette.text), 102],
    )
