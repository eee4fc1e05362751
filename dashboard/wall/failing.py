"""What the briefing screen says when it has nothing to show, and how it tries again without anybody's hand."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import streamlit as st

from dashboard.palette import DARK
from dashboard.pool import GeographyMissingError
from dashboard.viewport import Viewport
from dashboard.wall.header import BEAT
from dashboard.wall.look import CSS, LIST, SMALL, TITLE, text
from dashboard.wall.watch import watch_connection
from dashboard.wording import error_number
from data.forecasts.score_settings import BadScoreFileError
from data.settings import read_settings
from data.store import PoolUnavailableError

log = logging.getLogger(__name__)

AGAIN = timedelta(seconds=15)


def shown_on_wall(show: Callable[[Viewport], None], viewport: Viewport) -> None:
    """Show the screen, or in its place what hinders it; the window's size comes with a second run."""
    st.html(CSS)
    watch_connection()
    if not viewport.known and not st.session_state.get("waited"):
        st.session_state["waited"] = True
        return
    try:
        show(viewport)
    except GeographyMissingError:
        _say("还没有准备好地图数据", "请在服务器上运行 make demo(演示)或导入区划边界,画面随后自动出现。")
    except BadScoreFileError as error:
        _say("风险等级的设置有误", str(error))
    except PoolUnavailableError as error:
        number = error_number(datetime.now(read_settings().timezone))
        log.error("%s %s", number, error)
        _say("暂时取不到数据", f"每 {AGAIN.seconds} 秒自动重试。长时间不恢复时,请把编号 {number} 告知运维人员。")


def _say(title: str, todo: str) -> None:
    st.session_state["wall-failed-at"] = datetime.now(read_settings().timezone)
    said = text(f"▲ {title}", 1.6 * TITLE, colour=DARK.late, weight=700) + text(
        todo, LIST, colour=DARK.text, style="white-space:normal;padding-top:2vh"
    )
    st.html(f'<div style="padding:32vh 8vw 0;text-align:center">{said}</div>')
    _try_again()


@st.fragment(run_every=timedelta(seconds=1))
def _try_again() -> None:
    """Say that the server is alive, and run the page again after a while."""
    now = datetime.now(read_settings().timezone)
    clock = f'<div class="{BEAT}" data-beat="{now.timestamp():.0f}">{now:%H:%M}</div>'
    style = f"font-size:{SMALL}vh;color:{DARK.muted};text-align:center;padding-top:3vh"
    st.html(f'<div style="{style}">{clock}</div>')
    failed_at = st.session_state.get("wall-failed-at")
    if failed_at and now - failed_at >= AGAIN:
        st.session_state.pop("wall-failed-at")
        st.cache_data.clear()
        st.rerun()
