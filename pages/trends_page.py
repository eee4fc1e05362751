"""态势分析: how disputes develop, when and where, how they are settled; every chart narrows the others."""

import streamlit as st

from dashboard.freshness import show_late_feeds
from dashboard.page_frame import shown_safely
from dashboard.pool import open_pool
from dashboard.states import show_empty_note
from dashboard.tile import show_grid
from dashboard.trends.bar import show_trends_bar
from dashboard.trends.charts import ROWS
from dashboard.trends.panel import CSS, show_panel
from dashboard.trends.screen import read_trends_screen
from dashboard.trends.tiles import window_tiles
from dashboard.viewport import Viewport
from data.trends.references import BadReferenceFileError


def show(viewport: Viewport) -> None:
    """Show the page."""
    shown_safely(_show, viewport)


def _show(_viewport: Viewport) -> None:
    try:
        screen = read_trends_screen(open_pool())
    except BadReferenceFileError as error:
        st.error(str(error), icon=":material/edit_document:")
        return
    show_trends_bar(screen)
    show_late_feeds(screen.latest, screen.now)
    if screen.wrong:
        st.warning(f"链接里有不认识的内容,已忽略:{'、'.join(screen.wrong)}", icon=":material/link_off:")
    show_grid(window_tiles(screen), across=4)
    if screen.is_empty:
        show_empty_note(" · ".join([screen.place, *screen.asked.words()]))
    if not screen.has_any:
        return
    st.html(CSS)
    for widths, charts in ROWS:
        for column, chart in zip(st.columns(widths, gap="small"), charts, strict=True):
            with column:
                show_panel(screen, chart(screen))
    st.caption("最近几天的上报可能还没有到齐。“少”只表示上报少,不等于安全。")
