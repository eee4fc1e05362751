"""大屏设置: which scenes the briefing screen shows, in which order, for how long. Hidden from the navigation."""

import streamlit as st

from dashboard.page_frame import shown_safely
from dashboard.pool import open_pool
from dashboard.scenes.bar_part import show_bar, show_history
from dashboard.scenes.form_part import show_scene_form
from dashboard.scenes.list_part import show_scene_list
from dashboard.scenes.screen import read_scenes_screen
from dashboard.viewport import Viewport


def show(viewport: Viewport) -> None:
    """Show the page."""
    shown_safely(_show, viewport)


def _show(_viewport: Viewport) -> None:
    screen = read_scenes_screen(open_pool())
    st.markdown("#### 大屏设置")
    show_bar(screen)
    if screen.wrong:
        st.warning(f"链接里有不认识的内容,已忽略:{'、'.join(screen.wrong)}", icon=":material/link_off:")
    left, right = st.columns([7, 5], gap="medium")
    with left:
        show_scene_list(screen)
    with right:
        show_scene_form(screen)
    show_history(screen)
