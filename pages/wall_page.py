"""大屏: scenes for a projector that follow the clock. Hidden from the navigation; see docs/wall.md."""

import streamlit as st

from dashboard.pool import open_pool
from dashboard.viewport import Viewport
from dashboard.wall.asked import read_wall_asked
from dashboard.wall.failing import shown_on_wall
from dashboard.wall.screen import read_wall_screen
from dashboard.wall.stage import show_stage


def show(viewport: Viewport) -> None:
    """Show the page."""
    shown_on_wall(_show, viewport)


def _show(viewport: Viewport) -> None:
    pool = open_pool()
    asked, wrong = read_wall_asked(st.query_params)
    show_stage(read_wall_screen(pool, asked, pool.now()), viewport, wrong)
