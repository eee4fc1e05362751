"""综治中心: where the centres are, what they carry, how far hotspots are from the right room, what is missing."""

import streamlit as st

from dashboard.breadcrumb import show_breadcrumb
from dashboard.centres.asked import go_to_division, show_choice, show_lists
from dashboard.centres.lists_part import show_list
from dashboard.centres.map_part import show_centre_map
from dashboard.centres.screen import CentresScreen, read_centres_screen
from dashboard.centres.tiles_part import show_centre_tiles
from dashboard.freshness import show_freshness
from dashboard.page_frame import shown_safely
from dashboard.pool import open_pool
from dashboard.viewport import Viewport
from data.centres.settings import BadCentreFileError

TAKEN = 40
"""Pixels of the tiles above the map, less those of the row that the way down does not take here."""


def show(viewport: Viewport) -> None:
    """Show the page."""
    shown_safely(_show, viewport)


def _show(viewport: Viewport) -> None:
    try:
        screen = read_centres_screen(open_pool())
    except BadCentreFileError as error:
        st.error(str(error), icon=":material/settings_alert:")
        return
    _show_bar(screen)
    if screen.wrong:
        st.warning(f"链接里有不认识的内容,已忽略:{'、'.join(screen.wrong)}", icon=":material/link_off:")
    if screen.found.newest is None:
        st.info(
            "还没有综治中心名册。请在服务器上运行 manage.py centres import 文件(CSV 或 XLSX),然后刷新本页。",
            icon=":material/upload_file:",
        )
        return
    show_centre_tiles(screen)
    height = viewport.map_height(taken=TAKEN)
    left, right = st.columns([2, 1], gap="small")
    with left:
        show_centre_map(screen, width=viewport.map_width, height=height)
    with right:
        show_list(screen, height=height + 60)


def _show_bar(screen: CentresScreen) -> None:
    units = [*screen.pool.geography.ancestors(screen.unit.code), screen.unit]
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        show_breadcrumb([(unit.code, unit.name) for unit in units], go=lambda code: go_to_division(screen.asked, code))
        show_choice(screen.asked, "type", width=170)
        show_lists(screen.asked)
        st.space("stretch")
        simulated = screen.reads.is_simulated() or bool(screen.found.newest and screen.found.newest.simulated)
        show_freshness(max(screen.latest.values(), default=None), screen.now, simulated=simulated)
