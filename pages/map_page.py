"""平安地图: the live map, its tiles and its ranking, from the province down to a grid."""

import streamlit as st

from dashboard.filter_bar import show_filter_bar
from dashboard.map.live import show_live_badges, show_live_map
from dashboard.map.screen import read_state, today_of
from dashboard.page_frame import shown_safely
from dashboard.pool import open_pool, reads_of
from dashboard.viewport import Viewport


def show(viewport: Viewport) -> None:
    """Show the page."""
    shown_safely(_show, viewport)


def _show(viewport: Viewport) -> None:
    pool = open_pool()
    asked, wrong = read_state(pool)
    today = today_of(reads_of(pool).latest(), pool.now())
    show_filter_bar(asked, today=today, behind=lambda: show_live_badges(pool))
    if wrong:
        st.warning(f"链接里有不认识的内容,已忽略:{'、'.join(wrong)}", icon=":material/link_off:")
    show_live_map(viewport, today)
