"""Right third of the map page: tiles, then the ranking (or, for a grid, its incidents)."""

from functools import partial

import pandas as pd
import streamlit as st

from dashboard.asked import shared_filter
from dashboard.map.incident_list import show_incident_list
from dashboard.map.reads import shared
from dashboard.map.screen import GRID, Screen, go_to
from dashboard.map.tiles import map_tiles
from dashboard.ranking import exported, picked_code, ranking_table, ranking_title, show_ranking
from dashboard.table_button import show_table_button, stamp_of
from dashboard.tile import show_grid
from dashboard.viewport import Viewport
from dashboard.ways import show_way
from dashboard.wording import count_text, is_missing, period_text, table_name


def ranking_key(screen: Screen) -> str:
    """Key of the ranking."""
    return f"ranking-{screen.unit.code}"


def selected_child(screen: Screen) -> str | None:
    """Code of the row that was clicked in the ranking before this run."""
    event = st.session_state.get(ranking_key(screen))
    if screen.unit.level == GRID or not event or not event["selection"]["cells"]:
        return None
    return picked_code(event, _table(screen))


def _table(screen: Screen):
    def make():
        return ranking_table(screen.children, screen.numbers, below=screen.below)

    return shared(screen.reads, "ranking", (screen.wanted,), make)


def show_numbers_part(screen: Screen, viewport: Viewport, *, selected: str | None, taken: int) -> None:
    """Show it; `selected` is the clicked child."""
    seen = (screen.wanted, screen.plays, screen.palette.name)
    show_grid(shared(screen.reads, "tiles", seen, lambda: map_tiles(screen)))
    if screen.unit.level == GRID:
        zone = str(screen.pool.settings.timezone)
        height = viewport.ranking_height(taken=taken)
        show_incident_list(screen.incidents, below=screen.below, zone=zone, height=height)
        return
    table = _table(screen)
    names = dict(zip(screen.children["code"], screen.children["name"], strict=True))
    with st.container(horizontal=True, vertical_alignment="center", height=34, border=False):
        level_name = screen.pool.geography.hierarchy.level_name(screen.unit.level + 1)
        st.markdown(ranking_title(level_name, len(table)), width="content")
        if selected:
            # Beside the title: at the right end the table's own toolbar would cover it.
            label = f"进入 {table_name(names[selected])} ›"
            st.button(label, key="enter", type="tertiary", on_click=go_to, args=(screen.asked, selected))
        else:
            st.space("stretch")
            st.caption("点一行即在地图上选中", width="content")
            _show_export(screen, table, level_name)
            show_way("态势", "trends", shared_filter(screen.asked), key="to-trends", type="tertiary")
    if table.empty:
        st.caption("没有可排名的下级区划。")
        return
    show_ranking(
        table,
        key=ranking_key(screen),
        viewport=viewport,
        palette=screen.palette,
        alt=f"{screen.unit.name}下级排名",
        below=screen.below,
        taken=taken + 24,
    )
    _show_rest(screen)


def _show_export(screen: Screen, table: pd.DataFrame, level_name: str) -> None:
    place, period = table_name(screen.unit.name), screen.wanted.period
    words = [place, *screen.asked.words(), period_text(period.start, period.end)]
    stamp = stamp_of(words, screen.data_time, simulated=screen.reads.is_simulated())
    file = f"{level_name}排名-{place}-{screen.now:%Y%m%d-%H%M}.csv"
    show_table_button("ranking", partial(exported, table, below=screen.below), stamp, file)


def _show_rest(screen: Screen) -> None:
    """Incidents of the unit that are not located in any child: said, never dropped."""
    if screen.unit.code in screen.numbers.index:
        rest = screen.numbers.loc[screen.unit.code, "incident_count"]
        if not is_missing(rest) and rest == 0:
            return
        st.caption(f"另有 {count_text(rest, below=screen.below)} 件只知道在{table_name(screen.unit.name)},未定到下级。")
