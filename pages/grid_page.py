"""网格: everything about one grid or village on a page that can be printed."""

from dataclasses import replace

import streamlit as st

from dashboard.freshness import show_freshness
from dashboard.grid.around import show_alerts, show_centre, show_letters, show_neighbours, show_sketch
from dashboard.grid.asked import WINDOWS, GridAsked, write_grid_asked
from dashboard.grid.course import show_classes, show_forecast, show_incidents, show_weeks
from dashboard.grid.facts import show_facts
from dashboard.grid.heading import show_heading
from dashboard.grid.printing import show_print_note, show_print_rules
from dashboard.grid.screen import GridScreen, read_grid_screen
from dashboard.grid.search import show_search
from dashboard.page_frame import shown_safely
from dashboard.pool import Pool, open_pool
from dashboard.viewport import Viewport


def show(viewport: Viewport) -> None:
    """Show the page."""
    shown_safely(_show, viewport)


def _show(_viewport: Viewport) -> None:
    pool = open_pool()
    screen, asked, wrong = read_grid_screen(pool)
    show_print_rules()
    _show_tools(pool, asked, screen)
    if wrong:
        st.warning(
            f"链接里有不认识的内容:{'、'.join(wrong)}。代码应为本单位内一个村(12 位数字)或网格(15 位数字)。",
            icon=":material/link_off:",
        )
    if screen is None:
        st.info(
            "请在上面输入网格或村的代码或名称;也可以从平安地图逐级点到网格,或从预警里打开。", icon=":material/search:"
        )
        return
    show_heading(screen)
    show_facts(screen)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        show_weeks(screen)
        show_forecast(screen)
        show_classes(screen)
        show_incidents(screen)
    with right:
        show_sketch(screen)
        show_centre(screen)
        show_alerts(screen)
        show_letters(screen)
        show_neighbours(screen)
    show_print_note(screen.now, screen.unit.name, pool.settings.map_approval)


def _show_tools(pool: Pool, asked: GridAsked, screen: GridScreen | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="grid-tools"):
        show_search(pool, asked)
        if screen is None:
            return
        _show_windows(asked)
        st.caption("Ctrl+P 打印本页", width="content")
        st.space("stretch")
        show_freshness(max(screen.latest.values(), default=None), screen.now, simulated=screen.reads.is_simulated())


def _show_windows(asked: GridAsked) -> None:
    st.session_state["grid-window"] = asked.window

    def choose() -> None:
        write_grid_asked(replace(asked, window=st.session_state["grid-window"] or asked.window))

    st.segmented_control(
        "时段",
        list(WINDOWS),
        format_func=WINDOWS.__getitem__,
        key="grid-window",
        label_visibility="collapsed",
        on_change=choose,
        width="content",
    )
