"""数据汇集: what came in, source by source, and the import of a file in three steps."""

import streamlit as st

from dashboard.freshness import show_freshness
from dashboard.import_steps import show_import
from dashboard.page_frame import shown_safely
from dashboard.palette import of_theme
from dashboard.pool import open_pool, reads_of
from dashboard.source_overview import show_pool_tiles, show_recent_batches, show_sources, source_table
from dashboard.viewport import Viewport


def show(viewport: Viewport) -> None:
    """Show the page."""
    shown_safely(_show, viewport)


def _show(_viewport: Viewport) -> None:
    pool = open_pool()
    reads, now, palette = reads_of(pool), pool.now(), of_theme(st.context.theme.type)
    latest = reads.latest()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader("数据汇集", anchor=False)
        st.space("stretch")
        show_freshness(max(latest.values(), default=None), now, simulated=reads.is_simulated())
    show_pool_tiles(reads, now, palette)
    left, right = st.columns([1.5, 1], gap="small")
    with left, st.container(border=True):
        show_sources(source_table(reads, latest, now), palette)
        show_recent_batches(reads)
    with right:
        show_import(pool)
