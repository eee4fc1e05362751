"""数据汇集: how good the data are, what came in, what tells of one incident twice, and where nothing is told."""

import streamlit as st

from dashboard.data_page.asked import read_data_asked, show_sections, show_windows
from dashboard.data_page.batches_part import show_batches
from dashboard.data_page.boundary_import import show_boundaries
from dashboard.data_page.duplicates_part import show_duplicates
from dashboard.data_page.quality_reads import QualityReads
from dashboard.data_page.silent_part import show_silent
from dashboard.data_page.source_overview import DataScreen, show_data_tiles, show_sources
from dashboard.data_page.word_mapping import show_words
from dashboard.freshness import show_freshness, show_late_feeds
from dashboard.map.screen import today_of
from dashboard.page_frame import shown_safely
from dashboard.palette import of_theme
from dashboard.pool import open_pool, reads_of
from dashboard.viewport import Viewport

SHOW = {
    "sources": show_sources,
    "batches": show_batches,
    "words": show_words,
    "duplicates": show_duplicates,
    "silent": show_silent,
    "boundaries": show_boundaries,
}


def show(viewport: Viewport) -> None:
    """Show the page."""
    shown_safely(_show, viewport)


def _show(_viewport: Viewport) -> None:
    pool = open_pool()
    reads, now, asked = reads_of(pool), pool.now(), read_data_asked(st.query_params)
    latest = reads.latest()
    wanted = asked.filter(scope=pool.settings.root_code, today=today_of(latest, now))
    palette = of_theme(st.context.theme.type)
    screen = DataScreen(pool, reads, QualityReads.of(reads), asked, wanted, latest, now, palette)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.subheader("数据汇集", anchor=False, width="content")
        show_sections(asked)
        if asked.section not in ("words", "silent", "boundaries"):
            show_windows(asked)
        st.space("stretch")
        show_freshness(max(latest.values(), default=None), now, simulated=reads.is_simulated())
    show_late_feeds(latest, now)
    show_data_tiles(screen)
    SHOW[asked.section](screen)
