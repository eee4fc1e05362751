"""Left two thirds of the map page: way, controls, map, legend, and what must stand under a map."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pydeck as pdk
import streamlit as st

from dashboard.alerts.overlay import clicked_alerts
from dashboard.asked import OVERLAYS, SHAPES, Asked, write_asked
from dashboard.breadcrumb import show_breadcrumb
from dashboard.deck import View, build
from dashboard.map.overlays import Overlay, read_overlays, show_overlay_choice, show_overlay_legend
from dashboard.map.pictures import COUNTED, picture_of
from dashboard.map.reads import written_once
from dashboard.map.screen import GRID, Screen, go_to
from dashboard.map.view import place_of_click, view_of
from dashboard.measures import COUNT, RATE, measure_of
from dashboard.states import DISCLAIMER, show_empty_note, show_schematic_badge
from dashboard.viewport import Viewport
from dashboard.ways import lead_to
from dashboard.wording import count_text, period_text, table_name

OVERLAY_LINE = 34
"""Pixels of the line that explains what is laid over."""
MEASURE_LIST = 132
"""Pixels of the measures as a list."""


def show_map_part(
    screen: Screen, viewport: Viewport, *, selected: str | None, taken: int, marks: list[pdk.Layer]
) -> None:
    """Show it; `taken` pixels are used above and below, `marks` lie on top of everything."""
    picture = picture_of(screen.measure)
    overlays = read_overlays(screen)
    lines = OVERLAY_LINE if any(overlay.legend for overlay in overlays) else 0
    taken += picture.extra_height + lines + (66 if screen.is_empty else 0)
    height = viewport.map_height(taken=taken)
    view = frozen_view(screen, viewport, width=viewport.map_width, height=height, name="whole")
    shown = picture.read(screen)
    key = map_key(screen)
    st.pydeck_chart(
        _deck(screen, shown, overlays, view, (selected, marks)),
        height=height,
        key=key,
        on_select=lambda: follow_click(screen, key),
        selection_mode="single-object",
        alt=alt_text(screen),
    )
    picture.show_legend(screen, shown)
    show_overlay_legend(overlays)
    if screen.is_empty:
        show_empty_note(" · ".join([table_name(screen.unit.name), *screen.asked.words()]))


def _deck(
    screen: Screen, shown: Any, overlays: list[Overlay], view: View, own: tuple[str | None, list[pdk.Layer]]
) -> pdk.Deck:
    """The map; `own` are the selected child and the marks of this session.

    A map of counts is written once for all sessions that see the same of one version.
    """
    picture, (selected, marks) = picture_of(screen.measure), own
    above = [layer for overlay in overlays for layer in overlay.layers]

    def draw() -> pdk.Deck:
        layers = picture.layers(screen, shown, view, selected)
        return build([*layers, *above, *marks], view, screen.palette)

    if picture is not COUNTED or overlays or screen.unit.level == GRID:
        return draw()
    marked = [(mark.id, mark.data) for mark in marks]
    seen = (screen.wanted, screen.asked, view, screen.palette.name, selected, marked)
    return written_once(screen.reads, seen, draw)


def map_key(screen: Screen) -> str:
    """Key of the map: it changes with what can be clicked, so that a selection ends with its unit."""
    return f"map-{screen.unit.code}-{screen.asked.shape}"


def frozen_view(screen: Screen, viewport: Viewport, *, width: int, height: int, name: str) -> View:
    """The view that a unit opens with, kept while it is looked at.

    A banner that comes and goes changes the map's height; were the view fitted anew, the browser would take it as an
    order to go there, and what the user has zoomed to would be lost.
    """
    wanted = (screen.unit.code, viewport.width, viewport.height)
    kept = st.session_state.get(f"view-{name}")
    if kept is None or kept[0] != wanted:
        kept = st.session_state[f"view-{name}"] = (wanted, view_of(screen.pool.geography, screen.unit, width, height))
    return kept[1]


def follow_click(screen: Screen, key: str) -> None:
    """Go where the map with this key was clicked: into a division, or from the mark of an alert to the desk."""
    event = st.session_state.get(key)
    desk = clicked_alerts(event)
    if desk is not None:
        lead_to("alerts", desk)
        return
    code = place_of_click(event, screen.children)
    counted = set(screen.children.loc[screen.children["counted"].astype(bool), "code"])
    if code in counted:
        go_to(screen.asked, code)


def show_way(screen: Screen, *, width: int) -> None:
    """The way down to the unit, and what is shown of it, in one row of so many pixels.

    Where the measures have no room beside each other they are a list, and where even that leaves none for what can be
    laid over, that is a menu.
    """
    units = [*screen.pool.geography.ancestors(screen.unit.code), screen.unit]
    schematic = screen.unit.schematic or bool(screen.children["schematic"].any())
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        show_breadcrumb(
            [(unit.code, unit.name) for unit in units],
            go=lambda code: go_to(screen.asked, code),
            badges=show_schematic_badge if schematic else None,
        )
        st.space("stretch")
        if screen.unit.level < GRID:
            measures = {measure.key: measure.label for measure in screen.measures}
            way = _room([unit.name for unit in units]) + (130 if len(units) > 1 else 0) + (120 if schematic else 0)
            taken = way + _room(SHAPES.values()) + _room(OVERLAYS.values()) + 24
            narrow = taken + _room(measures.values()) > width
            _show_control(screen.asked, "measure", measures, screen.measure.key, as_list=narrow)
            _show_control(screen.asked, "shape", SHAPES, screen.asked.shape)
            show_overlay_choice(screen, as_menu=taken + MEASURE_LIST > width)


def _room(words: Iterable[str]) -> int:
    """Pixels that words on buttons take, about."""
    return sum(14 * len(word) + 28 for word in words)


def _show_control(asked: Asked, field: str, words: dict[str, str], now: str, *, as_list: bool = False) -> None:
    key = f"choose-{field}"
    st.session_state[key] = now

    def choose() -> None:
        chosen = st.session_state[key]
        if chosen:
            write_asked(replace(asked, **{field: chosen}))

    show, width = (st.selectbox, MEASURE_LIST) if as_list else (st.segmented_control, "content")
    show(
        field,
        list(words),
        format_func=words.__getitem__,
        key=key,
        label_visibility="collapsed",
        on_change=choose,
        width=width,
    )


def show_foot(screen: Screen) -> None:
    """What must stand under a map."""
    period = screen.wanted.period
    before = period_text(period.previous.start, period.previous.end)
    words = f"{period_text(period.start, period.end)}(含当日) · 上期 {before}"
    if measure_of(screen.asked.measure) is RATE and screen.measure is COUNT:
        words = f"这里没有人口数,按件数显示 · {words}"
    cells = screen.reads.by_cell(screen.wanted, screen.resolution) if screen.shows_cells else None
    if cells is not None and (cells["cell"] == "").any():
        nowhere = cells.loc[cells["cell"] == "", "incident_count"].iloc[0]
        words = f"另有 {count_text(nowhere, below=screen.below)} 件没有坐标,未画在图上 · {words}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(words, width="content")
        st.space("stretch")
        st.caption(f"审图号:{screen.pool.settings.map_approval} · {DISCLAIMER}", width="content")


def alt_text(screen: Screen) -> str:
    """The sentence that a reader would say about the map."""
    counts = screen.numbers["incident_count"].dropna()
    counts = counts[counts.index.isin(screen.children["code"])]
    title = f"{screen.unit.name}下级{screen.measure.label}图,{' · '.join(screen.asked.words())}"
    if counts.empty or counts.max() == 0:
        return title
    names = dict(zip(screen.children["code"], screen.children["name"], strict=True))
    return f"{title},最多{names[counts.idxmax()]} {counts.max():,} 件"
