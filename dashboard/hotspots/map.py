"""The small map of a hotspot: what lies around it, of the same type, and the circle of its cluster."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pydeck as pdk
import shapely

from dashboard import layers
from dashboard.deck import View, build, fit
from dashboard.hotspots.layers import (
    cell_points,
    class_cells,
    class_polygons,
    class_tip,
    cluster_circles,
    letters,
    roomy_points,
)
from dashboard.hotspots.list import since_text
from dashboard.hotspots.screen import HotspotScreen
from dashboard.labels import label_layers, placed_labels
from geo.divisions import parent_of
from geo.hexagons import centre_of
from geo.neighbours import EARTH_RADIUS_KM, on_sphere

_KM_A_DEGREE = 111.2
AROUND_KM = {5: 90.0, 6: 45.0, 7: 20.0, 8: 8.0, 9: 4.0}
"""How far a map around a hexagon of a resolution reaches to each side."""


def centre_of_place(screen: HotspotScreen, code: str) -> tuple[float, float] | None:
    """Longitude and latitude of a hotspot's middle, None without an outline."""
    if screen.layer.is_cells:
        return centre_of(code)
    geometry = screen.pool.geography.unit(code).geometry
    if geometry is None:
        return None
    point = shapely.point_on_surface(geometry)
    return float(point.x), float(point.y)


def clusters_around(screen: HotspotScreen, row: pd.Series) -> pd.DataFrame:
    """Clusters of the hotspot's type whose circle covers its middle, the surest first."""
    found = screen.clusters(row["dispute_type"])
    centre = centre_of_place(screen, row["code"])
    if found.empty or centre is None:
        return found.iloc[:0]
    here = on_sphere(np.array([centre[0]]), np.array([centre[1]]))
    there = on_sphere(found["longitude"].to_numpy(float), found["latitude"].to_numpy(float))
    apart = np.linalg.norm(there - here, axis=1) * EARTH_RADIUS_KM
    return found[apart <= found["radius_km"].to_numpy(float) + 0.5]


def hotspot_map(screen: HotspotScreen, row: pd.Series, *, width: int, height: int) -> pdk.Deck | None:
    """Deck around a hotspot; None where there is nothing to draw it on."""
    near = screen.around(row)
    clusters = clusters_around(screen, row)
    size = (width, height)
    drawn = _cells(screen, near, row, size) if screen.layer.is_cells else _divisions(screen, near, row, clusters, size)
    if drawn is None:
        return None
    inner, view = drawn
    if not clusters.empty:
        inner.append(cluster_circles(clusters.head(1), screen.palette))
    return build(inner, view, screen.palette)


def _tips(screen: HotspotScreen, near: pd.DataFrame) -> dict[str, dict[str, str]]:
    return {
        row["code"]: class_tip(screen.place_name(row), row["emerging_class"], f"自 {since_text(row['since'])}")
        for _, row in near.iterrows()
    }


def _cells(
    screen: HotspotScreen, near: pd.DataFrame, row: pd.Series, size: tuple[int, int]
) -> tuple[list[pdk.Layer], View] | None:
    longitude, latitude = centre_of(row["code"])
    reach = AROUND_KM[screen.layer.resolution or 7] / _KM_A_DEGREE
    east = reach / np.cos(np.radians(latitude))
    view = fit((longitude - east, latitude - reach, longitude + east, latitude + reach), *size, margin=0)
    points = cell_points(near["code"])
    inside = near[
        [
            abs(points[code][0] - longitude) < 3 * east and abs(points[code][1] - latitude) < 3 * reach
            for code in near["code"]
        ]
    ]
    units = _ground(screen, row["home"])
    outlines = layers.shapes(units, view)
    palette = screen.palette
    kinds = dict(zip(inside["code"], inside["emerging_class"].astype(int), strict=True))
    labels = placed_labels(units, dict.fromkeys(units["code"], ""), {}, view=view, palette=palette, plates=True)
    return [
        layers.land(outlines, palette),
        layers.lines("lines", outlines, colour=palette.city_line, pixels=0.8),
        class_cells(inside, _tips(screen, inside), palette),
        letters(points, kinds),
        *_ring(row["code"], palette),
        *label_layers(labels, palette),
    ], view


def _ring(code: str, palette: layers.Palette) -> list[pdk.Layer]:
    return [
        pdk.Layer(
            "H3HexagonLayer",
            [{"h": code}],
            id="chosen",
            get_hexagon="h",
            filled=False,
            stroked=True,
            extruded=False,
            coverage=1,
            high_precision=True,
            get_line_color=layers.rgb(palette.text),
            get_line_width=3,
            line_width_units=pdk.types.String("pixels"),
            pickable=False,
        )
    ]


def _ground(screen: HotspotScreen, home: str) -> gpd.GeoDataFrame:
    """Counties of the city that a hexagon lies in, and the townships of its county where they are closer."""
    geography = screen.pool.geography
    fine = (screen.layer.resolution or 0) >= 8
    return geography.children(home[:6] if fine and len(home) >= 6 else home[:4] if len(home) >= 4 else home)


def _divisions(
    screen: HotspotScreen, near: pd.DataFrame, row: pd.Series, clusters: pd.DataFrame, size: tuple[int, int]
) -> tuple[list[pdk.Layer], View] | None:
    geography, palette = screen.pool.geography, screen.palette
    parent = geography.unit(parent_of(row["code"]))
    siblings = geography.children(parent.code)
    while parent.geometry is None and parent.parent:
        parent = geography.unit(parent.parent)
    if parent.geometry is None:
        return None
    view = fit(_with_circle(parent.geometry.bounds, clusters), *size)
    outlines = layers.shapes(siblings, view)
    kinds = dict(zip(near["code"], near["emerging_class"].astype(int), strict=True))
    here = siblings[siblings["geometry"].notna()]
    points = roomy_points(here, view)
    plain = here[~here["code"].isin(list(kinds))]
    labels = placed_labels(plain, dict.fromkeys(plain["code"], ""), {}, view=view, palette=palette)
    drawn = [class_polygons(siblings, kinds, outlines, _tips(screen, near), palette)]
    if row["code"] in outlines:
        drawn.append(layers.selection(outlines[row["code"]], palette))
    return [*drawn, letters(points, kinds), *label_layers(labels, palette)], view


def _with_circle(bounds: tuple[float, ...], clusters: pd.DataFrame) -> tuple[float, ...]:
    """Bounds that also hold the circle of the first cluster."""
    if clusters.empty:
        return bounds
    x, y, km = clusters[["longitude", "latitude", "radius_km"]].iloc[0]
    north = km / _KM_A_DEGREE
    east = north / np.cos(np.radians(y))
    west, south, far_east, far_north = bounds
    return min(west, x - east), min(south, y - north), max(far_east, x + east), max(far_north, y + north)
