"""The data page's silent grids (沉默网格): where people live and nothing is reported."""

import datetime as dt
from dataclasses import replace

import pandas as pd
import streamlit as st

from dashboard.data_page.source_overview import DataScreen, map_link, place_words
from data.filter import IncidentFilter, Period
from data.quality.silence import Silent, silent_places

LEVELS = {6: "网格", 5: "村(社区)"}
WEEKS = (13, 26, 52, 104)
USUAL = 2
LEAST = (3.0, 5.0, 10.0)
USUAL_LEAST = 1
MOST_ROWS = 300
CAVEAT = (
    "“没有上报”不等于“没有纠纷”:可能是网格员没有录入、编码用错、接口漏传,也可能确实平静。请先核实数据,"
    "不作为考核依据,也不说明当地安全。"
)


def show_silent(screen: DataScreen) -> None:
    """The section."""
    if "silent-level" not in st.session_state:
        st.session_state["silent-level"] = _finest_judged(screen)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        level = _choose("层级", "silent-level", list(LEVELS), LEVELS.__getitem__)
        patrols = _choose(
            "看什么", "silent-what", [False, True], lambda only: "没有网格排查" if only else "没有任何上报"
        )
        weeks = st.selectbox("周数", WEEKS, index=USUAL, format_func=lambda n: f"近 {n} 周", key="silent-weeks",
                             label_visibility="collapsed", width=120)  # fmt: skip
        least = st.selectbox("预期件次", LEAST, index=USUAL_LEAST, format_func=lambda n: f"预期 ≥ {n:.0f} 件次",
                             key="silent-least", label_visibility="collapsed", width=150)  # fmt: skip
    weights, reporting = screen.quality.reporting(_asked(screen, weeks), level)
    if weights.empty:
        st.info(f"还没有{LEVELS[level]}边界,不能判断哪里没有上报。请先导入边界。", icon=":material/draw:")
        return
    found = silent_places(weights, reporting, expected_at_least=least, patrols=patrols)
    _show_found(screen, found, level, len(weights))


def _asked(screen: DataScreen, weeks: int) -> IncidentFilter:
    end = screen.wanted.period.end
    return replace(screen.wanted, period=Period(end - dt.timedelta(weeks=weeks), end))


def _finest_judged(screen: DataScreen) -> int:
    """Level to begin with: grids, unless none of them has people enough to be judged and some village has."""
    for level in LEVELS:
        weights, reporting = screen.quality.reporting(_asked(screen, WEEKS[USUAL]), level)
        if silent_places(weights, reporting, expected_at_least=LEAST[USUAL_LEAST]).judged:
            return level
    return next(iter(LEVELS))


def _choose(label: str, key: str, values: list, words):
    if st.session_state.get(key) not in values:
        st.session_state[key] = values[0]
    return st.segmented_control(
        label, values, format_func=words, key=key, label_visibility="collapsed", width="content", required=True
    )


def _show_found(screen: DataScreen, found: Silent, level: int, places: int) -> None:
    word = LEVELS[level]
    left, right = st.columns([1, 1.2], gap="small")
    with left, st.container(border=True):
        st.markdown(f"**按乡镇街道** :gray[沉默{word} {len(found.places):,} 个]")
        town = _show_townships(screen, found, word)
    with right, st.container(border=True):
        _show_places(screen, found, word, town)
    st.warning(CAVEAT, icon=":material/info:")
    st.caption(
        f"预期件次 = 全县同期定位到{word}的件次 × 该{word}人口权重占全县的份额。"
        f"{places:,} 个{word}中有 {found.judged:,} 个预期达到下限、可以判断;即使都正常上报,"
        f"按偶然至少也会有约 {found.by_chance:,.1f} 个为零。人口权重在乡镇以下为估计值。"
    )


def _show_townships(screen: DataScreen, found: Silent, word: str) -> str:
    """Townships with silent places, most first; returns the chosen one's code, "" for all."""
    if not found.judged:
        st.caption(f"所选周数内没有{word}的预期件次达到下限,无法判断。可以加长周数、降低下限,或改看村(社区)。")
        return ""
    if found.places.empty:
        st.caption(f"可以判断的 {found.judged:,} 个{word}都有上报。")
        return ""
    towns = found.places.assign(town=found.places["code"].str[:9]).groupby("town")["expected"].agg(["size", "max"])
    towns = towns.sort_values(["size", "max"], ascending=False).head(MOST_ROWS)
    table = pd.DataFrame(
        {
            "县区": [place_words(screen.pool, code, levels=(6,)) for code in towns.index],
            "乡镇街道": [place_words(screen.pool, code, levels=(9,)) for code in towns.index],
            f"沉默{word}": towns["size"].to_numpy(),
            "最高预期": towns["max"].to_numpy(),
            "地图": [map_link(code) for code in towns.index],
        }
    )
    event = st.dataframe(
        table,
        hide_index=True,
        row_height=32,
        height=34 + 32 * min(9, len(table)),
        on_select="rerun",
        selection_mode="single-row",
        key="silent-towns",
        column_config={
            "最高预期": st.column_config.NumberColumn(format="%.1f"),
            "地图": st.column_config.LinkColumn(display_text="查看", width=64),
        },
        alt=f"有沉默{word}的乡镇街道",
    )
    chosen = event["selection"]["rows"]  # type: ignore[typeddict-item]
    return str(towns.index[chosen[0]]) if chosen and chosen[0] < len(towns) else ""


def _show_places(screen: DataScreen, found: Silent, word: str, town: str) -> None:
    rows = found.places[found.places["code"].str.startswith(town)]
    where = f"{place_words(screen.pool, town)} " if town else ""
    st.markdown(f"**沉默的{word}** :gray[{where}{len(rows):,} 个,预期最多的在前]")
    if rows.empty:
        st.caption("没有可以列出的。")
        return
    shown = rows.head(MOST_ROWS)
    names = screen.pool.geography.names(shown["code"])
    table = pd.DataFrame(
        {
            "位置": [place_words(screen.pool, code[:-3]) for code in shown["code"]],
            word: [names.get(code, code) for code in shown["code"]],
            "预期件次": shown["expected"],
            "实际": 0,
            "地图": [map_link(code) for code in shown["code"]],
        }
    )
    st.dataframe(
        table,
        hide_index=True,
        row_height=32,
        height=34 + 32 * min(9, len(table)),
        column_config={
            "预期件次": st.column_config.NumberColumn(format="%.1f"),
            "地图": st.column_config.LinkColumn(display_text="查看", width=64),
        },
        alt=f"沉默的{word}",
    )
    if len(rows) > MOST_ROWS:
        st.caption(f"只列出前 {MOST_ROWS} 个,共 {len(rows):,} 个。点左侧一行看一个乡镇的。")
