"""The list of hotspots, the best evidence first; a click on a row opens it."""

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.hotspots.asked import TOTAL, write_hotspot_asked
from dashboard.hotspots.classes import class_colour, class_letter, class_name
from dashboard.hotspots.screen import HotspotScreen
from dashboard.naming import type_name
from dashboard.palette import Palette, ink_on
from dashboard.wording import NOTHING, count_text
from data.assessments.shown_counts import smallest_of

KEY = "hotspot-list"
MOST = 300
"""Rows listed; who needs more chooses a type, a class or a division."""
ROW_HEIGHT = 32
CLASS, PLACE, TYPE, BOTH, SINCE, GRADE = "类别", "地点", "纠纷类型", "上期 → 本期", "自", "依据"
GRADES = ("弱", "较弱", "较强", "强")
TRENDS = {1: "▲ 上升", 0: "无趋势", -1: "▼ 下降"}


def hotspot_table(screen: HotspotScreen) -> pd.DataFrame:
    """Rows of the list in the order of `screen.listed`; texts only."""
    rows = screen.listed.head(MOST)
    return pd.DataFrame(
        {
            CLASS: [class_words(kind) for kind in rows["emerging_class"]],
            PLACE: [place_words(screen.place_name(row), row["cells"]) for _, row in rows.iterrows()],
            TYPE: [type_name(kind) for kind in rows["dispute_type"]],
            BOTH: [both_text(row) for _, row in rows.iterrows()],
            SINCE: [since_text(since) for since in rows["since"]],
            GRADE: [GRADES[grade] for grade in rows["grade"]],
        },
        index=rows.index,
    )


def class_words(kind: int) -> str:
    """`新 新增`; a cold one says so: `新 新增冷点`."""
    return f"{class_letter(kind)} {class_name(kind) if kind < 0 else class_name(kind)[:2]}"


def place_words(name: str, cells: int) -> str:
    """A name, and how many neighbouring hexagons it stands for."""
    return f"{name} 连片 {cells} 格" if cells > 1 else name


def both_text(row: pd.Series) -> str:
    """`<5 → 19`, each count as it may be shown."""
    below = smallest_of(row["dispute_type"])
    return " → ".join(count_text(row[name], below=below) for name in ("previous_count", "last_count"))


def since_text(since: Any) -> str:
    """First day of the run that lasts, `—` if it has ended."""
    return NOTHING if since is None or pd.isna(since) else f"{since:%Y-%m-%d}"


def show_hotspot_list(screen: HotspotScreen, *, height: int) -> None:
    """Show it, or say that there is nothing."""
    if screen.listed.empty:
        st.info("所选条件下没有热点。可以换一个层级、类型或类别。", icon=":material/search_off:")
        return
    table = hotspot_table(screen)
    st.dataframe(
        _styled(table, screen.listed.head(MOST), screen.palette),
        key=_key(screen),
        hide_index=True,
        column_config={
            CLASS: st.column_config.TextColumn(CLASS, width=92),
            PLACE: st.column_config.TextColumn(PLACE, width=170),
            TYPE: st.column_config.TextColumn(TYPE, width=110),
            BOTH: st.column_config.TextColumn(BOTH, width=84, alignment="right"),
            SINCE: st.column_config.TextColumn(SINCE, width=84),
            GRADE: st.column_config.TextColumn(GRADE, width=48),
        },
        row_height=ROW_HEIGHT,
        height=min(height, 32 + ROW_HEIGHT * len(table) + 2),
        on_select=lambda: _open_clicked(screen),
        selection_mode="single-cell",
        alt=f"热点清单,共 {len(table)} 个,依据最强的在前",
    )
    if len(screen.listed) > MOST:
        st.caption(f"只列出依据最强的 {MOST} 个,共 {len(screen.listed):,} 个。")


def _key(screen: HotspotScreen) -> str:
    """The key changes with what is listed, so that a click ends with its list."""
    asked = screen.asked
    return f"{KEY}-{asked.code}-{asked.level}-{asked.type}-{asked.kind}-{asked.since}-{asked.run}"


def _open_clicked(screen: HotspotScreen) -> None:
    cells = ((st.session_state.get(_key(screen)) or {}).get("selection") or {}).get("cells") or []
    if cells and 0 <= int(cells[0][0]) < len(screen.listed):
        row = screen.listed.iloc[int(cells[0][0])]
        write_hotspot_asked(replace(screen.asked, place=str(row["code"]), of=str(row["dispute_type"]) or TOTAL))


def _styled(table: pd.DataFrame, rows: pd.DataFrame, palette: Palette) -> Any:
    """The class cell in its colour; its first character and name stand there too."""

    def colour(_column: pd.Series) -> list[str]:
        fills = [class_colour(kind, palette) for kind in rows["emerging_class"]]
        return [f"background-color:{fill};color:{ink_on(fill)}" for fill in fills]

    return table.style.apply(colour, subset=[CLASS])
