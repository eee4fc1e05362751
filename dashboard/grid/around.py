"""What surrounds a place: a drawing, its centre, alerts and letters that touch it, its neighbours."""

import re
from html import escape

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.centres.gap_words import km_text, room_names
from dashboard.grid.asked import GRID
from dashboard.grid.facts import centre_km, own_centre
from dashboard.grid.screen import GridScreen
from dashboard.grid.sketch import Drawn, Sketch, sketch_html
from dashboard.grid.tables import link_html, table_html
from dashboard.naming import division_name, type_name
from dashboard.palette import ink_on
from dashboard.risks.list import level_fill
from dashboard.wording import count_text, table_name
from data.alerts.life import STATES as ALERT_STATES
from data.letters.life import STATES as LETTER_STATES
from data.letters.settings import read_letter_settings

MOST = 8
MOST_NEIGHBOURS = 60
OWN_GRIDS = "本村网格"


def show_sketch(screen: GridScreen) -> None:
    """The place and what touches it."""
    geography = screen.pool.geography
    if screen.unit.geometry is None:
        st.caption("这里没有边界,不能画图。")
        return
    children = screen.reads.children(screen.unit.code) if screen.unit.level < GRID else pd.DataFrame()
    parts = [Drawn(shape) for shape in children["geometry"]] if len(children) else []
    around = [geography.unit(code) for code in screen.neighbours]
    points = np.zeros((0, 2))
    if screen.incidents is not None and len(screen.incidents):
        points = screen.incidents[["longitude", "latitude"]].dropna().to_numpy(float)
    names = {unit.code: unit.name for unit in around}
    names = _numbers(names) if screen.unit.level == GRID else names
    drawn = [Drawn(unit.geometry, names[unit.code]) for unit in around]
    sketch = Sketch(Drawn(screen.unit.geometry), parts, drawn, points)
    st.html(sketch_html(sketch, screen.palette, alt=f"{screen.unit.name}和与它相邻的 {len(around)} 处"))
    dots = " · 圆点:清单里的纠纷" if len(points) else ""
    st.caption(f"描边:{screen.word};四周:相邻的网格或村{dots}")


def show_centre(screen: GridScreen) -> None:
    """The centre that serves the place, and its rooms."""
    centre = own_centre(screen)
    st.markdown("**所属综治中心**")
    if screen.centres is None or centre is None:
        st.caption("名册里没有覆盖这里的中心。")
        return
    kinds, palette = screen.centres.kinds, screen.palette
    people = "未报" if pd.isna(centre["mediators"]) else f"{int(centre['mediators']):,} 人"
    lacking = f";按规模还缺 {room_names(kinds, centre['missing'])}" if centre["missing"] else ""
    name = link_html("centres", str(centre["name"]), palette, code=str(centre["division"]))
    words = f"{km_text(centre_km(screen, centre))},常驻 {people},辖区在办 {count_text(centre['open_count'])} 件。"
    rooms = f"用房:{room_names(kinds, tuple(centre['rooms']))}{lacking}。"
    st.html(f'<div style="font-size:13px;line-height:1.7;color:{palette.text}">{name} · {escape(words + rooms)}</div>')


def show_alerts(screen: GridScreen) -> None:
    """Alerts that touch the place, those that name it first."""
    rows, palette = screen.alerts, screen.palette
    st.markdown(f"**预警** :gray[{len(rows)} 条]")
    if rows.empty:
        st.caption(f"没有涉及{screen.word}或所在乡镇的预警。")
        return
    cells = [
        (
            link_html("alerts", str(row["number"]), palette, alert=str(row["number"])),
            _level_chip(int(row["level"]), screen),
            escape(type_name(str(row["dispute_type"]))),
            escape(ALERT_STATES[row["state"]]),
            "本处" if row["near"] else "所在乡镇",
        )
        for _, row in rows.head(MOST).iterrows()
    ]
    st.html(table_html(("编号", "等级", "纠纷类型", "状态", "范围"), cells, palette))
    if len(rows) > MOST:
        st.caption(f"只列出前 {MOST} 条。")


def show_letters(screen: GridScreen) -> None:
    """Letters about the place."""
    rows, palette = screen.letters, screen.palette
    st.markdown(f"**函件** :gray[{len(rows)} 份]")
    if rows.empty:
        st.caption(f"没有涉及{screen.word}或所在乡镇的函件。")
        return
    kinds = read_letter_settings(screen.pool.settings).kinds
    cells = [
        (
            link_html("letters", str(row["number"] or "未编号"), palette, letter=str(row["id"])),
            escape(kinds[row["kind"]].name if row["kind"] in kinds else str(row["kind"])),
            escape(str(row["receiver"])),
            escape(LETTER_STATES[row["state"]]),
            escape(_due(row)),
        )
        for _, row in rows.head(MOST).iterrows()
    ]
    st.html(table_html(("编号", "函", "收函单位", "状态", "期限"), cells, palette))
    if len(rows) > MOST:
        st.caption(f"只列出前 {MOST} 份。")


def _due(row: pd.Series) -> str:
    if pd.isna(row["due"]):
        return "未定"
    return f"{row['due']:%Y-%m-%d}" + (f" 逾期 {row['days_over']} 天" if row["days_over"] else "")


def _level_chip(number: int, screen: GridScreen) -> str:
    """HTML of a level's label; the word stands on the colour."""
    fill = level_fill(number)
    style = f"background:{fill};color:{ink_on(fill)};border-radius:4px;padding:1px 8px;white-space:nowrap"
    return f'<span style="{style}">{escape(screen.alert_level(number))}</span>'


def show_neighbours(screen: GridScreen) -> None:
    """Links to what touches the place, and for a village to its grids, for a grid to its village."""
    geography, palette = screen.pool.geography, screen.palette
    groups = [("相邻", screen.neighbours)]
    if screen.unit.level < GRID:
        groups.append((OWN_GRIDS, screen.reads.children(screen.unit.code)["code"].tolist()))
    else:
        groups.append(("所在村", [screen.village]))
    for label, codes in groups:
        names = geography.names(codes)
        if label == OWN_GRIDS:
            names = _numbers(names)
        links = [
            link_html("grid", _short(screen, code, names.get(code, code)), palette, code=code)
            for code in codes[:MOST_NEIGHBOURS]
        ]
        more = f" 等 {len(codes)} 处" if len(codes) > MOST_NEIGHBOURS else ""
        style = f"font-size:13px;line-height:1.8;color:{palette.text}"
        body = "、".join(links) + more if links else "没有边界可比,不知道"
        st.html(f'<div style="{style}"><b style="font-weight:600">{label}</b> {body}</div>')


def _numbers(names: dict[str, str]) -> dict[str, str]:
    """`001网格`: names of a village's grids from their number on, where they end in one."""
    found = {code: re.search(r"\d+\D*$", name) for code, name in names.items()}
    return {code: match[0] if match else names[code] for code, match in found.items()}


def _short(screen: GridScreen, code: str, name: str) -> str:
    """A name alone inside the same township, behind the township's elsewhere."""
    same = code[:9] == screen.unit.code[:9]
    return table_name(name) if same else division_name(screen.pool.geography, code[:9]) + " · " + table_name(name)
