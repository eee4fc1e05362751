"""The briefing screen put together: header, columns by the shape of the screen and the kind of scene, keys."""

from datetime import timedelta

import streamlit as st

from dashboard.palette import DARK
from dashboard.states import DISCLAIMER
from dashboard.viewport import Viewport
from dashboard.wall.asked import hold, resume, step
from dashboard.wall.channels import channels_html
from dashboard.wall.figures import figures_html, key_figures
from dashboard.wall.findings import read_findings
from dashboard.wall.header import header_html
from dashboard.wall.lists import ROW, TITLE_ROW, findings_html, findings_room, ranking_html
from dashboard.wall.look import LEGEND, SMALL, columns_of, is_wide, map_height, map_size, text
from dashboard.wall.picture import legend_html, wall_deck
from dashboard.wall.screen import WallScreen, beat_of
from dashboard.wall.series import series_html
from data.store import PoolUnavailableError

EVERY = timedelta(seconds=1)
CONDITIONS = 4.2
"""Height of the line above the first column, in hundredths of the screen's."""
FOOT_ROWS = 14.4
"""Height of the lines and keys at the foot of the first column, in hundredths of the screen's."""
SHORT_RANKING = 7
"""Rows of the ranking that stands above the findings on a wide screen."""
SPACE = 2.0
"""Between the two, in hundredths of the screen's height."""


def show_stage(screen: WallScreen, viewport: Viewport, wrong: list[str]) -> None:
    """Show the scene whose turn it is."""
    st.session_state["wall-drawn"] = screen.beat
    _show_header(screen)
    columns = st.columns(columns_of(viewport, screen.scene.kind), gap="small")
    with columns[0]:
        _show_first(screen, viewport, wrong)
    with columns[1]:
        _show_map(screen, viewport)
    if len(columns) > 2:
        with columns[2]:
            st.html(_last_column(screen, viewport))


@st.fragment(run_every=EVERY)
def _show_header(screen: WallScreen) -> None:
    """The header, every second; when it is another scene's turn or there are new data, all is drawn anew.

    While the store does not answer, what was last drawn stays and the header says so.
    """
    now = screen.pool.now()
    try:
        due = beat_of(screen.pool, screen.asked, now)
    except PoolUnavailableError:
        st.html(header_html(screen, now, reachable=False))
        return
    st.html(header_html(screen, now))
    if due != st.session_state.get("wall-drawn"):
        st.rerun()


def _show_first(screen: WallScreen, viewport: Viewport, wrong: list[str]) -> None:
    height = _first_height()
    st.html(f'<div style="height:{height}vh;overflow:hidden">{_first_column(screen, viewport, height)}</div>')
    _show_foot(screen, wrong)


def _first_height() -> float:
    return map_height() + LEGEND - FOOT_ROWS


def _body_height(viewport: Viewport) -> float:
    """Height of what the scene is about, in hundredths of the screen's."""
    return map_height() + LEGEND if is_wide(viewport) else _first_height() - CONDITIONS


def _first_column(screen: WallScreen, viewport: Viewport, height: float) -> str:
    conditions = text(screen.conditions, SMALL, colour=DARK.muted, style="padding-bottom:1.2vh")
    kind = screen.scene.kind
    if is_wide(viewport) or kind == "map":
        return conditions + figures_html(key_figures(screen), height=height - CONDITIONS)
    return conditions + _body(screen, viewport)


def _last_column(screen: WallScreen, viewport: Viewport) -> str:
    """On a wide screen: what the scene is about, or ranking and findings together."""
    if screen.scene.kind != "map":
        return _body(screen, viewport)
    height = _body_height(viewport)
    upper = ranking_html(screen, height=SHORT_RANKING * ROW + TITLE_ROW + 0.1, brief=True)
    rest = height - SHORT_RANKING * ROW - TITLE_ROW - SPACE
    return f'{upper}<div style="height:{SPACE}vh"></div>{findings_html(read_findings(screen), height=rest)}'


def _body(screen: WallScreen, viewport: Viewport) -> str:
    """The part that says what the scene is about."""
    kind, height = screen.scene.kind, _body_height(viewport)
    if kind == "ranking":
        return ranking_html(screen, height=height)
    if kind == "alerts":
        return findings_html(read_findings(screen), height=height, numbered=True)
    if kind == "channels":
        return channels_html(screen, height=height)
    shares = columns_of(viewport, kind)
    at = 2 if is_wide(viewport) else 0
    width = round((viewport.width - 70) * shares[at] / sum(shares))
    return series_html(screen, width=width, height=round(viewport.height * (height - 6) / 100))


def _show_map(screen: WallScreen, viewport: Viewport) -> None:
    width, height = map_size(viewport, screen.scene.kind)
    # Those that are listed, and no number that nothing beside the map explains.
    room = findings_room(_body_height(viewport))
    marked = read_findings(screen).listed[:room] if screen.scene.kind == "alerts" else []
    # Without a key and always in the same place, the browser goes on drawing on the canvas it has.
    st.pydeck_chart(wall_deck(screen, width=width, height=height, marked=marked), height=height, alt=screen.title)
    st.html(legend_html(screen, width=100 * width / viewport.height))


def _show_foot(screen: WallScreen, wrong: list[str]) -> None:
    paused = screen.asked.held is not None
    lines = [
        text(f"{DISCLAIMER} · 审图号:{screen.pool.settings.map_approval}", SMALL, colour=DARK.muted),
        text(_scene_words(screen, wrong), SMALL, colour=DARK.late if paused or wrong or screen.unknown else DARK.muted),
    ]
    st.html("".join(lines))
    index, count = screen.turn.index, len(screen.programme.scenes)
    with st.container(horizontal=True, key="wall-keys"):
        st.button("上一画面", key="wall-back", shortcut="Left", on_click=step, args=(index, -1, count))
        if paused:
            st.button("继续", key="wall-turn", shortcut="Space", on_click=resume)
        else:
            st.button("暂停", key="wall-turn", shortcut="Space", on_click=hold, args=(index,))
        st.button("下一画面", key="wall-next", shortcut="Right", on_click=step, args=(index, 1, count))


def _scene_words(screen: WallScreen, wrong: list[str]) -> str:
    words = f"画面 {screen.place}"
    if screen.asked.held is not None:
        words += " · 已暂停"
    if screen.unknown:
        words += f" · 没有节目单“{screen.asked.programme}”,显示默认节目单"
    if wrong:
        words += f" · 链接里有不认识的内容:{'、'.join(wrong)}"
    return words
