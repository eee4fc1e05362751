"""The four tiles beside the map."""

from collections.abc import Mapping

import pandas as pd

from dashboard.map.channel_tile import channels_html
from dashboard.map.screen import Screen
from dashboard.tile import Tile, tile_html
from dashboard.wording import (
    NOTHING,
    Change,
    change_between,
    count_text,
    share_change,
    share_counts,
    share_text,
)
from data.counts import Settlement

WEEKS = 26
DAYS_LABEL = "办结用时(中位)"


def map_tiles(screen: Screen) -> list[str]:
    """HTML of the tiles, in reading order. While frames are played only the first has a number for each."""
    if screen.plays:
        waiting = [Tile(label, NOTHING, "播放时不计算,暂停后显示") for label in ("调解成功率", "逾期未结", DAYS_LABEL)]
        return [tile_html(tile, screen.palette) for tile in (_new(screen), *waiting)]
    now, before = screen.reads.settled(screen.wanted)
    return [
        tile_html(_new(screen), screen.palette),
        _success(screen, now.channels, before.channels),
        tile_html(_overdue(screen), screen.palette),
        tile_html(_days(now.median_days, before.median_days), screen.palette),
    ]


def _new(screen: Screen) -> Tile:
    totals = screen.totals
    change = change_between(totals.current, totals.previous, below=screen.below)
    value = count_text(totals.current, below=screen.below)
    return Tile("新增纠纷", value, change.both, change, "worse", [] if screen.plays else _course(screen))


def _course(screen: Screen) -> list[float | None]:
    steps, days = (28, 1) if screen.wanted.period.days <= 7 else (WEEKS, 7)
    return _points(screen.reads.series(screen.wanted, steps=steps, days=days))


def _points(series: pd.Series) -> list[float | None]:
    return [None if pd.isna(value) else float(value) for value in series]


def _success(screen: Screen, now: Mapping[str, Settlement], before: Mapping[str, Settlement]) -> str:
    """By channel, never pooled; one channel alone gets a whole tile with its change."""
    channel = screen.asked.channel
    if not channel:
        return channels_html("调解成功率", now, screen.palette)
    pair = [periods.get(channel, Settlement(0, 0)) for periods in (now, before)]
    change = share_change(*((each.successes, each.closed) for each in pair))
    value = share_text(pair[0].successes, pair[0].closed)
    note = share_counts(pair[0].successes, pair[0].closed)
    return tile_html(Tile("调解成功率", value, note, change, "better"), screen.palette)


def _overdue(screen: Screen) -> Tile:
    now, before = screen.reads.overdue(screen.wanted)
    change = change_between(now.overdue, before.overdue, then="上期末", below=screen.below)
    return Tile("逾期未结", count_text(now.overdue, below=screen.below), change.both, change, "worse")


def _days(median: float | None, before: float | None) -> Tile:
    value = NOTHING if median is None else f"{median:.0f} 天"
    change = None
    if median is not None and before is not None:
        direction = (median > before) - (median < before)
        sign = {1: "▲", -1: "▼", 0: "持平"}[direction]
        change = Change(f"{sign} {abs(median - before):.0f} 天" if direction else sign, "", direction)
    earlier = NOTHING if before is None else f"{before:.0f} 天"
    return Tile(DAYS_LABEL, value, f"上期 {earlier} → 本期 {value}", change, "worse")
