"""Tiles of the page of centres: how many, who works there, what is open, which rooms lack, how far it is."""

import math

import pandas as pd

from dashboard.centres.gap_words import km_text
from dashboard.centres.screen import CentresScreen
from dashboard.tile import Tile, show_tiles
from dashboard.wording import NOTHING, count_text
from geo.divisions import PREFIX_LENGTH


def show_centre_tiles(screen: CentresScreen) -> None:
    """Show them in one row."""
    show_tiles([_number(screen), _staff(screen), _load(screen), _rooms(screen), _way(screen)], screen.palette, across=5)


def total_text(numbers: pd.Series) -> str:
    """Sum of what is known; `—` where nothing is."""
    return NOTHING if numbers.isna().all() else f"{int(numbers.sum()):,}"


def _number(screen: CentresScreen) -> Tile:
    names = screen.pool.geography.hierarchy.level_name
    counts = screen.centres["level"].value_counts()
    parts = [f"{names(level)}{counts[level]:,}" for level in PREFIX_LENGTH if counts.get(level, 0)]
    return Tile("综治中心", f"{len(screen.centres):,} 处", " · ".join(parts) or "名册里没有")


def _staff(screen: CentresScreen) -> Tile:
    rows = screen.centres
    posts, cadres, rotating = (total_text(rows[name]) for name in ("posts", "cadres", "rotating"))
    return Tile(
        "常驻调解员和工作人员", total_text(rows["mediators"]), f"编制 {posts} · 干部 {cadres} · 轮驻 {rotating}"
    )


def _load(screen: CentresScreen) -> Tile:
    own = screen.centres[screen.centres["division"] == screen.unit.code].head(1)
    if own.empty:
        return Tile("每名常驻调解员在办", NOTHING, "本级没有中心,不计算")
    row = own.iloc[0]
    value = NOTHING if pd.isna(row["per_mediator"]) else f"{row['per_mediator']:.1f} 件"
    staff = NOTHING if pd.isna(row["staff"]) else f"{int(row['staff']):,}"
    return Tile("每名常驻调解员在办", value, f"在办 {count_text(row['open_count'])} 件 ÷ 常驻 {staff} 人")


def _rooms(screen: CentresScreen) -> Tile:
    rows = screen.centres
    lacking, understated = int((rows["missing"].map(len) > 0).sum()), int(rows["understated"].sum())
    return Tile("缺用房的中心", f"{lacking:,} 处", f"共 {len(rows):,} 处 · 自报分级偏低 {understated:,} 处")


def _way(screen: CentresScreen) -> Tile:
    limit, far = screen.found.kinds.farthest_km, len(screen.far)
    value = NOTHING if math.isnan(screen.median_km) else km_text(screen.median_km)
    return Tile("热点到对口用房(中位)", value, f"超过 {limit:g} 公里 {far:,} 个 / 共 {len(screen.hotspots):,} 个")
