"""The lists beside the map of centres: centres by load, hotspots by distance, gaps to take away."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.centres.asked import go_to_division, show_choice
from dashboard.centres.gap_words import KIND, PLACE, WORDS, gap_csv, gap_table, km_text, room_names
from dashboard.centres.screen import CentresScreen
from dashboard.naming import division_name, type_name
from dashboard.wording import NOTHING, count_text, table_name

ROW_HEIGHT = 30
MOST = 500
"""Rows listed; who needs more chooses a division or takes the file."""
NAME, OPEN, STAFF, EACH, CLASS, MISSING = "中心", "在办", "常驻", "每人在办", "分级", "缺用房"
TYPE, KM, NEAREST = "纠纷类型", "距离", "最近的对口用房"


def show_list(screen: CentresScreen, *, height: int) -> None:
    """Show the list that the URL asks for."""
    shown: dict[str, Callable[..., None]] = {"centres": _show_centres, "hotspots": _show_hotspots, "gaps": _show_gaps}
    shown[screen.asked.show](screen, height=height)


def centres_table(screen: CentresScreen) -> pd.DataFrame:
    """Rows of the list of centres; texts but for the load, in the order of `screen.listed`."""
    rows, kinds = screen.listed.head(MOST), screen.found.kinds
    return pd.DataFrame(
        {
            NAME: [short_name(name) for name in rows["name"]],
            OPEN: [count_text(value) for value in rows["open_count"]],
            STAFF: [NOTHING if pd.isna(value) else f"{int(value):,}" for value in rows["staff"]],
            EACH: [load_words(value, kinds.busy_above) for value in rows["per_mediator"]],
            CLASS: [class_words(row) for _, row in rows.iterrows()],
            MISSING: [room_names(kinds, missing) or "无" for missing in rows["missing"]],
        },
        index=rows.index,
    )


def short_name(name: str) -> str:
    """Name of a centre without what all of them have."""
    return table_name(name.removesuffix("综治中心")) or name


def load_words(value: float, busy_above: float) -> str:
    """`2.1`, or `7.0 偏高` beyond the limit."""
    if pd.isna(value):
        return NOTHING
    return f"{value:.1f} 偏高" if value > busy_above else f"{value:.1f}"


def class_words(row: pd.Series) -> str:
    """`二类`, or `三类→二类` where the stated class is smaller than the one that is needed."""
    return f"{row['site_class']}→{row['demanded']}" if row["understated"] else str(row["demanded"])


def _show_centres(screen: CentresScreen, *, height: int) -> None:
    show_choice(screen.asked, "below", width=170)
    if screen.listed.empty:
        st.info(
            "这里没有这一级的中心。可以换一个层级,或导入名册:manage.py centres import 文件。",
            icon=":material/search_off:",
        )
        return
    table = centres_table(screen)
    key = f"centres-list-{screen.unit.code}-{screen.asked.below}"
    st.dataframe(
        _coloured(table, screen),
        key=key,
        hide_index=True,
        column_config={
            NAME: st.column_config.TextColumn(NAME, width=116),
            OPEN: st.column_config.TextColumn(OPEN, width=56, alignment="right", help="辖区内在办件数"),
            STAFF: st.column_config.TextColumn(STAFF, width=52, alignment="right", help="本级和以下中心的常驻人数"),
            EACH: st.column_config.TextColumn(EACH, width=72, alignment="right", help="在办 ÷ 常驻"),
            CLASS: st.column_config.TextColumn(CLASS, width=84, help="按人口、一年纠纷、日均来访应有的分级;→ 前是自报"),
            MISSING: st.column_config.TextColumn(MISSING, width=160),
        },
        row_height=ROW_HEIGHT,
        height=min(height - 60, 34 + ROW_HEIGHT * len(table)),
        on_select=lambda: _open_clicked(screen, key),
        selection_mode="single-cell",
        alt=f"综治中心清单,共 {len(table)} 处,每人在办多的在前",
    )
    more = f"只列出前 {MOST} 处。" if len(screen.listed) > MOST else ""
    st.caption(f"点一行打开该辖区。{more}县以下在办少于 5 件的不显示,也不算每人在办。")


def _coloured(table: pd.DataFrame, screen: CentresScreen) -> Any:
    palette = screen.palette

    def colour(value: str) -> str:
        return f"color:{palette.worse};font-weight:600" if value.endswith("偏高") or "→" in value else ""

    return table.style.map(colour, subset=[EACH, CLASS])


def _open_clicked(screen: CentresScreen, key: str) -> None:
    cells = ((st.session_state.get(key) or {}).get("selection") or {}).get("cells") or []
    rows = screen.listed
    if cells and 0 <= int(cells[0][0]) < len(rows):
        go_to_division(screen.asked, str(rows.iloc[int(cells[0][0])]["division"]))


def _show_hotspots(screen: CentresScreen, *, height: int) -> None:
    if screen.found.run is None:
        st.info(
            "还没有研判过,没有热点可以量距离。请在服务器上运行 manage.py assess。", icon=":material/hourglass_empty:"
        )
        return
    if screen.hotspots.empty:
        st.info("这里没有所选类型的热点。", icon=":material/search_off:")
        return
    rows, kinds = screen.hotspots.head(MOST), screen.found.kinds
    table = pd.DataFrame(
        {
            PLACE: [division_name(screen.pool.geography, code) for code in rows["home"]],
            TYPE: [type_name(kind) for kind in rows["dispute_type"]],
            KM: [km_text(float(km)) for km in rows["km"]],
            NEAREST: [
                f"{room_names(kinds, (room,))} · {short_name(name)}" if name else "没有一个中心有"
                for room, name in zip(rows["room"], rows["centre_name"], strict=True)
            ],
        }
    )
    st.dataframe(
        table,
        hide_index=True,
        column_config={
            PLACE: st.column_config.TextColumn(PLACE, width=150),
            TYPE: st.column_config.TextColumn(TYPE, width=110),
            KM: st.column_config.TextColumn(KM, width=80, alignment="right"),
            NEAREST: st.column_config.TextColumn(NEAREST, width=190),
        },
        row_height=ROW_HEIGHT,
        height=min(height - 30, 34 + ROW_HEIGHT * len(table)),
        alt=f"热点到对口用房的距离,共 {len(screen.hotspots)} 个,远的在前",
    )
    st.caption("同一地方几类热点分别列出;量到该类纠纷的对口用房,没有专门用房的类型量到综合调解室。")


def _show_gaps(screen: CentresScreen, *, height: int) -> None:
    gaps, kinds = screen.gaps, screen.found.kinds
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        show_choice(screen.asked, "gap", width=170)
        st.markdown(f":gray[{len(gaps):,} 处]", width="content")
        st.space("stretch")
        st.download_button(
            "下载缺口清单",
            gap_csv(gaps, kinds, screen.pool.geography) if len(gaps) else b"",
            file_name=f"缺口清单-{screen.unit.name}.csv",
            mime="text/csv",
            icon=":material/download:",
            key="centres-download",
            disabled=gaps.empty,
        )
    if gaps.empty:
        st.success("按现在的界限,这里没有这样的缺口。", icon=":material/check_circle:")
        return
    table = gap_table(gaps.head(MOST), kinds, screen.pool.geography)
    st.dataframe(
        table,
        hide_index=True,
        column_order=[PLACE, WORDS, KIND],
        column_config={
            PLACE: st.column_config.TextColumn(PLACE, width=118),
            WORDS: st.column_config.TextColumn(WORDS, width=400),
            KIND: st.column_config.TextColumn(KIND, width=92),
        },
        row_height=ROW_HEIGHT,
        height=min(height - 60, 34 + ROW_HEIGHT * len(table)),
        alt=f"缺口清单,共 {len(gaps)} 处",
    )
    more = f"只列出前 {MOST} 处,全部请下载。" if len(gaps) > MOST else ""
    st.caption(f"{more}界限是本产品的默认值,可在 centres.yaml 里改。")
