"""Tiles of one place: what came, what is open, the score, the class of its village, its centre."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.centres.gap_words import km_text
from dashboard.grid.screen import GridScreen
from dashboard.hotspots.classes import class_name
from dashboard.naming import type_name
from dashboard.tile import Tile, show_tiles
from dashboard.wording import NOTHING, change_between, count_text
from geo.great_circle import distance_km
from geo.middles import middles

SPARK_WEEKS = 26


def show_facts(screen: GridScreen) -> None:
    """Show them in one row."""
    tiles = [_new(screen), _open(screen), _score(screen), _class(screen), _centre(screen)]
    with st.container(key="grid-facts"):  # named for the print rules
        show_tiles(tiles, screen.palette, across=5)


def _new(screen: GridScreen) -> Tile:
    totals, below = screen.totals, screen.below
    change = change_between(totals.current, totals.previous, below=below)
    weeks = screen.series.tail(SPARK_WEEKS)
    line = [None if pd.isna(value) else float(value) for value in weeks]
    return Tile("新增纠纷", count_text(totals.current, below=below), change.both, change, "worse", line)


def _open(screen: GridScreen) -> Tile:
    now = screen.reads.overdue(screen.wanted)[0]
    value = count_text(now.open, below=screen.below)
    return Tile("在办", value, f"其中逾期 {count_text(now.overdue, below=screen.below)} 件")


def _score(screen: GridScreen) -> Tile:
    told = screen.foretold
    if told.row is None:
        return Tile("风险分", NOTHING, told.off or ("还没有预测过" if told.run is None else "这里没有评分"))
    low, high = int(told.row["low_90_month"]), int(told.row["high_90_month"])
    expected = f"未来 4 周预计 {told.row['expected_month']:.1f} 件(90% 区间 {low}–{high})"
    return Tile("风险分", f"{int(told.row['score'])} {told.level_words(int(told.row['level']))}", expected)


def _class(screen: GridScreen) -> Tile:
    label = "新兴热点" if screen.unit.code == screen.village else "所在村新兴热点"
    if screen.run is None:
        return Tile(label, NOTHING, "还没有研判过")
    if screen.classes.empty:
        return Tile(label, "无明显模式", f"研判截至 {screen.run.as_of:%Y-%m-%d}")
    first = screen.classes.iloc[0]
    since = "" if pd.isna(first["since"]) else f" · 自 {first['since']:%Y-%m-%d}"
    return Tile(label, class_name(int(first["emerging_class"])), f"{type_name(str(first['dispute_type']))}{since}")


def _centre(screen: GridScreen) -> Tile:
    centre = own_centre(screen)
    if centre is None:
        return Tile("所属综治中心", NOTHING, "名册里没有覆盖这里的中心")
    return Tile("到所属综治中心", km_text(centre_km(screen, centre)), f"{centre['name']} · 直线距离")


def own_centre(screen: GridScreen) -> pd.Series | None:
    """The centre of the finest division that the place lies in; None where no centre is known."""
    if screen.centres is None:
        return None
    rows = screen.centres.standings
    holding = rows[[screen.unit.code.startswith(code) for code in rows["division"]]]
    return None if holding.empty else holding.sort_values("level").iloc[-1]


def centre_km(screen: GridScreen, centre: pd.Series) -> float:
    """Distance along the great circle from the middle of the place; NaN where either is not known."""
    ((x, y),) = middles(screen.pool.geography, [screen.unit.code])
    return float(distance_km(x, y, np.float64(centre["longitude"]), np.float64(centre["latitude"])))
