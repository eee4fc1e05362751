"""Horizontal bars with their numbers written beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.palette import Palette
from dashboard.trends.chart import FAINT, PICKED, Spec, values


@dataclass(frozen=True)
class Bar:
    """One bar: `code` is what a click chooses, `value` None a withheld count, `words` what stands beside it.

    `before` is the value of the period before, drawn as a tick.
    """

    code: str
    name: str
    value: float | None
    words: str
    before: float | None = None


def bar_layers(bars: Sequence[Bar], palette: Palette, *, chosen: str = "", centred: bool = False) -> list[Spec]:
    """Layers of the bars: from the left edge, or centred as a pyramid."""
    top = max((max(bar.value or 0, bar.before or 0) for bar in bars), default=0) or 1
    rows = [_row(bar, top, chosen, centred=centred) for bar in bars]
    room = 1.2 if centred else 1.62  # the words stand to the right of the longest bar
    limits = [-top * 0.5, top * (room - 0.5)] if centred else [0, top * room]
    x = {"type": "quantitative", "axis": None, "scale": {"domain": limits, "nice": False, "zero": False}}
    axis = {"title": None, "ticks": False, "domain": False, "labelLimit": 110, "labelPadding": 6}
    y = {"field": "name", "type": "ordinal", "sort": [bar.name for bar in bars], "axis": axis}
    fill = {"condition": {"test": "datum.withheld", "value": palette.not_counted}, "value": palette.accent}
    faded = {"condition": {"test": "datum.faded", "value": FAINT}, "value": 1}
    corner = {"cornerRadiusEnd": 3} if not centred else {"cornerRadius": 2}
    tooltip = [{"field": "name", "type": "nominal", "title": "项"}, {"field": "words", "title": "数"}]
    between = {"x": {"field": "from", **x}, "x2": {"field": "to"}, "y": y}
    layers: list[Spec] = [
        {
            "name": PICKED,
            "data": values(rows),
            "mark": {"type": "bar", "height": {"band": 0.62}, "cursor": "pointer", **corner},
            "encoding": between | {"color": fill, "opacity": faded, "tooltip": tooltip},
        },
        {
            "data": values(rows),
            "mark": {"type": "text", "align": "left", "dx": 6, "fontSize": 12, "color": palette.text},
            "encoding": {"x": {"field": "beside", **x}, "y": y, "text": {"field": "words"}},
        },
    ]
    ticks = [row for row in rows if row["before"] is not None]
    if ticks:
        mark = {"type": "tick", "color": palette.text, "thickness": 2, "height": {"band": 0.8}, "opacity": 0.75}
        layers.append({"data": values(ticks), "mark": mark, "encoding": {"x": {"field": "before", **x}, "y": y}})
    return layers


def _row(bar: Bar, top: float, chosen: str, *, centred: bool) -> Spec:
    length = top * 0.03 if bar.value is None else bar.value
    start = -length / 2 if centred else 0
    before = None if centred else bar.before
    return {
        "code": bar.code,
        "name": f"▸ {bar.name}" if bar.code == chosen and chosen else bar.name,
        "words": bar.words,
        "from": start,
        "to": start + length,
        "before": before,
        "beside": max(start + length, before or 0),
        "withheld": bar.value is None,
        "faded": bool(chosen) and bar.code != chosen,
    }
