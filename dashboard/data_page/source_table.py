"""The sources as one table: how fresh, how many, how well located and classed. Drawn as HTML, in the theme's colours.

Not `st.dataframe`: a bar of three parts with its words, and marks on single days, are more than its cells can show.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd
import streamlit as st

from dashboard.palette import Palette
from dashboard.wording import NOTHING, count_text, is_missing, share_text
from data.filter import date_of
from data.quality.volumes import FEW, MANY

OTHER_BOUND = 0.10
"""Good data keep the type 其他 under this share."""
MOST_DAYS_NAMED = 2
_SPARK = (140, 30)
_SIGNS = {FEW: "▼", MANY: "▲"}


@dataclass(frozen=True)
class SourceRow:
    """One source. `state` begins with its sign; `figures` are a row of `QualityCounts.by_source`, None without any;
    `days` a source's rows of `QualityCounts.volumes`; `rejected` rows that have not come in yet.
    """

    name: str
    state: str
    latest: str
    promised: str
    figures: pd.Series | None
    days: pd.DataFrame
    rejected: int


def show_source_table(rows: Sequence[SourceRow], palette: Palette, *, window: str) -> None:
    """Show it; `window` names the days that the shares are of."""
    heads = (
        ("来源", "left"),
        ("最近一次", "left"),
        (f"{window}件次", "right"),
        ("近 28 天每日件次", "left"),
        ("异常日", "left"),
        ("位置怎样得来", "left"),
        ("代码坐标不符", "right"),
        ("归入“其他”", "right"),
        ("退回待改", "right"),
    )
    cell = f"padding:0 10px;border-bottom:1px solid {palette.border};white-space:nowrap"
    head = "".join(
        f'<th style="{cell};text-align:{side};font-weight:400;color:{palette.muted};height:32px">{escape(name)}</th>'
        for name, side in heads
    )
    body = "".join(f"<tr>{''.join(_cells(row, palette, cell))}</tr>" for row in rows)
    st.html(
        f'<div style="overflow-x:auto;border:1px solid {palette.border};border-radius:6px">'
        f'<table style="border-collapse:collapse;width:100%;font-size:13px;color:{palette.text}">'
        f'<thead style="background:{palette.panel}"><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _cells(row: SourceRow, palette: Palette, cell: str) -> list[str]:
    figures = row.figures
    total = None if figures is None else figures["incident_count"]
    colours = {"●": palette.better, "▲": palette.late, "■": palette.worse, "○": palette.muted}
    state = f'<b style="color:{colours[row.state[0]]}">{escape(row.state)}</b>'
    small = f"font-size:12px;color:{palette.muted}"
    left, right = f'<td style="{cell};height:44px">', f'<td style="{cell};text-align:right">'
    found = [
        f"{left}{escape(row.name)}<br/>{state}</td>",
        f'{left}{escape(row.latest)}<br/><span style="{small}">{escape(row.promised)}</span></td>',
        f"{right}{NOTHING if figures is None else escape(count_text(total))}</td>",
        f"{left}{_bars(row, palette)}</td>",
        f"{left}{_days(row, palette)}</td>",
    ]
    if figures is None:
        return [*found, f"{left}{NOTHING}</td>", *[f"{right}{NOTHING}</td>"] * 2, f"{right}{_rejected(row)}</td>"]
    return [
        *found,
        f"{left}{_located(figures, palette, small)}</td>",
        f"{right}{_part(figures['conflicts'], total, small)}</td>",
        f"{right}{_others(figures['others'], total, palette, small)}</td>",
        f"{right}{_rejected(row)}</td>",
    ]


def _rejected(row: SourceRow) -> str:
    return f"{row.rejected:,}" if row.rejected else "0"


def _part(part: object, whole: object, small: str) -> str:
    return f'{escape(count_text(part))}<br/><span style="{small}">{share_text(part, whole)}</span>'


def _others(part: object, whole: object, palette: Palette, small: str) -> str:
    """Share of the type 其他 against its bound, with a sign where it is passed."""
    share = 0.0 if is_missing(part) or is_missing(whole) else int(part) / max(1, int(whole))  # type: ignore[call-overload]
    over = share > OTHER_BOUND
    colour = palette.worse if over else palette.text
    text = f"{'▲ ' if over else ''}{share_text(part, whole)}"
    note = f"高于 {OTHER_BOUND:.0%}" if over else escape(f"{count_text(part)} 件")
    return f'<span style="color:{colour}">{text}</span><br/><span style="{small}">{note}</span>'


def _located(figures: pd.Series, palette: Palette, small: str) -> str:
    """A bar of three parts, and the same in words."""
    total = figures["incident_count"]
    parts = (
        ("代码", figures["by_code"], palette.accent),
        ("坐标", figures["by_geometry"], palette.count[1 if palette.name == "light" else 4]),
        ("无", figures["nowhere"], palette.late),
    )
    if is_missing(total) or any(is_missing(part) for _, part, _ in parts):
        return NOTHING
    bar = "".join(
        f'<span style="display:inline-block;height:8px;width:{100 * int(part) / int(total):.2f}%;background:{colour}">'
        "</span>"
        for _, part, colour in parts
    )
    words = " · ".join(f"{name} {share_text(part, total)}" for name, part, _ in parts)
    return (
        f'<div style="width:190px;line-height:8px;background:{palette.border};overflow:hidden;border-radius:2px">{bar}'
        f'</div><span style="{small}">{words}</span>'
    )


def _days(row: SourceRow, palette: Palette) -> str:
    """The latest days that stand out, in words."""
    marked = row.days[row.days["mark"].isin([FEW, MANY])].iloc[::-1]
    if row.days.empty:
        return NOTHING
    if marked.empty:
        return f'<span style="color:{palette.muted}">无</span>'
    lines = []
    for day in marked.head(MOST_DAYS_NAMED).itertuples():
        word = "偏少" if day.mark == FEW else "偏多"
        usual = "" if is_missing(day.expected) else f",平日 {day.expected:,.0f}"
        lines.append(f"{_SIGNS[day.mark]} {date_of(int(day.day)):%m-%d} {word} {count_text(day.incident_count)}{usual}")
    more = len(marked) - MOST_DAYS_NAMED
    tail = f" 等 {len(marked)} 天" if more > 0 else ""
    return f'<span style="font-size:12px;color:{palette.late}">{"<br/>".join(map(escape, lines))}{tail}</span>'


def _bars(row: SourceRow, palette: Palette) -> str:
    """A bar a day; a day that stands out is filled and carries its sign."""
    if row.days.empty:
        return NOTHING
    counts = [0.0 if is_missing(count) else float(count) for count in row.days["incident_count"]]
    width, height = _SPARK
    step, top = width / len(counts), max(max(counts), 1.0)
    drawn = []
    for at, (count, mark) in enumerate(zip(counts, row.days["mark"], strict=True)):
        tall = max(1.0, (height - 9) * count / top)
        colour = palette.late if mark in _SIGNS else palette.muted
        drawn.append(
            f'<rect x="{at * step + 0.5:.1f}" y="{height - tall:.1f}" width="{step - 1.2:.1f}" height="{tall:.1f}" '
            f'fill="{colour}" fill-opacity="{1 if mark in _SIGNS else 0.55}"/>'
        )
        if mark in _SIGNS:
            points = "0,0 6,0 3,5" if mark == FEW else "0,5 6,5 3,0"
            x, y = at * step + step / 2 - 3, max(0.0, height - tall - 7)
            drawn.append(f'<polygon points="{points}" transform="translate({x:.1f},{y:.1f})" fill="{palette.late}"/>')
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">{"".join(drawn)}</svg>'
    packed = base64.b64encode(svg.encode()).decode()
    marked = int(row.days["mark"].isin(list(_SIGNS)).sum())
    alt = f"{row.name}近 {len(counts)} 天每日件次,最多 {max(counts):,.0f},异常 {marked} 天"
    return (
        f'<img src="data:image/svg+xml;base64,{packed}" width="{width}" height="{height}" alt="{escape(alt)}" '
        'style="display:block"/>'
    )
