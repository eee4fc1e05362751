"""What surrounds every page: sizes awaited, and failures said in the user's words instead of a traceback."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import streamlit as st

from dashboard.palette import of_theme
from dashboard.pool import GeographyMissingError
from dashboard.states import show_error, show_loading
from dashboard.viewport import Viewport
from data.settings import read_settings
from data.store import PoolUnavailableError

log = logging.getLogger(__name__)

RETRY = timedelta(minutes=1)


def shown_safely(show: Callable[[Viewport], None], viewport: Viewport) -> None:
    """Show a page, or the error frame in its place.

    The window's size comes with a second run; until then grey shapes stand in the final places.
    """
    if not viewport.known and not st.session_state.get("waited"):
        st.session_state["waited"] = True
        show_loading(viewport)
        return
    try:
        show(viewport)
    except GeographyMissingError:
        st.error("还没有准备好地图数据。请在服务器上运行 make demo(演示)或导入区划边界,然后刷新本页。")
    except PoolUnavailableError as error:
        now = datetime.now(read_settings().timezone)
        number = show_error(
            now, of_theme(st.context.theme.type), height=viewport.map_height(), retry=st.cache_data.clear
        )
        log.error("%s %s", number, error)
        st.session_state["failed-at"] = now
        _try_again_later()


@st.fragment(run_every=RETRY)
def _try_again_later() -> None:
    """Run the page again a minute after it failed, as the frame says; the fragment's own first run does nothing."""
    failed_at = st.session_state.get("failed-at")
    if failed_at and datetime.now(failed_at.tzinfo) - failed_at >= RETRY / 2:
        st.session_state.pop("failed-at")
        st.cache_data.clear()
        st.rerun()
