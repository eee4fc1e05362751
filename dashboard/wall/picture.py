"""The map of the briefing screen: names and numbers on one line, large enough for ten metres, nothing to point at."""

from collections.abc import Sequence
from html import escape

import numpy as np
import pandas as pd
import pydeck as pdk
import streamlit as st

from dashboard import layers
from dashboard.borders import border_lines
from dashboard.deck import View, build
from dashboard.labels import FONT, label_layers, placed_labels
from dashboard.map.view import FEW, view_of
from dashboard.palette import DARK, ink_on, rgb
from dashboard.tips import value_texts
from dashboard.wall.findings import Finding
from dashboard.wall.look import LEGEND, SMALL, map_height
from dashboard.wall.screen import WallScreen
from dashboard.wording import SMALLEST_BASE

LETTERS = 24
"""Pixels of the labels on a screen 1,080 high; in proportion on others."""
CHANGE_WORDS = ("降≥30%", "降 15–30", "降 5–15", "持平", "升 5–15", "升 15–30", "升≥30%")
"""The classes of a change, short enough for one line."""
SWATCH, SWATCH_GAP = 2.8, 0.9
WIDE_LETTERS = 0x2E7F
"""Letters beyond are as wide as high."""
UNCHANGED = f"<{SMALLEST_BASE} 件"
"""What is grey where changes are shown: too few for one."""
UNITS = {"count": "件", "rate": "件/万人", "previous": "环比%", "last_year": "同比%"}
MARK_WIDTH = 1.44
"""Of the letters' size."""
MARKED = 12
"""Findings that are marked on the map at most."""


def wall_deck(screen: WallScreen, *, width: int, height: int, marked: list[Finding]) -> pdk.Deck:
    """Deck of the scene's map; `marked` findings carry their number in the list."""
    geography = screen.pool.geography
    view = view_of(geography, screen.unit, width, height)
    outlines = _outlines(geography.key, screen.unit.code, round(view.zoom, 2), screen.children, view)
    own = _own(geography.key, screen.unit.code, round(view.zoom, 2), screen.unit, view)
    drawn = [_fill(screen, outlines) if outlines else layers.land(own, DARK)]
    drawn += border_lines(geography, screen.unit, view, DARK)
    if screen.unit.level > 1 and own:
        drawn += [layers.lines("unit-line", own, colour=DARK.province_line, pixels=2.5)]
    size = max(12, round(LETTERS * height / (1080 * map_height() / 100)))
    drawn += label_layers(_labels(screen, view, size, named_only=bool(marked)), DARK, size=size, weight=700)
    return build([*drawn, *_marks(screen, marked, view, size)], view, DARK)


@st.cache_resource(max_entries=64, show_spinner=False)
def _outlines(key: str, code: str, zoom: float, _children, _view: View) -> layers.Shapes:  # noqa: ARG001 - the key
    return layers.shapes(_children, _view)


@st.cache_resource(max_entries=64, show_spinner=False)
def _own(key: str, code: str, zoom: float, _unit, _view: View) -> layers.Shapes:  # noqa: ARG001 - the key
    if _unit.geometry is None:
        return {}
    return layers.shapes(pd.DataFrame({"code": [_unit.code], "geometry": [_unit.geometry]}), _view)


def _fill(screen: WallScreen, outlines: layers.Shapes) -> pdk.Layer:
    return layers.children_fill(
        screen.children,
        screen.numbers,
        measure=screen.measure,
        classes=screen.classes,
        outlines=outlines,
        palette=DARK,
        below=screen.below,
        found_nothing=screen.is_empty,
    )


def _labels(screen: WallScreen, view: View, size: int, *, named_only: bool):
    counted = screen.children[screen.children["counted"].astype(bool)]
    values = value_texts(screen.numbers, screen.measure, below=screen.below).to_dict()
    if named_only:
        values = dict.fromkeys(values, "")
    always = screen.unit.level <= 2 and len(counted) <= FEW
    return placed_labels(
        counted, values, {}, view=view, palette=DARK, size=size, always=always, plates=True, one_line=True
    )


def _marks(screen: WallScreen, marked: list[Finding], view: View, size: int) -> list[pdk.Layer]:
    rows, taken = [], []
    for number, finding in enumerate(marked[:MARKED], start=1):
        geometry = screen.pool.geography.unit(finding.division).geometry
        if geometry is not None:
            middle = geometry.representative_point()
            pixel, place = _free_place(np.array([middle.x, middle.y]), taken, view, size)
            taken.append(pixel)
            colours = {"c": rgb(finding.colour), "i": rgb(ink_on(finding.colour))}
            rows.append({"p": place, "t": str(number), **colours})
    # The first is the gravest and lies on top.
    rows.reverse()
    if not rows:
        return []
    ground = pdk.Layer(
        "ScatterplotLayer",
        rows,
        id="marks",
        get_position="p",
        get_fill_color="c",
        get_line_color=rgb(DARK.text),
        get_radius=round(size * MARK_WIDTH / 2),
        radius_units=pdk.types.String("pixels"),
        line_width_units=pdk.types.String("pixels"),
        get_line_width=2,
        stroked=True,
        pickable=False,
    )
    numbers = pdk.Layer(
        "TextLayer",
        rows,
        id="mark-numbers",
        get_position="p",
        get_text="t",
        get_size=size,
        get_color="i",
        font_family=pdk.types.String(FONT),
        font_weight=700,
        font_settings={"fontSize": 2 * size, "buffer": 4},
        character_set=pdk.types.String("auto"),
        pickable=False,
    )
    return [ground, numbers]


def _free_place(point: np.ndarray, taken: list[np.ndarray], view: View, size: int) -> tuple[np.ndarray, list[float]]:
    """Pixel and degrees for a mark: at the point, or as near to it as leaves the marks before it uncovered."""
    here = view.pixels(point.reshape(1, 2))[0]
    for steps in range(4):
        for angle in np.arange(0, 360, 45 if steps else 360):
            away = steps * size * 0.8 * np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
            if all(np.hypot(*(here + away - other)) >= MARK_WIDTH * size for other in taken):
                return here + away, _moved(point, away, view)
    return here, _moved(point, np.zeros(2), view)


def _moved(point: np.ndarray, pixels: np.ndarray, view: View) -> list[float]:
    right, down = pixels * view.degrees_per_pixel
    return [round(float(point[0] + right), 5), round(float(point[1] - down * np.cos(np.radians(point[1]))), 5)]


def legend_html(screen: WallScreen, *, width: float) -> str:
    """HTML of the legend, one line under the map: what the colours mean, and what is drawn by rule of thumb.

    Where its words are longer than `width` (hundredths of the screen's height) the classes are named by where they
    begin.
    """
    colours, words = screen.classes.colors(DARK), list(screen.classes.labels)
    if screen.measure.is_change:
        words = list(CHANGE_WORDS)
    more = []
    if not screen.children["counted"].astype(bool).all() or screen.measure.is_change:
        more.append(UNCHANGED if screen.measure.is_change else screen.measure.greyed)
    if legend_width([UNITS[screen.measure.key], *words, *more]) > width:
        words = [begin_words(word) for word in words]
    swatches = [_swatch(colour, label) for colour, label in zip(colours, words, strict=True)]
    swatches += [_swatch(DARK.not_counted, label) for label in more]
    if screen.unit.schematic or bool(screen.children["schematic"].any()):
        swatches.append(f'<span style="color:{DARK.late}">边界为示意</span>')
    return (
        f'<div style="display:flex;align-items:center;gap:{SWATCH_GAP}vh;height:{LEGEND}vh;font-size:{SMALL}vh;'
        f'white-space:nowrap;overflow:hidden;color:{DARK.text}"><span style="color:{DARK.muted}">'
        f"{escape(UNITS[screen.measure.key])}</span>{''.join(swatches)}</div>"
    )


def legend_width(words: Sequence[str]) -> float:
    """About how wide a legend with these words is, in hundredths of the screen's height."""
    letters = sum(1.0 if ord(letter) > WIDE_LETTERS else 0.6 for word in words for letter in word)
    return SMALL * letters + len(words) * (SWATCH + SWATCH_GAP)


def begin_words(label: str) -> str:
    """`2,500–` of `2,500–4,000`, `降≥15` of `降 15–30`: classes are closed on the left."""
    low, dash, high = label.partition("–")
    if not dash:
        return label
    if low[:1] in "升降":
        return f"{low[0]}≥{low[1:].strip()}"
    return f"<{high}" if low == "0" else f"{low}–"


def _swatch(colour: str, words: str) -> str:
    box = f"flex:none;width:2.2vh;height:2vh;border-radius:.4vh;background:{colour};margin-right:.6vh"
    return (
        f'<span style="display:inline-flex;align-items:center"><span style="{box};'
        f'box-shadow:inset 0 0 0 1px {DARK.city_line}"></span>{escape(words)}</span>'
    )
