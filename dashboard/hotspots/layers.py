"""Layers of emerging classes: hexagons or divisions in the class's colour, its first character, cluster circles."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pydeck as pdk
import shapely

from dashboard.deck import View
from dashboard.hotspots.classes import PLATE, class_expression, class_letter, class_name
from dashboard.layers import Shapes, picked_cells, picked_polygons
from dashboard.palette import WHITE, Palette, rgb
from dashboard.tips import plain, tip
from geo.hexagons import centre_of

CLUSTERS = "clusters"
LETTER, ROOM = 12, 2.4
"""Size of a class's character, and how many times that a polygon must be wide and high to carry it."""


def class_cells(rows: pd.DataFrame, tips: dict[str, dict[str, str]], palette: Palette) -> pdk.Layer:
    """Hexagons with a class, pickable.

    Parameters
    ----------
    rows
        `code` (H3 text) and `emerging_class`; one row a cell.
    """
    data = [
        {"h": code, "c": int(kind), **tips[code]}
        for code, kind in zip(rows["code"], rows["emerging_class"], strict=True)
    ]
    return picked_cells(data, class_expression("c", palette), palette)


def class_polygons(
    children: gpd.GeoDataFrame,
    kinds: dict[str, int],
    outlines: Shapes,
    tips: dict[str, dict[str, str]],
    palette: Palette,
) -> pdk.Layer:
    """Divisions in the colour of their class, those without one in the grey of no pattern; pickable.

    Parameters
    ----------
    children
        `code`, `name`, `counted`.
    kinds
        Class by code.
    """
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "c": kinds.get(code, 0), **tips.get(code, tip(name, "无明显模式"))},
            "geometry": outlines[code],
        }
        for code, name in zip(children["code"], children["name"], strict=True)
        if code in outlines
    ]
    return picked_polygons(features, class_expression("properties.c", palette), palette)


def letters(points: dict[str, tuple[float, float]], kinds: dict[str, int]) -> pdk.Layer:
    """First character of each class on a dark plate, for who does not see the colours.

    Parameters
    ----------
    points
        Longitude and latitude by code.
    """
    rows = [
        {"p": [round(points[code][0], 5), round(points[code][1], 5)], "t": class_letter(kind)}
        for code, kind in kinds.items()
        if code in points and kind
    ]
    return pdk.Layer(
        "TextLayer",
        rows,
        id="class-letters",
        get_position="p",
        get_text="t",
        get_size=LETTER,
        get_color=rgb(WHITE),
        font_family=pdk.types.String("Noto Sans CJK SC"),
        font_weight=700,
        font_settings={"fontSize": 2 * LETTER, "buffer": 4},
        character_set=pdk.types.String("auto"),
        background=True,
        get_background_color=[*rgb(PLATE), 204],
        background_padding=[2, 0],
        pickable=False,
    )


def roomy_points(children: gpd.GeoDataFrame, view: View) -> dict[str, tuple[float, float]]:
    """A point inside each division that is wide and high enough on the screen for its character."""
    points = {}
    for code, shape in zip(children["code"], children.geometry, strict=True):
        if shape is None or shape.is_empty:
            continue
        corners = view.pixels(shapely.bounds(shape).reshape(2, 2))
        if np.abs(corners[1] - corners[0]).min() >= ROOM * LETTER:
            point = shapely.point_on_surface(shape)
            points[code] = (float(point.x), float(point.y))
    return points


def cell_points(codes: pd.Series) -> dict[str, tuple[float, float]]:
    """Centres of cells by their text."""
    return {code: centre_of(code) for code in codes}


def cluster_circles(clusters: pd.DataFrame, palette: Palette) -> pdk.Layer:
    """Circles of scan clusters, an outline only; one around a single place is drawn 500 m wide."""
    rows: list[dict[str, Any]] = [
        {"p": [row.longitude, row.latitude], "r": max(row.radius_km, 0.5) * 1000} for row in clusters.itertuples()
    ]
    return pdk.Layer(
        "ScatterplotLayer",
        rows,
        id=CLUSTERS,
        get_position="p",
        get_radius="r",
        filled=False,
        stroked=True,
        get_line_color=rgb(palette.text),
        get_line_width=2,
        line_width_units=pdk.types.String("pixels"),
        pickable=False,
    )


def class_tip(name: str, kind: int, since: str) -> dict[str, str]:
    """Tooltip of a place with a class."""
    return tip(name, class_name(kind), plain(since))
