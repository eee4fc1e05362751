"""Three windows side by side, and how well disputes are handled."""

from collections.abc import Sequence
from html import escape

import pandas as pd

from dashboard.palette import Palette
from dashboard.tile import sparkline_html
from dashboard.trends.screen import TrendsScreen
from dashboard.wording import (
    NOTHING,
    SMALLEST_BASE,
    Change,
    change_between,
    count_text,
    interval_text,
    is_missing,
    share_change,
    share_counts,
    share_text,
)
from data.totals import Totals
from risk.proportion import wilson_interval

NAMES = {"7d": "近 7 天", "28d": "近 28 天", "ytd": "今年以来"}
HEIGHT = 106


def window_tiles(screen: TrendsScreen) -> list[str]:
    """HTML of the four tiles."""
    windows = [_window(screen, name, totals) for name, totals in screen.rhythm.windows.items()]
    return [*windows, _tile("<span>办理质量</span>", "", "".join(_handling_lines(screen)), screen.palette)]


def _window(screen: TrendsScreen, name: str, totals: Totals) -> str:
    # A year to date and the days before it are different seasons: only last year's is told beside it.
    compared = [("上期", totals.previous)] if name != "ytd" else []
    compared.append(("去年同期", totals.last_year))
    lines = [
        _line(
            "环比" if then == "上期" else "同比",
            change_between(totals.current, count, then=then, below=screen.below),
            screen.palette,
        )
        for then, count in compared
    ]
    # Reports of the last days are still coming in: a fall that is none must not look like good news.
    note = "最近几天可能未报齐" if name == "7d" else ""
    label = f"<span>{escape(NAMES[name])}</span><span>{note}</span>"
    image = sparkline_html(_course(screen, name), screen.palette, alt=f"{NAMES[name]}走势")
    value = f"<span>{escape(count_text(totals.current, below=screen.below))}</span>{image}"
    return _tile(label, value, "".join(lines), screen.palette)


def _course(screen: TrendsScreen, name: str) -> list[float | None]:
    """Points of the sparkline: days for the shortest window, weeks for the others."""
    rhythm = screen.rhythm
    if name == "7d" and rhythm.days is not None:
        series = rhythm.days.iloc[-28:]
    else:
        series = rhythm.weeks["incident_count"].iloc[-52 if name == "ytd" else -26 :]
    return [None if is_missing(value) else float(value) for value in series]


def _line(label: str, change: Change, palette: Palette) -> str:
    colour = {1: palette.worse, -1: palette.better}.get(change.direction, palette.muted)
    stated = change.text if change.text != NOTHING else "少于 10 件,不计百分比"
    return _row(label, f'<b style="color:{colour};font-weight:600">{escape(stated)}</b>', change.both, palette)


def _row(label: str, value: str, note: str, palette: Palette) -> str:
    """One line: label, value (HTML), and the counts behind it at the right."""
    return (
        '<div style="display:flex;gap:8px;align-items:baseline;font-size:12px;line-height:19px;white-space:nowrap">'
        f'<span style="color:{palette.muted}">{escape(label)}</span>{value}'
        f'<span style="color:{palette.muted};margin-left:auto;overflow:hidden;text-overflow:ellipsis" '
        f'title="{escape(note)}">{escape(note)}</span></div>'
    )


def _tile(label: str, value: str, lines: str, palette: Palette) -> str:
    """A tile of HTML parts."""
    row = "display:flex;justify-content:space-between;align-items:center;white-space:nowrap"
    number = f'<div style="{row};font-size:26px;font-weight:600;line-height:32px">{value}</div>' if value else ""
    return (
        f'<div style="border:1px solid {palette.border};border-radius:6px;padding:7px 12px 6px;height:{HEIGHT}px;'
        f'box-sizing:border-box;overflow:hidden;color:{palette.text}">'
        f'<div style="{row};font-size:13px;line-height:19px;color:{palette.muted}">{label}</div>'
        f"{number}{lines}</div>"
    )


def _handling_lines(screen: TrendsScreen) -> list[str]:
    """Overdue share, days to settle and reopened share, each with what it is made of."""
    return [_row(label, _bold(value), note, screen.palette) for label, value, note in handling(screen)]


def handling(screen: TrendsScreen) -> list[tuple[str, str, str]]:
    """Label, value and note of each figure of handling."""
    now, before = screen.overdue
    change = NOTHING
    if None not in (now.overdue, now.open, before.overdue, before.open):
        pair = (now.overdue, now.open), (before.overdue, before.open)
        change = share_change(*pair, wall=True).text  # type: ignore[arg-type]
    overdue = "" if change == NOTHING else f" · {change}"
    settled, earlier = screen.settling.durations, screen.settling.previous_durations
    days = f"{settled.quantiles[0.5]} 天" if settled.quantiles else NOTHING
    then = f"上期 {earlier.quantiles[0.5]} 天" if earlier.quantiles else "上期 —"
    part = screen.progress.reopened
    reopened = share_counts(part.part, part.whole)
    if part.part is not None and part.whole is not None and part.whole >= SMALLEST_BASE:
        reopened += f" · {interval_text(*wilson_interval(part.part, part.whole)).replace('区间 ', '')}"
    return [
        ("逾期占未结", share_text(now.overdue, now.open), share_counts(now.overdue, now.open) + overdue),
        ("办结中位", days, f"{then} · {count_text(settled.count, below=screen.below)} 件"),
        ("重启占办结", share_text(part.part, part.whole), reopened),
    ]


def _bold(text: str) -> str:
    return f'<b style="font-size:15px;font-weight:600">{escape(text)}</b>'


def windows_table(screen: TrendsScreen) -> pd.DataFrame:
    """The tiles for download."""
    rows: list[Sequence[str]] = []
    for name, totals in screen.rhythm.windows.items():
        for then, count in (("上期", totals.previous), ("去年同期", totals.last_year)):
            change = change_between(totals.current, count, then=then, below=screen.below)
            counts = (count_text(each, below=screen.below) for each in (totals.current, count))
            rows.append((NAMES[name], *counts, then, change.text))
    table = pd.DataFrame(rows, columns=["项", "本期", "对比", "对比期", "变化"])
    figures = [(label, value, note, "", "") for label, value, note in handling(screen)]
    return pd.concat([table, pd.DataFrame(figures, columns=table.columns)], ignore_index=True)
