"""The map's layer of emerging classes: children or hexagons in the colour of their class, and cluster circles."""

from dataclasses import dataclass

import pandas as pd
import pydeck as pdk
import streamlit as st

from dashboard import layers
from dashboard.borders import border_lines
from dashboard.deck import View
from dashboard.hotspots.classes import COLD, HOT, class_legend_html, class_letter
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
from dashboard.hotspots.reads import cached_clusters, cached_hotspots
from dashboard.labels import Label, label_layers, placed_labels
from dashboard.map.screen import Screen
from dashboard.palette import rgb
from data.assessments.cluster_reading import ClusterFilter
from data.assessments.reading import HotspotFilter
from data.assessments.runs import Run

LETTERS_FROM_ZOOM = 11
"""Hexagons carry their character only from here on, and only those of the three classes that ask for action."""
URGENT = (1, 2, 3)
EXTRA_HEIGHT = 22
"""Pixels that the legend's second row takes."""


@dataclass(frozen=True)
class EmergingLayer:
    """What the layer shows: the run, `places` as `read_hotspots` gives them, `clusters` as `read_clusters`."""

    run: Run
    places: pd.DataFrame
    clusters: pd.DataFrame


def read_emerging_layer(screen: Screen) -> EmergingLayer:
    """Classes and clusters of the type asked for (all types together if none is), within the unit."""
    run = screen.run
    if run is None:
        raise ValueError("expected an assessed screen, found one without a run")
    types = (screen.asked.type,)
    scope, code = screen.wanted.scope, screen.unit.code
    wanted = HotspotFilter(scope, screen.layer_name, code, types, (*HOT, *COLD), run.id)
    clusters = cached_clusters(screen.pool, run, ClusterFilter(scope, code, types, run.id))
    return EmergingLayer(run, cached_hotspots(screen.pool, run, wanted), clusters)


def emerging_layers(screen: Screen, shown: EmergingLayer, view: View, selected: str | None) -> list[pdk.Layer]:
    """Layers of the picture, bottom first; a click is read as on the other pictures."""
    palette = screen.palette
    outlines = layers.shapes(screen.children, view)
    kinds = dict(zip(shown.places["code"], shown.places["emerging_class"].astype(int), strict=True))
    labels = _labels(screen, {} if screen.shows_cells else kinds, view)
    if screen.shows_cells:
        drawn = _cells(screen, shown, view, outlines)
    else:
        unnamed = {code: kind for code, kind in kinds.items() if code not in {label.code for label in labels}}
        fill = class_polygons(screen.children, kinds, outlines, _tips(screen, shown.places), palette)
        drawn = [fill, letters(roomy_points(screen.children, view), unnamed)]
    drawn += border_lines(screen.pool.geography, screen.unit, view, palette)
    if not shown.clusters.empty:
        drawn.append(cluster_circles(shown.clusters, palette))
    if selected in outlines:
        drawn.append(layers.selection(outlines[selected], palette))
    return [*drawn, *label_layers(labels, palette)]


def show_emerging_legend(screen: Screen, shown: EmergingLayer) -> None:
    """Two rows of classes, and what the layer says in one sentence."""
    st.html(class_legend_html(screen.palette, cold=True))
    hot = int((shown.places["emerging_class"] > 0).sum())
    circles = f";圆圈:时空聚集,{len(shown.clusters)} 个" if len(shown.clusters) else ""
    st.caption(
        f"热点 {hot} 个,按截至 {shown.run.as_of:%Y-%m-%d} 的近 {shown.run.parameters['steps']} 期研判"
        f"{circles}。时段、来源、渠道和状态筛选不影响本图层。"
    )


def _tips(screen: Screen, places: pd.DataFrame) -> dict[str, dict[str, str]]:
    names = dict(zip(screen.children["code"], screen.children["name"], strict=True))
    return {
        row.code: class_tip(names.get(row.code, "六边形"), row.emerging_class, f"自 {since_text(row.since)}")
        for row in places.itertuples()
    }


def _cells(screen: Screen, shown: EmergingLayer, view: View, outlines: layers.Shapes) -> list[pdk.Layer]:
    palette = screen.palette
    counted = screen.reads.by_cell(screen.wanted, screen.resolution)
    quiet = sorted(set(counted["cell"]) - {""} - set(shown.places["code"]))
    drawn = [
        layers.land(outlines, palette),
        pdk.Layer(
            "H3HexagonLayer",
            [{"h": cell} for cell in quiet],
            id="quiet-cells",
            get_hexagon="h",
            get_fill_color=rgb(palette.no_pattern),
            filled=True,
            stroked=False,
            extruded=False,
            coverage=0.9,
            pickable=False,
        ),
        class_cells(shown.places, _tips(screen, shown.places), palette),
        layers.lines("child-lines", outlines, colour=palette.city_line, pixels=0.8),
    ]
    if view.zoom >= LETTERS_FROM_ZOOM:
        urgent = shown.places[shown.places["emerging_class"].isin(URGENT)]
        kinds = dict(zip(urgent["code"], urgent["emerging_class"].astype(int), strict=True))
        drawn.append(letters(cell_points(urgent["code"]), kinds))
    return drawn


def _labels(screen: Screen, kinds: dict[str, int], view: View) -> list[Label]:
    """Names with the character of their class, on plates: no ink reads on all of the seventeen colours."""
    named = screen.children[screen.children["counted"].astype(bool)]
    values = {code: class_letter(kinds.get(code, 0)) for code in named["code"]}
    return placed_labels(
        named, values, {}, view=view, palette=screen.palette, always=screen.unit.level <= 2, plates=True
    )
