"""风险预判: what the coming weeks are expected to bring, scored, and why."""

import streamlit as st

from dashboard.page_frame import shown_safely
from dashboard.pool import open_pool
from dashboard.risks.bar import show_risk_bar
from dashboard.risks.detail import show_risk_detail
from dashboard.risks.list import show_risk_list
from dashboard.risks.model_part import show_model_part
from dashboard.risks.screen import read_risk_screen
from dashboard.viewport import Viewport
from dashboard.wording import FIRST_RESULTS


def show(viewport: Viewport) -> None:
    """Show the page."""
    shown_safely(_show, viewport)


def _show(viewport: Viewport) -> None:
    screen = read_risk_screen(open_pool())
    show_risk_bar(screen)
    if screen.wrong:
        st.warning(f"链接里有不认识的内容,已忽略:{'、'.join(screen.wrong)}", icon=":material/link_off:")
    if screen.run is None:
        st.info(
            f"还没有预测过。{FIRST_RESULTS}",
            icon=":material/hourglass_empty:",
        )
        return
    if screen.off is not None:
        st.warning(screen.off, icon=":material/visibility_off:")
        show_model_part(screen)
        return
    left, right = st.columns([7, 5], gap="small")
    with left:
        show_risk_list(screen, height=viewport.map_height() + 60)
    with right:
        row = screen.selected
        if row is not None:
            show_risk_detail(screen, row)
    show_model_part(screen)
