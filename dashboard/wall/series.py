"""How the counts of the scene's unit went: weeks (or days) as bars, last year's beside them."""

import base64
import datetime as dt
from dataclasses import replace
from html import escape

import pandas as pd

from dashboard.palette import DARK
from dashboard.wall.look import LIST, SMALL, empty, text
from dashboard.wall.screen import WallScreen
from dashboard.wording import is_missing
from data.scenes import PERIODS

STEPS = {PERIODS[0]: (28, 1, "每日"), PERIODS[1]: (26, 7, "每周"), PERIODS[2]: (52, 7, "每周")}
"""Steps, days of each and the word for them, by the scene's period."""
YEAR = dt.timedelta(days=364)
"""A year of whole weeks, so that weekdays face weekdays."""
FONT = "Noto Sans CJK SC,Noto Sans SC,Microsoft YaHei,sans-serif"
STUB = 0.02
"""Height of the bar of a withheld count, of the whole: always the same, so that it gives nothing away."""


def series_html(screen: WallScreen, *, width: int, height: int) -> str:
    """HTML of the chart, `width` by `height` pixels; text in it is as large as on the rest of the screen."""
    steps, days, word = STEPS[screen.scene.period]
    now = screen.reads.series(screen.wanted, steps=steps, days=days)
    before = screen.reads.series(_a_year_before(screen), steps=steps, days=days)
    title = text(f"{word}新增纠纷(件)", LIST, colour=DARK.muted, weight=600)
    if int(now.fillna(1).sum()) == 0:
        return title + empty("所选时段没有纠纷。")
    letter = screen_letter(height)
    drawn = base64.b64encode(_svg(now, before, width, height - 2 * letter, letter).encode()).decode()
    last_year = f' <span style="color:{DARK.text}">—</span> 去年同期' if before.fillna(1).any() else ""
    legend = (
        f'<div style="font-size:{SMALL}vh;line-height:1.4;color:{DARK.muted}">'
        f'<span style="color:{DARK.count[3]}">■</span> 近 {steps} {word[-1].replace("日", "天")}'
        f"{last_year}{_withheld_words(now, screen.below)}</div>"
    )
    alt = escape(f"{screen.title}:{word}新增纠纷,最近一期 {_words(now.iloc[-1], screen.below)} 件")
    image = f'<img src="data:image/svg+xml;base64,{drawn}" width="{width}" style="display:block" alt="{alt}"/>'
    return title + legend + image


def screen_letter(height: int) -> int:
    """Pixels of the smallest letters beside a chart of so many pixels, which takes two thirds of the screen."""
    return max(24, round(height / 30))


def _a_year_before(screen: WallScreen):
    period = screen.wanted.period
    return replace(screen.wanted, period=replace(period, start=period.start - YEAR, end=period.end - YEAR))


def _words(value: object, below: int) -> str:
    return f"<{below}" if is_missing(value) else f"{int(value):,}"  # type: ignore[call-overload]


def _withheld_words(now: pd.Series, below: int) -> str:
    return f" · 矮灰条:1–{below - 1} 件,不显示具体数" if now.isna().any() else ""


def _svg(now: pd.Series, before: pd.Series, width: int, height: int, letter: int) -> str:
    top = max(float(now.max() if now.notna().any() else 1), float(before.max() if before.notna().any() else 1), 1.0)
    left, base = letter * 0.3, height - letter * 1.7
    step, tall = (width - 2 * left) / len(now), base - letter * 1.6
    parts = [_bars(now, (left, base, step, tall), top)]
    parts += [_line(before, (left, base, step, tall), top)] if before.fillna(1).any() else []
    parts += [_axis(now, (left, base, step), letter), _peaks(now, (left, base, step, tall), top, letter)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="{FONT}">{"".join(parts)}</svg>'
    )


def _bars(now: pd.Series, box: tuple[float, float, float, float], top: float) -> str:
    left, base, step, tall = box
    drawn = []
    for at, value in enumerate(now):
        hidden = is_missing(value)
        high = tall * (STUB if hidden else float(value) / top)
        colour = DARK.not_counted if hidden else DARK.accent if at == len(now) - 1 else DARK.count[3]
        drawn.append(
            f'<rect x="{left + at * step + step * 0.12:.1f}" y="{base - high:.1f}" width="{step * 0.76:.1f}" '
            f'height="{high:.1f}" fill="{colour}"/>'
        )
    return "".join(drawn)


def _line(before: pd.Series, box: tuple[float, float, float, float], top: float) -> str:
    """Last year's steps; a withheld count breaks the line."""
    left, base, step, tall = box
    runs: list[list[str]] = [[]]
    for at, value in enumerate(before):
        if is_missing(value):
            runs.append([])
            continue
        runs[-1].append(f"{left + (at + 0.5) * step:.1f},{base - tall * float(value) / top:.1f}")
    return "".join(
        f'<polyline points="{" ".join(run)}" fill="none" stroke="{DARK.text}" stroke-width="3" '
        'stroke-linejoin="round" stroke-linecap="round"/>'
        for run in runs
        if run
    )


def _axis(now: pd.Series, box: tuple[float, float, float], letter: int) -> str:
    """Base line, and a date under every step that there is room for."""
    left, base, step = box
    every = max(1, int(letter * 4.2 / step) + 1)
    drawn = [
        f'<line x1="{left}" x2="{left + step * len(now):.1f}" y1="{base}" y2="{base}" stroke="{DARK.city_line}" '
        'stroke-width="2"/>'
    ]
    for at in range(len(now) - 1, -1, -every):
        day = now.index[at]
        x = left + (at + 1) * step if at == len(now) - 1 else left + (at + 0.5) * step
        anchor = "end" if at == len(now) - 1 else "middle"
        if at == len(now) - 1 or x - letter * 1.6 > 0:
            drawn.append(_label(f"{day.month}-{day.day}", x, base + letter * 1.3, letter, DARK.muted, anchor))
    return "".join(drawn)


def _peaks(now: pd.Series, box: tuple[float, float, float, float], top: float, letter: int) -> str:
    """The highest bar's number and the last one's."""
    left, base, step, tall = box
    shown = now.dropna()
    if shown.empty:
        return ""
    drawn = []
    last, highest = len(now) - 1, int(now.astype("Float64").fillna(-1).to_numpy(dtype=float).argmax())
    far = abs(last - highest) * step > letter * 4
    for at in {last, highest} if far else {last}:
        if is_missing(now.iloc[at]):
            continue
        x = left + (at + 1) * step if at == last else left + (at + 0.5) * step
        y = base - tall * float(now.iloc[at]) / top - letter * 0.35
        colour = DARK.accent if at == last else DARK.text
        anchor = "end" if at == last else "middle"
        words = f"{int(now.iloc[at]):,}"
        if at == last:  # the bar before may be higher
            wide = len(words) * letter * 0.6
            drawn.append(
                f'<rect x="{x - wide:.1f}" y="{y - letter:.1f}" width="{wide:.1f}" height="{letter * 1.25:.1f}" '
                f'fill="{DARK.page}"/>'
            )
        drawn.append(_label(words, x, y, letter, colour, anchor))
    return "".join(drawn)


def _label(words: str, x: float, y: float, size: int, colour: str, anchor: str) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}"'
    halo = f'stroke="{DARK.page}" stroke-width="{size // 4}" stroke-linejoin="round" paint-order="stroke"'
    return f'<text {place} {halo} fill="{colour}" text-anchor="{anchor}">{escape(words)}</text>'
