"""Bars of a hotspot's counts, step by step: hot steps in the class's colour, small counts as equal grey stubs."""

import base64
import math
from collections.abc import Sequence
from html import escape

import pandas as pd

from dashboard.hotspots.ahead import WEEKS, Ahead, ahead_marks
from dashboard.palette import Palette
from dashboard.wording import is_missing

WIDTH, HEIGHT, WIDEST = 460, 150, 620
"""Pixels that it is drawn in, so that dates can still be read in a narrow column, and the most that it is shown in."""
_LEFT, _BOTTOM, _TOP = 34, 22, 8


def bars_svg(series: pd.Series, states: str, *, colour: str, palette: Palette, ahead: Ahead | None = None) -> str:
    """SVG of the bars.

    Parameters
    ----------
    series
        Counts by first day of the step; a missing one is a small one and becomes a stub without a height of its own.
    states
        One sign a step, as in `data.assessments.reading`; bars of `+` and `-` get the colour.
    ahead
        What is foretold of the weeks after, where the steps are weeks.
    """
    values = [None if is_missing(value) else int(value) for value in series]
    known = [value for value in values if value is not None]
    top = nice_top(max([*known, 0 if ahead is None else math.ceil(ahead.highest)], default=0))
    behind = (ahead.start - series.index[0]).days / 7 if ahead is not None and len(series) else 0.0
    step = (WIDTH - _LEFT - 4) / max(len(values), behind + WEEKS if ahead is not None else 0, 1)
    tall = HEIGHT - _TOP - _BOTTOM
    parts = [_line(top * share, top, tall, palette) for share in (0, 0.5, 1)]
    for at, (value, state) in enumerate(zip(values, states, strict=True)):
        if value == 0:
            continue
        height = 6 if value is None else max(1.5, tall * value / top)
        fill = colour if state != "." else palette.count[1] if value is not None else palette.not_counted
        opacity = ' fill-opacity="0.55"' if value is None and state != "." else ""
        parts.append(
            f'<rect x="{_LEFT + at * step + step * 0.12:.1f}" y="{_TOP + tall - height:.1f}" '
            f'width="{step * 0.76:.1f}" height="{height:.1f}" fill="{fill}"{opacity}/>'
        )
    if ahead is not None:
        parts += ahead_marks(
            ahead,
            x=lambda weeks: _LEFT + (behind + weeks) * step,
            y=lambda count: _TOP + tall * (1 - count / top),
            colour=palette.text,
        )
    parts += _dates(list(series.index), step, palette)
    size = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(parts)}</svg>'


def bars_html(
    series: pd.Series, states: str, *, colour: str, palette: Palette, alt: str, ahead: Ahead | None = None
) -> str:
    """The bars as an image, because inline SVG is stripped."""
    drawn = bars_svg(series, states, colour=colour, palette=palette, ahead=ahead)
    packed = base64.b64encode(drawn.encode()).decode()
    return (
        f'<img src="data:image/svg+xml;base64,{packed}" alt="{escape(alt)}" style="width:100%;max-width:{WIDEST}px"/>'
    )


def nice_top(largest: int) -> int:
    """An even number at or above the largest count, at least 4, that reads well on an axis."""
    for top in (4, 6, 8, 10, 12, 16, 20, 30, 40, 50, 60, 80, 100):
        if largest <= top:
            return top
    power = 10 ** (len(str(largest)) - 1)
    return -(-largest // power) * power


def _line(value: float, top: int, tall: int, palette: Palette) -> str:
    y = _TOP + tall * (1 - value / top)
    return (
        f'<line x1="{_LEFT}" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}" stroke="{palette.border}"/>'
        f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end" font-size="11" font-family="sans-serif" '
        f'fill="{palette.muted}">{value:,.0f}</text>'
    )


def _dates(days: Sequence, step: float, palette: Palette) -> list[str]:
    every = max(1, -(-len(days) // 7))
    return [
        f'<text x="{_LEFT + at * step:.1f}" y="{HEIGHT - 6}" font-size="11" font-family="sans-serif" '
        f'fill="{palette.muted}">{day:%y-%m-%d}</text>'
        for at, day in enumerate(days)
        if at % every == 0 and at * step < WIDTH - _LEFT - 50
    ]
