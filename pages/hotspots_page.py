"""热点研判: hotspots ranked by evidence, and why each is one."""

import streamlit as st

from dashboard.hotspots.bar import show_hotspot_bar
from dashboard.hotspots.comparison import show_comparison
from dashboard.hotspots.detail import show_hotspot_detail
from dashboard.hotspots.list import show_hotspot_list
from dashboard.hotspots.screen import HotspotScreen, read_hotspot_screen
from dashboard.hotspots.sources import show_source_order
from dashboard.page_frame import shown_safely
from dashboard.pool import open_pool
from dashboard.viewport import Viewport
from dashboard.wording import FIRST_RESULTS


def show(viewport: Viewport) -> None:
    """Show the page."""
    shown_safely(_show, viewport)


def _show(viewport: Viewport) -> None:
    screen = read_hotspot_screen(open_pool())
    show_hotspot_bar(screen)
    if screen.wrong:
        st.warning(f"链接里有不认识的内容,已忽略:{'、'.join(screen.wrong)}", icon=":material/link_off:")
    if screen.run is None and screen.asked.source:
        show_source_order(screen)
        return
    if screen.run is None:
        st.info(
            f"还没有研判过。{FIRST_RESULTS}",
            icon=":material/hourglass_empty:",
        )
        return
    left, right = st.columns([5, 7], gap="small")
    with left:
        show_hotspot_list(screen, height=viewport.map_height() + 40)
    with right:
        row = screen.selected
        if row is not None:
            width = round((viewport.width - 54) * 7 / 12)
            show_hotspot_detail(screen, row, width=width, height=viewport.map_height())
    show_comparison(screen)
    _show_foot(screen)


def _show_foot(screen: HotspotScreen) -> None:
    if screen.run is not None:
        until = f"研判截至 {screen.run.as_of:%Y-%m-%d},{screen.steps.count} 期;最近几天的上报可能还没有到齐。"
        st.caption(f"{until}“无明显模式”只表示上报没有异于平时,不等于安全。")
