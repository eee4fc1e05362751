"""Risk drawn on the map, and its legend."""

from html import escape

import pydeck as pdk
import streamlit as st

from dashboard import layers
from dashboard.borders import border_lines
from dashboard.deck import View
from dashboard.labels import label_layers, placed_labels
from dashboard.legend import HEIGHT
from dashboard.map.screen import Screen
from dashboard.palette import Palette, rgb
from dashboard.risk_map.paint import Painted, paint
from dashboard.risk_map.read import WEEK, RiskShown, read_risk
from dashboard.tips import tip
from dashboard.wording import period_text

EXTRA_HEIGHT = 36
"""Pixels that the sentence under the legend takes."""
SAFETY = "“低”只表示上报少,不等于安全。"
TITLES = {"score": "风险分", "expected": "未来 4 周预计(件)", "surprise": "异常(超出此前预计)"}


def read_risk_layer(screen: Screen) -> tuple[RiskShown, Painted]:
    """What is shown and how it is painted."""
    shown = read_risk(screen)
    return shown, paint(screen, shown)


def risk_layers(screen: Screen, read: tuple[RiskShown, Painted], view: View, selected: str | None) -> list[pdk.Layer]:
    """Layers of the picture, bottom first; where the layer is off, the places stand grey."""
    _, painted = read
    palette = screen.palette
    outlines = layers.shapes(screen.children, view)
    values = {} if screen.shows_cells else painted.values
    fills = {code: painted.colours[kind] for code, kind in painted.kinds.items()}
    named = screen.children[screen.children["counted"].astype(bool)]
    labels = placed_labels(
        named, {code: values.get(code, "") for code in named["code"]}, {} if screen.shows_cells else fills,
        view=view, palette=palette, always=screen.unit.level <= 2, plates=screen.shows_cells,
    )  # fmt: skip
    if screen.shows_cells:
        border = layers.lines("child-lines", outlines, colour=palette.city_line, pixels=0.8)
        drawn = [layers.land(outlines, palette), _cells(painted, palette), border]
    else:
        drawn = [_polygons(screen, painted, outlines)]
    drawn += border_lines(screen.pool.geography, screen.unit, view, palette)
    if selected in outlines:
        drawn.append(layers.selection(outlines[selected], palette))
    return [*drawn, *label_layers(labels, palette)]


def _expression(field: str, painted: Painted, palette: Palette) -> str:
    """Expression of deck.gl that gives the colour of the class in a field, a chain of conditions."""
    tests = [f"{field}=={at}?{rgb(colour)}:" for at, colour in enumerate(painted.colours)]
    return f"{''.join(tests)}{rgb(palette.no_pattern)}"


def _polygons(screen: Screen, painted: Painted, outlines: layers.Shapes) -> pdk.Layer:
    palette = screen.palette
    features = []
    for code, name in zip(screen.children["code"], screen.children["name"], strict=True):
        if code not in outlines:
            continue
        line, detail = painted.lines.get(code, ("没有预测", ""))
        properties = {"code": code, "c": painted.kinds.get(code, len(painted.colours)), **tip(name, line, detail)}
        features.append({"type": "Feature", "properties": properties, "geometry": outlines[code]})
    return layers.picked_polygons(features, _expression("properties.c", painted, palette), palette)


def _cells(painted: Painted, palette: Palette) -> pdk.Layer:
    rows = [{"h": cell, "c": kind, **tip("六边形", *painted.lines[cell])} for cell, kind in painted.kinds.items()]
    return layers.picked_cells(rows, _expression("c", painted, palette), palette)


def show_risk_legend(screen: Screen, read: tuple[RiskShown, Painted]) -> None:
    """Classes with their words, and one sentence; or why the layer is off."""
    shown, painted = read
    if shown.off is not None:
        st.warning(shown.off, icon=":material/visibility_off:")
        return
    past = shown.past
    title = TITLES[screen.measure.key] if past is None else "说过与发生(件/周)"
    st.html(_legend_html(title, painted, screen.palette))
    if past is not None:
        by = "当时发布的预测" if past.published else "回测:由没有见过这一周的模型补说"
        st.caption(f"{period_text(past.first, past.first + WEEK)},{by}。字:说过→发生。{SAFETY}")
        return
    st.caption(
        f"预测自 {shown.run.as_of:%Y-%m-%d} 之后 · 模型 {shown.run.model_id} · 拖动下方时段可看过去一周说过与发生。"
        f"来源、渠道和状态筛选不影响本图层。{SAFETY}"
    )


def _legend_html(title: str, painted: Painted, palette: Palette) -> str:
    box = "display:inline-block;width:20px;height:14px;border-radius:3px;"
    swatches = [
        f'<span style="display:inline-flex;align-items:center;gap:6px;white-space:nowrap"><span style="{box}'
        f'background:{colour};box-shadow:inset 0 0 0 1px {palette.city_line}"></span>{escape(words)}</span>'
        for colour, words in zip(painted.colours, painted.words, strict=True)
    ]
    return (
        f'<div style="display:flex;flex-wrap:wrap;align-items:center;gap:2px 14px;min-height:{HEIGHT}px;font-size:12px;'
        f'line-height:20px;color:{palette.text}"><b style="font-weight:600;white-space:nowrap">{escape(title)}</b>'
        f"{''.join(swatches)}</div>"
    )
