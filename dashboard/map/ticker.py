"""What has just come in: one line with type and place, and a ring on the map for two seconds."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from html import escape

import pandas as pd
import pydeck as pdk
import streamlit as st

from dashboard.map.reads import cached_log, shared
from dashboard.map.screen import Screen
from dashboard.naming import type_name
from dashboard.palette import Palette, rgb
from dashboard.wording import moment_text, table_name
from data.arrivals import arrivals, arrived_at
from geo.hexagons import centre_of

HEIGHT = 26
"""Pixels that the line takes, with its gap."""
MOST = 6
RING_MS = 2000
RADIUS = 26
_SEEN = "seen-position"


def new_places(screen: Screen) -> list[str]:
    """Places of what came in since this session last looked, as far as they may be told; none on its first look."""
    log, seen = cached_log(screen.reads), st.session_state.get(_SEEN)
    if seen is None or log.position <= seen or not screen.is_live:
        return []
    resolution = _resolution(screen)

    def find() -> list[str]:
        return arrived_at(log, screen.wanted, after=seen, shown=_shown(screen), resolution=resolution)

    return shared(screen.reads, "arrived", (screen.wanted, seen, resolution), find)


def have_seen(screen: Screen) -> None:
    """Remember that this session has been shown everything up to here."""
    st.session_state[_SEEN] = cached_log(screen.reads).position


def _resolution(screen: Screen) -> int:
    return screen.resolution if screen.shows_cells else 0


def _shown(screen: Screen) -> frozenset[str]:
    if screen.shows_cells:
        cells = screen.reads.by_cell(screen.wanted, screen.resolution)
        return frozenset(cells.loc[cells["incident_count"].notna(), "cell"])
    counts = screen.numbers["incident_count"]
    return frozenset(counts.index[counts.notna()])


def rings(screen: Screen, places: Sequence[str], *, still: bool) -> list[pdk.Layer]:
    """A ring at each place that grows and fades within two seconds; without motion it stands until it is taken away.

    A layer of its own for each version: deck.gl lets grow what enters, and in a known layer only further rows do.
    """
    rows = [{"p": point} for place in places if (point := _point(screen, place)) is not None]
    if not rows:
        return []
    name, palette = f"rings-{screen.reads.version}", screen.palette
    # A wider one in the page's colour below: the accent alone would sink into a dark class.
    below, above = (palette.page, 7, f"{name}-ground"), (palette.accent, 3, name)
    return [_ring_layer(rows, *each, still=still) for each in (below, above)]


def _ring_layer(rows: list[dict], colour: str, width: int, name: str, *, still: bool) -> pdk.Layer:
    begun = [*(round(part / 255, 3) for part in rgb(colour)), 1]  # what enters is given from 0 to 1
    motion = {
        "getRadius": {"duration": RING_MS, "enter": "@@=[4]"},
        "getLineColor": {"duration": RING_MS, "enter": f"@@=[{','.join(map(str, begun))}]"},
    }
    return pdk.Layer(
        "ScatterplotLayer",
        rows,
        id=name,
        get_position="p",
        get_radius=RADIUS // 2 if still else RADIUS,
        radius_units=pdk.types.String("pixels"),
        get_line_color=[*rgb(colour), 255 if still else 0],
        get_line_width=width,
        line_width_units=pdk.types.String("pixels"),
        filled=False,
        stroked=True,
        pickable=False,
        **({} if still else {"transitions": motion}),
    )


def _point(screen: Screen, place: str) -> list[float] | None:
    """Where a place is marked: the middle of a hexagon, or a point inside the division or the one around it."""
    if not place.isdigit():  # a hexagon's spelling ends with f
        longitude, latitude = centre_of(place)
        return [round(longitude, 5), round(latitude, 5)]
    unit = screen.pool.geography.unit(place)
    while unit.geometry is None and unit.parent:
        unit = screen.pool.geography.unit(unit.parent)
    if unit.geometry is None:
        return None
    point = unit.geometry.representative_point()
    return [round(point.x, 5), round(point.y, 5)]


def show_ticker(screen: Screen, *, seen: int | None) -> None:
    """One line, newest first; what this session has not seen before stands in bold with a dot."""
    newest = screen.asked.ending(screen.asked.newest_day(screen.today))  # also where the slider stands in the past
    asked = replace(screen.wanted, period=newest)
    found = shared(screen.reads, "arrivals", (asked,), lambda: arrivals(cached_log(screen.reads), asked, most=MOST))
    st.html(ticker_html(_lines(screen, found, seen), screen.palette))


def seen_position() -> int | None:
    """Position of the log up to which this session was shown everything; None on its first look."""
    return st.session_state.get(_SEEN)


def _lines(screen: Screen, found: pd.DataFrame, seen: int | None) -> list[tuple[str, bool]]:
    zone, geography = screen.pool.settings.timezone, screen.pool.geography
    names = geography.names(sorted(set(found["division"])))
    lines = []
    for position, moment, kind, code in found.itertuples(index=False):
        time = moment_text(datetime.fromtimestamp(moment, zone), screen.now)
        words = f"{time} {table_name(names.get(code, code))} · {type_name(kind)}"
        lines.append((words, seen is not None and position > seen))
    return lines


def ticker_html(lines: Sequence[tuple[str, bool]], palette: Palette) -> str:
    """HTML of the line; every text in it is escaped. `lines` are words and whether they are new."""
    bold = f"font-weight:600;color:{palette.text}"
    items = "".join(
        f'<span style="margin-right:18px;{bold if new else ""}">'
        f"{f'<span style=color:{palette.accent}>●</span> ' if new else ''}{escape(words)}</span>"
        for words, new in lines
    )
    return (
        f'<div role="log" aria-live="polite" style="height:18px;line-height:18px;font-size:12px;white-space:nowrap;'
        f'overflow:hidden;text-overflow:ellipsis;color:{palette.muted}">'
        f'<span style="margin-right:12px">最新</span>{items or "所选条件下暂无新到纠纷"}</div>'
    )
