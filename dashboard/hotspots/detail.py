"""One hotspot: why it is one, its counts step by step, its cluster, and the map around it."""

from html import escape

import pandas as pd
import streamlit as st

from dashboard.alerts.link_part import show_alert_link
from dashboard.hotspots.chart import bars_html
from dashboard.hotspots.classes import class_chip, class_colour
from dashboard.hotspots.list import GRADES, TRENDS, both_text, place_words
from dashboard.hotspots.map import clusters_around, hotspot_map
from dashboard.hotspots.screen import HotspotScreen
from dashboard.naming import type_name
from dashboard.states import DISCLAIMER, show_schematic_badge
from dashboard.ways import MAP, show_way
from dashboard.wording import count_text, period_text
from data.assessments.shown_counts import smallest_of

SHOWN_STEPS = 52
UNIT_WORDS = {"day": "每日件数", "week": "每周件数", "month": "每月件数"}


def show_hotspot_detail(screen: HotspotScreen, row: pd.Series, *, width: int, height: int) -> None:
    """Show it; `width` and `height` are those of the whole part in pixels."""
    with st.container(border=True):
        st.html(_title(screen, row))
        st.html(_why(screen, row))
        left, right = st.columns([3, 2], gap="small")
        with left:
            _show_series(screen, row)
            _show_cluster(screen, row)
            _show_sources(screen, row)
        with right:
            _show_map(screen, row, width=round((width - 48) * 0.4), height=max(220, height - 190))


def _title(screen: HotspotScreen, row: pd.Series) -> str:
    words = escape(f"{place_words(screen.place_name(row), row['cells'])} · {type_name(row['dispute_type'])}")
    line = "display:flex;align-items:center"
    chip = class_chip(row["emerging_class"], screen.palette)
    chip = f'<span style="{line};gap:6px;font-size:13px;font-weight:400">{chip}</span>'
    style = f"{line};gap:10px;font-size:15px;font-weight:600;color:{screen.palette.text}"
    return f'<div style="{style}">{words}{chip}</div>'


def _why(screen: HotspotScreen, row: pd.Series) -> str:
    """HTML of the sentence that says why."""
    palette = screen.palette
    parts = [
        f"{row['reason']}。",
        f"上期 → 本期 <b>{escape(both_text(row))}</b> 件",
        f"趋势 {TRENDS[row['trend']]}",
        f"依据{GRADES[row['grade']]},排第 {row['rank']}",
    ]
    shared = pd.isna(row["last_count"]) and screen.layer.is_cells
    hint = f"(少于 {smallest_of(row['dispute_type'])} 件或与相邻地区共有的,不显示)" if shared else ""
    return (
        f'<div style="font-size:13px;line-height:1.7;color:{palette.text}"><b>为什么:</b>{parts[0]}'
        f"{' · '.join(parts[1:])}{hint}</div>"
    )


def _show_series(screen: HotspotScreen, row: pd.Series) -> None:
    series = screen.series(row).tail(SHOWN_STEPS)
    if series.empty:
        return
    below = smallest_of(row["dispute_type"])
    st.markdown(
        f"**{UNIT_WORDS[screen.steps.unit]}** :gray[彩色:显著{'偏高' if row['emerging_class'] > 0 else '偏低'} · "
        f"浅灰短柱:1–{below - 1} 件,不显示具体数]"
    )
    states = row["states"][-len(series) :]
    signs, side = ("+", "偏高") if row["emerging_class"] > 0 else ("-", "偏低")
    words = f"近 {len(series)} 期件数,其中 {states.count(signs)} 期显著{side}"
    st.html(
        bars_html(
            series,
            states,
            colour=class_colour(row["emerging_class"], screen.palette),
            palette=screen.palette,
            alt=words,
        )
    )


def _show_cluster(screen: HotspotScreen, row: pd.Series) -> None:
    found = clusters_around(screen, row)
    if found.empty:
        st.caption("近期没有覆盖这里的时空聚集圈。")
        return
    cluster = found.iloc[0]
    below = smallest_of(row["dispute_type"])
    expected = "" if pd.isna(cluster["expected_count"]) else f",按平时应有 {cluster['expected_count']:.1f} 件"
    facts = [
        period_text(cluster["start"], cluster["end"]),
        f"半径 {cluster['radius_km']:.1f} 公里,{len(cluster['codes'])} 个地方",
        f"{count_text(cluster['incident_count'], below=below)} 件{expected}".replace("<", "\\<"),
        f"复现间隔 {recurrence_words(cluster['recurrence_days'])}",
    ]
    st.markdown(f"**时空聚集圈** {' · '.join(facts)}")


def _show_sources(screen: HotspotScreen, row: pd.Series) -> None:
    """What each source brought, for divisions; a hexagon's few incidents split by source would all be withheld."""
    table = screen.by_source(row)
    if table.empty:
        return
    below = smallest_of(row["dispute_type"])
    words = table.map(lambda value: count_text(value, below=below))
    st.dataframe(
        words.rename_axis("来源").reset_index(), hide_index=True, row_height=28, height=28 * (len(words) + 1) + 3
    )


def recurrence_words(days: float) -> str:
    """How often chance alone brings the like."""
    return f"约 {days / 365.25:.1f} 年" if days >= 365 else f"约 {days:.0f} 天"


def _show_map(screen: HotspotScreen, row: pd.Series, *, width: int, height: int) -> None:
    deck = hotspot_map(screen, row, width=width, height=height)
    if deck is None:
        st.caption("这个地方没有边界,不能画在图上。")
        return
    st.pydeck_chart(
        deck, height=height, key=f"hotspot-map-{row['code']}-{row['dispute_type']}", alt=screen.place_name(row)
    )
    if not screen.layer.is_cells and screen.pool.geography.unit(str(row["code"])).schematic:
        show_schematic_badge()
    code = row["home"] if screen.layer.is_cells else row["code"]
    link = {"code": code[:9]} | ({"type": row["dispute_type"]} if row["dispute_type"] else {})
    with st.container(horizontal=True, vertical_alignment="center"):
        show_way("在平安地图上看", MAP, link, key="hotspot-to-map", icon=":material/map:", type="tertiary")
        show_alert_link(screen.pool, str(row["dispute_type"]), screen.layer.name, str(row["code"]))
    st.caption(f"审图号:{screen.pool.settings.map_approval} · {DISCLAIMER}")
