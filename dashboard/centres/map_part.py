"""The map of centres: squares where they are, rings where hotspots are, lines where the way is too long."""

from html import escape

import pandas as pd
import pydeck as pdk
import streamlit as st

from dashboard import layers
from dashboard.borders import border_lines
from dashboard.centres.asked import go_to_division
from dashboard.centres.layers import CENTRES, LACKING, LEVELS_BELOW, WHOLE, centre_signs, hotspot_rings, ways
from dashboard.centres.screen import CentresScreen
from dashboard.deck import View, build, picked
from dashboard.labels import label_layers, placed_labels
from dashboard.map.view import view_of
from dashboard.states import DISCLAIMER


def show_centre_map(screen: CentresScreen, *, width: int, height: int) -> None:
    """Show it with its legend and what must stand under a map; a click on a centre opens its division."""
    view = view_of(screen.pool.geography, screen.unit, width, height)
    key = f"centres-map-{screen.unit.code}"
    st.pydeck_chart(
        centre_deck(screen, view),
        height=height,
        key=key,
        on_select=lambda: _open_clicked(screen, key),
        selection_mode="single-object",
        alt=_sentence(screen),
    )
    st.html(_legend(screen))
    st.caption(f"审图号:{screen.pool.settings.map_approval} · {DISCLAIMER}")


def centre_deck(screen: CentresScreen, view: View) -> pdk.Deck:
    """Deck of the map."""
    palette, children = screen.palette, screen.reads.children(screen.unit.code)
    outlines = layers.shapes(children, view)
    own = (
        {}
        if screen.unit.geometry is None
        else layers.shapes(pd.DataFrame({"code": [screen.unit.code], "geometry": [screen.unit.geometry]}), view)
    )
    named = children[children["counted"].astype(bool)]
    labels = placed_labels(named, dict.fromkeys(named["code"], ""), {}, view=view, palette=palette)
    drawn = [
        layers.land(outlines or own, palette),
        layers.lines("child-lines", outlines, colour=palette.city_line, pixels=0.8),
        *border_lines(screen.pool.geography, screen.unit, view, palette),
        *label_layers(labels, palette),
        ways(screen.far, screen.found.standings, palette),
        centre_signs(_near_levels(screen), screen.found.kinds, palette),
        hotspot_rings(screen.hotspots, screen.found.kinds, palette),
    ]
    return build(drawn, view, palette)


def _near_levels(screen: CentresScreen) -> pd.DataFrame:
    """Centres down to two levels below the division, or down to the level that is listed; more would cover the map."""
    finest = max(screen.unit.level + LEVELS_BELOW, int(screen.asked.below or 0))
    return screen.centres[screen.centres["level"] <= finest]


def _open_clicked(screen: CentresScreen, key: str) -> None:
    code = picked(st.session_state.get(key), CENTRES, "code")
    if code is not None and screen.pool.geography.knows(code) and code != screen.unit.code:
        go_to_division(screen.asked, code)


def _legend(screen: CentresScreen) -> str:
    palette, kinds = screen.palette, screen.found.kinds
    sign = "font-size:14px;font-weight:700;color:"
    ring = "display:inline-block;border-radius:50%;box-sizing:border-box"
    parts = [
        "<b style='font-weight:600'>综治中心</b>",
        f"<span><span style='{sign}{palette.accent}'>{WHOLE}</span> 用房够级(越大级别越高)</span>",
        f"<span><span style='{sign}{palette.late}'>{LACKING}</span> 缺用房</span>",
        f"<span><span style='{ring};width:9px;height:9px;border:1.5px solid {palette.muted}'></span> 热点</span>",
        f"<span><span style='{ring};width:12px;height:12px;background:{palette.worse}'></span> "
        f"热点,到对口用房超过 {kinds.farthest_km:g} 公里(连线到最近的一处)</span>",
    ]
    as_of = "还没有研判过,图上没有热点" if screen.found.run is None else f"热点截至 {screen.found.run.as_of:%Y-%m-%d}"
    note = f"<span style='margin-left:auto;color:{palette.muted}'>{escape(as_of)} · 大圆直线距离,不是路程</span>"
    style = f"display:flex;flex-wrap:wrap;gap:2px 14px;font-size:12px;line-height:20px;color:{palette.text}"
    return f'<div style="{style}">{"".join(parts)}{note}</div>'


def _sentence(screen: CentresScreen) -> str:
    numbers = f"热点 {len(screen.hotspots):,} 个,其中 {len(screen.far):,} 个离对口用房太远"
    return f"{screen.unit.name}综治中心 {len(screen.centres):,} 处,{numbers}"
