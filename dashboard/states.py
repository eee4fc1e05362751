"""What a page says when it is not simply full: nothing found, loading, failing, late, schematic, simulated."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

import streamlit as st

from dashboard.palette import Palette
from dashboard.tile import HEIGHT as TILE_HEIGHT
from dashboard.viewport import Viewport
from dashboard.wording import age_text, error_number, moment_text

LATE_AFTER = timedelta(minutes=30)
SCHEMATIC = ":gray-badge[:material/draw: 边界为示意]"
SIMULATED = ":orange-badge[:material/science: 模拟数据]"
DISCLAIMER = "内部资料,示意图,不作划界依据"


@dataclass(frozen=True)
class LateFeed:
    """A feed that has not delivered for `silent_for`; the other `others` feeds are as usual."""

    source: str
    silent_for: timedelta
    others: int


def show_schematic_badge() -> None:
    """Says that the boundaries on the map are drawn, not surveyed. Stands wherever they are."""
    st.markdown(SCHEMATIC, width="content", help="乡镇、村和网格的边界为程序示意划分,不是行政区域界线。")


def show_simulated_badge() -> None:
    """Says that the incidents are invented. Stands on every page of the demo."""
    st.markdown(SIMULATED, width="content", help="本页纠纷全部由程序模拟生成,不是真实事件。")


def data_time_badge(until: datetime | None, now: datetime, *, late_after: timedelta = LATE_AFTER) -> str:
    """Markdown badge of how fresh the data are: green, orange with ⚠ when late, grey when there are none."""
    if until is None:
        return ":gray-badge[:material/sync_disabled: 暂无数据]"
    words = f"数据截至 {moment_text(until, now)} · {age_text(now - until)}".replace(":", "\\:")
    if now - until > late_after:
        return f":orange-badge[:material/warning: {words}]"
    return f":green-badge[:material/sync: {words}]"


def late_text(feed: LateFeed) -> str:
    """The sentence of the late banner."""
    silent = age_text(feed.silent_for).removesuffix("前")
    rest = f"其他 {feed.others} 个来源正常。" if feed.others > 0 else ""
    return f"{feed.source}已有 {silent}没有送来新数据,图上数字可能偏少。{rest}"


def show_late_banner(feed: LateFeed) -> None:
    """Yellow banner that names the late feed; costs 60 px."""
    st.warning(_plain(late_text(feed)), icon=":material/warning:")


def show_empty_note(conditions: str) -> None:
    """Nothing found: what to do, and the conditions in bold. The map stays; costs 44 px of it."""
    st.info(f"所选条件下没有纠纷。可以放宽时段或类型。  \n**{_plain(conditions)}**", icon=":material/search_off:")


def show_loading(viewport: Viewport) -> None:
    """Grey shapes in the final sizes of map, tiles and ranking; filters stay usable meanwhile."""
    left, right = st.columns([2, 1], gap="small")
    with left:
        st.skeleton(height=viewport.map_height())
    with right:
        for _ in range(2):
            for column in st.columns(2, gap="xsmall"):
                with column:
                    st.skeleton(height=TILE_HEIGHT)
        st.skeleton(height=viewport.ranking_height())


def show_error(now: datetime, palette: Palette, *, height: int, retry: Callable[[], None] | None = None) -> str:
    """The framed error in the map's place, never a traceback. Returns its number, for the log.

    Parameters
    ----------
    height
        Of the frame in pixels, as the map it stands for.
    retry
        Called when 重试 is pressed, before the rerun; for example to clear a cache.
    """
    number = error_number(now)
    centred = f"text-align:center;color:{palette.text};line-height:1.7"
    with st.container(
        border=True, height=height, horizontal_alignment="center", vertical_alignment="center", key="error-frame"
    ):
        st.html(
            f'<div style="{centred}"><b style="font-size:16px">暂时取不到数据</b><br/>'
            "已保留您的筛选条件,1 分钟后自动重试。也可以现在重试。</div>",
            width="content",
        )
        st.button("重试", key="retry", type="primary", icon=":material/refresh:", on_click=retry)
        st.html(
            f'<div style="{centred};font-size:12px;color:{palette.muted}">仍不成功时,请把编号 '
            f"<b>{escape(number)}</b> 告知运维人员。</div>",
            width="content",
        )
    return number


def _plain(text: str) -> str:
    """Text from a file or filter as text: Markdown's own signs and HTML mean nothing in it."""
    return "".join(f"\\{sign}" if sign in r"\`*_{}[]()<>#+|$:~&" else sign for sign in text)
