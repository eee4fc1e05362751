"""Where disputes come from and how far their handling has come."""

from functools import partial

import pandas as pd

from dashboard.trends.bars import Bar, bar_layers
from dashboard.trends.chart import Chart, framed
from dashboard.trends.screen import TrendsScreen
from dashboard.wording import SMALLEST_BASE, count_text, is_missing, share_counts, share_text
from risk.incident import SOURCES, STATUSES

HEIGHT = 262
TIERS = ("court", "police", "petition", "hotline", "department", "citizen", "walk_in", "grid_patrol")
"""From courts and police down to the grass roots: wide above and narrow below is the inverted pyramid."""
ABOVE, ROOTS = ("court", "police"), ("walk_in", "grid_patrol")


def _words(count: object, counts: pd.Series, below: int) -> str:
    whole = None if counts.isna().any() else int(counts.sum())
    share = "" if whole is None or whole < SMALLEST_BASE else f" · {share_text(count, whole)}"
    return f"{count_text(count, below=below)} 件{share}"


def sources_chart(screen: TrendsScreen) -> Chart:
    """Incidents by source, from courts and police down to the grass roots."""
    counts = screen.progress.sources["incident_count"]
    order = [*TIERS, *(code for code in counts.index if code not in TIERS)]
    bars = [
        Bar(
            code,
            SOURCES[code].name,
            None if is_missing(counts[code]) else float(counts[code]),
            _words(counts[code], counts, screen.below),
        )
        for code in order
    ]
    layers = bar_layers(bars, screen.palette, chosen=screen.asked.source, centred=True)
    spec = framed(layers, screen.palette, height=HEIGHT, picks=("code",))
    words = f"{_part(counts, ABOVE)};{_part(counts, ROOTS)}"
    reading = f"自上而下:法院、警情到基层,上宽下窄即“倒金字塔” · {words} · 点一条筛选"
    table = partial(_table, screen, screen.progress.sources.loc[order], "来源", [SOURCES[code].name for code in order])
    return Chart("sources", "来源结构", reading, spec, f"{screen.place}来源结构,{words}", table, ("code",))


def _part(counts: pd.Series, codes: tuple[str, ...]) -> str:
    names = "、".join(SOURCES[code].name for code in codes)
    if counts.isna().any():
        return f"{names}占 —"
    part, whole = int(counts[list(codes)].sum()), int(counts.sum())
    return f"{names}占 {share_text(part, whole)}({share_counts(part, whole)})"


def statuses_chart(screen: TrendsScreen) -> Chart:
    """Incidents of the period by the step that they have reached."""
    counts = screen.progress.statuses["incident_count"]
    bars = [
        Bar(
            code,
            name,
            None if is_missing(counts[code]) else float(counts[code]),
            _words(counts[code], counts, screen.below),
        )
        for code, name in STATUSES.items()
    ]
    layers = bar_layers(bars, screen.palette, chosen=screen.asked.status)
    spec = framed(layers, screen.palette, height=HEIGHT, picks=("code",))
    most = counts.astype("Float64").idxmax() if counts.notna().any() and counts.sum() > 0 else None
    words = f"最多的是{STATUSES[most]},{count_text(counts[most])} 件" if most else "没有可显示的数"
    reading = "所选时段内发生的件,现在办到哪一步;后四项为退回、延期、督办、重启 · 点一条筛选"
    table = partial(_table, screen, screen.progress.statuses, "状态", list(STATUSES.values()))
    return Chart("statuses", "办理进度", reading, spec, f"{screen.place}办理进度,{words}", table, ("code",))


def _table(screen: TrendsScreen, found: pd.DataFrame, label: str, names: list[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            label: names,
            "本期": [count_text(each, below=screen.below) for each in found["incident_count"]],
            "上期": [count_text(each, below=screen.below) for each in found["previous_count"]],
        }
    )
