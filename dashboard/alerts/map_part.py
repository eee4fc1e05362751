"""The small map of an alert: its hexagons and townships in the colour of its class, its county around."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pydeck as pdk
import streamlit as st

from dashboard import layers
from dashboard.alerts.screen import AlertsScreen
from dashboard.deck import build, fit
from dashboard.hotspots.classes import class_name
from dashboard.hotspots.layers import cell_points, class_cells
from dashboard.labels import label_layers, placed_labels
from dashboard.naming import type_name
from dashboard.states import DISCLAIMER, show_schematic_badge
from dashboard.tips import plain, tip
from data.alerts.reading import Alert
from geo.divisions import PREFIX_LENGTH

TOWNSHIP, COUNTY = PREFIX_LENGTH[4], PREFIX_LENGTH[3]
LEAST_REACH = 0.04
"""Degrees that the map reaches around the alert at least."""


def show_map(screen: AlertsScreen, alert: Alert, *, width: int, height: int) -> None:
    """Show it, or say that there is no outline."""
    deck = alert_map(screen, alert, width=width, height=height)
    if deck is None:
        st.caption("这个地方没有边界,不能画在图上。")
        return
    words = f"{screen.place_name(alert.division)}一带,{type_name(alert.dispute_type)}预警所在的 {len(alert.places)} 处"
    st.pydeck_chart(deck, height=height, key=f"alerts-map-{alert.number}", alt=words)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        show_schematic_badge()
        st.caption(f"审图号:{screen.pool.settings.map_approval} · {DISCLAIMER}", width="content")


def alert_map(screen: AlertsScreen, alert: Alert, *, width: int, height: int) -> pdk.Deck | None:
    """Deck around an alert; None where there is nothing to draw it on."""
    cells, townships = finest_cells(alert), _townships(screen, alert)
    around = _around(screen, alert)
    drawn = around[around["geometry"].notna()]
    if drawn.empty:
        return None
    view = fit(_bounds(cells, drawn, townships), width, height)
    outlines, palette = layers.shapes(around, view), screen.palette
    own = {code: outlines[code] for code in townships if code in outlines}
    inner = [
        layers.land(outlines, palette),
        layers.lines("lines", outlines, colour=palette.city_line, pixels=0.8),
        *_cells(alert, cells, screen),
        layers.lines("own", own, colour=palette.text, pixels=2.2),
    ]
    labels = placed_labels(drawn, dict.fromkeys(drawn["code"], ""), {}, view=view, palette=palette, plates=True)
    return build([*inner, *label_layers(labels, palette)], view, palette)


def finest_cells(alert: Alert) -> list[str]:
    """Hexagons of the finest resolution that an alert covers."""
    cells = [code for code in alert.places if not code.isdigit()]
    finest = max((int(cell[1], 16) for cell in cells), default=0)
    return [cell for cell in cells if int(cell[1], 16) == finest]


def _townships(screen: AlertsScreen, alert: Alert) -> list[str]:
    """Townships among the places, and the one that the alert lies in."""
    codes = {code[:TOWNSHIP] for code in alert.places if code.isdigit() and len(code) >= TOWNSHIP}
    return sorted(code for code in codes | {alert.division[:TOWNSHIP]} if screen.pool.geography.knows(code))


def _around(screen: AlertsScreen, alert: Alert) -> gpd.GeoDataFrame:
    """Townships of all counties that the alert reaches into."""
    geography = screen.pool.geography
    counties = sorted({code[:COUNTY] for code in (*_townships(screen, alert), alert.division)})
    parts = [geography.children(code) for code in counties if len(code) == COUNTY and geography.knows(code)]
    return pd.concat(parts, ignore_index=True) if parts else geography.children(alert.division[:4])


def _bounds(cells: list[str], drawn: gpd.GeoDataFrame, townships: list[str]) -> tuple[float, ...]:
    """Of the hexagons and some air; of the townships where there are none."""
    if cells:
        points = np.array(list(cell_points(pd.Series(cells)).values()))
        west, south = points.min(axis=0) - LEAST_REACH
        east, north = points.max(axis=0) + LEAST_REACH
        return float(west), float(south), float(east), float(north)
    own = drawn[drawn["code"].isin(townships)]
    return tuple((own if len(own) else drawn).total_bounds)


def _cells(alert: Alert, cells: list[str], screen: AlertsScreen) -> list[pdk.Layer]:
    if not cells:
        return []
    words = tip(screen.place_name(alert.division), class_name(alert.emerging_class), plain(f"自 {alert.first_seen}"))
    rows = pd.DataFrame({"code": cells, "emerging_class": alert.emerging_class})
    return [class_cells(rows, dict.fromkeys(cells, words), screen.palette)]
