"""平安地图: the map, its tiles and its ranking, from the province down to a grid."""

import streamlit as st

from dashboard.filter_bar import show_filter_bar
from dashboard.freshness import show_freshness, show_late_feeds
from dashboard.map_part import show_map_part
from dashboard.map_screen import Screen, read_screen, today_of
from dashboard.numbers_part import selected_child, show_numbers_part
from dashboard.page_frame import shown_safely
from dashboard.pool import open_pool
from dashboard.viewport import Viewport


def show(viewport: Viewport) -> None:
    """Show the page."""
    shown_safely(_show, viewport)


def _show(viewport: Viewport) -> None:
    pool = open_pool()
    screen = read_screen(pool, pool.now())
    today = today_of(screen.latest, screen.now)
    show_filter_bar(screen.asked, today=today, behind=lambda: _show_badges(screen))
    taken = show_late_feeds(screen.latest, screen.now)
    if screen.wrong:
        st.warning(f"链接里有不认识的内容,已忽略:{'、'.join(screen.wrong)}", icon=":material/link_off:")
        taken += 60
    selected = selected_child(screen)
    left, right = st.columns([2, 1], gap="small")
    with left:
        show_map_part(screen, viewport, selected=selected, taken=taken)
    with right:
        show_numbers_part(screen, viewport, selected=selected, taken=taken)


def _show_badges(screen: Screen) -> None:
    show_freshness(screen.data_time, screen.now, simulated=screen.reads.is_simulated())
