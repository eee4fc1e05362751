"""The head of the page: what the place is called, where it lies, which period the figures are of."""

from html import escape

import streamlit as st

from dashboard.grid.asked import WINDOWS
from dashboard.grid.screen import GridScreen
from dashboard.grid.tables import link_html
from dashboard.states import show_schematic_badge
from dashboard.wording import period_text, table_name


def show_heading(screen: GridScreen) -> None:
    """Show it; the way leads back to the map."""
    unit, palette, period = screen.unit, screen.palette, screen.wanted.period
    way = [
        link_html("map", table_name(above.name), palette, code=above.code)
        for above in screen.pool.geography.ancestors(unit.code)
    ]
    level = screen.pool.geography.hierarchy.level_name(unit.level)
    simulated = " · 模拟数据" if screen.reads.is_simulated() else ""
    until = f"{WINDOWS[screen.asked.window]}:{period_text(period.start, period.end)} · 上期 "
    until += period_text(period.previous.start, period.previous.end)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(
            f'<div style="color:{palette.text}"><span style="font-size:20px;font-weight:600">{escape(unit.name)}</span>'
            f'<span style="font-size:13px;color:{palette.muted};margin-left:10px">{escape(level)} {unit.code}</span>'
            f'<div style="font-size:13px;line-height:1.7">{" › ".join(way)} › {escape(unit.name)}'
            f'<span style="color:{palette.muted};margin-left:14px">{escape(until + simulated)}</span></div></div>',
            width="content",
        )
        if unit.schematic:
            show_schematic_badge()
        st.html(_links(screen), width="content")


def _links(screen: GridScreen) -> str:
    link = link_html("map", "在平安地图上看", screen.palette, code=screen.unit.code)
    return f'<span class="grid-map-link" style="font-size:13px">{link}</span>'
