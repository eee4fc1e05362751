"""A tile: label and change above, value and sparkline, and both counts below.

Not `st.metric`: with a chart it needs twice the height. Drawn as HTML with inline styles; Streamlit strips inline
SVG, so the sparkline is an image.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from dashboard.palette import Palette
from dashboard.wording import NOTHING, Change

HEIGHT = 88
SPARK_WIDTH, SPARK_HEIGHT = 92, 30


@dataclass(frozen=True)
class Tile:
    """What a tile says. `more_is` tells the colour of the change: "worse", "better" or "neutral".

    `series` is drawn as a sparkline, oldest first; None marks what is suppressed or unknown, a gap in the line.
    """

    label: str
    value: str
    note: str
    change: Change | None = None
    more_is: str = "neutral"
    series: Sequence[float | None] = ()


def _runs(series: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    runs: list[list[tuple[int, float]]] = [[]]
    for at, value in enumerate(series):
        if value is None or value != value:
            runs.append([])
        else:
            runs[-1].append((at, float(value)))
    return [run for run in runs if run]


def sparkline(series: Sequence[float | None], palette: Palette) -> str:
    """SVG of a series in muted grey with an accent dot at its end; empty text when there is no line to draw.

    The line starts at the series' own lowest value: its shape is what it shows, the numbers stand beside it.
    """
    runs = _runs(series)
    if sum(len(run) for run in runs) < 2:
        return ""
    values = [value for run in runs for _, value in run]
    low, span = min(values), (max(values) - min(values)) or 1.0
    step, tall = (SPARK_WIDTH - 8) / (len(series) - 1), SPARK_HEIGHT - 8

    def place(point: tuple[int, float]) -> str:
        return f"{4 + point[0] * step:.1f},{4 + tall * (1 - (point[1] - low) / span):.1f}"

    drawn = "".join(
        f'<polyline points="{" ".join(map(place, run))}" fill="none" stroke="{palette.muted}" stroke-width="1.4" '
        f'stroke-linejoin="round" stroke-linecap="round"/>'
        for run in runs
    )
    x, y = place(runs[-1][-1]).split(",")
    dot = f'<circle cx="{x}" cy="{y}" r="3" fill="{palette.accent}"/>'
    size = f'width="{SPARK_WIDTH}" height="{SPARK_HEIGHT}" viewBox="0 0 {SPARK_WIDTH} {SPARK_HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{drawn}{dot}</svg>'


def _change_colour(tile: Tile, palette: Palette) -> str:
    if tile.change is None or tile.change.direction == 0 or tile.more_is == "neutral":
        return palette.muted
    went_well = (tile.change.direction > 0) == (tile.more_is == "better")
    return palette.better if went_well else palette.worse


def sparkline_html(series: Sequence[float | None], palette: Palette, *, alt: str) -> str:
    """The sparkline as an image; empty text when there is no line to draw."""
    svg = sparkline(series, palette)
    if not svg:
        return ""
    packed = base64.b64encode(svg.encode()).decode()
    return (
        f'<img src="data:image/svg+xml;base64,{packed}" width="{SPARK_WIDTH}" height="{SPARK_HEIGHT}" '
        f'alt="{escape(alt)}" style="margin-left:8px;min-width:0;flex:0 1 {SPARK_WIDTH}px"/>'
    )


def tile_html(tile: Tile, palette: Palette) -> str:
    """HTML of a tile; every text in it is escaped."""
    image = sparkline_html(tile.series, palette, alt=f"{tile.label}走势")
    changed = tile.change is not None and tile.change.text != NOTHING
    change = escape(tile.change.text) if tile.change is not None and changed else ""
    row = "display:flex;justify-content:space-between;align-items:center;white-space:nowrap"
    return (
        f'<div style="border:1px solid {palette.border};border-radius:6px;padding:7px 12px 6px;height:{HEIGHT}px;'
        f'box-sizing:border-box;overflow:hidden;color:{palette.text}">'
        f'<div style="{row};font-size:13px;line-height:19px"><span style="color:{palette.muted}">{escape(tile.label)}'
        f'</span><span style="font-weight:600;color:{_change_colour(tile, palette)}">{change}</span></div>'
        f'<div style="{row};line-height:32px"><span style="font-size:26px;font-weight:600">{escape(tile.value)}</span>'
        f"{image}</div>"
        f'<div style="font-size:12px;line-height:18px;color:{palette.muted};white-space:nowrap;overflow:hidden;'
        f'text-overflow:ellipsis" title="{escape(tile.note)}">{escape(tile.note)}</div></div>'
    )


def show_tiles(tiles: Sequence[Tile], palette: Palette, *, across: int = 2) -> None:
    """Tiles in rows of `across`, 8 px apart."""
    show_grid([tile_html(tile, palette) for tile in tiles], across=across)


def show_grid(tiles: Sequence[str], *, across: int = 2) -> None:
    """Tiles given as HTML, in rows of `across`, 8 px apart."""
    grid = f"display:grid;grid-template-columns:repeat({across},minmax(0,1fr));gap:8px"
    st.html(f'<div style="{grid}">{"".join(tiles)}</div>')
