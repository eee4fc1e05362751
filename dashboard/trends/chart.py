"""What a chart is, and what all of them have in common: type, colours, and how a click is heard."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.palette import Palette

FONT = "Noto Sans CJK SC, Noto Sans SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
PICK = "pick"
PICKED = "picked"
"""Name of the layer whose marks are clicked."""
FAINT = 0.35
"""Opacity of what is not chosen where something is."""

Spec = dict[str, Any]


@dataclass(frozen=True)
class Chart:
    """One chart.

    Parameters
    ----------
    name
        Part of keys and file names.
    reading
        How to read it, in one sentence.
    spec
        Vega-Lite.
    alt
        The sentence a reader would say.
    table
        Makes what is drawn into a table for download; columns in the reader's language, withheld counts as on the
        screen.
    picks
        Fields of what is clicked; none where nothing can be chosen.
    """

    name: str
    title: str
    reading: str
    spec: Spec
    alt: str
    table: Callable[[], pd.DataFrame]
    picks: tuple[str, ...] = ()


def framed(layers: Sequence[Spec], palette: Palette, *, height: int, picks: tuple[str, ...] = ()) -> Spec:
    """A chart of some layers in the page's type and colours; a click on the layer `PICKED` gives the fields `picks`."""
    pick = {"name": PICK, "select": {"type": "point", "fields": list(picks), "toggle": False}, "views": [PICKED]}
    return {
        "height": height,
        "background": palette.page,
        "padding": {"left": 4, "right": 8, "top": 4, "bottom": 4},
        "autosize": {"type": "fit", "contains": "padding"},
        "params": [pick] if picks else [],
        "layer": list(layers),
        "config": _config(palette),
    }


def _config(palette: Palette) -> Spec:
    text = {"labelColor": palette.muted, "titleColor": palette.muted, "labelFontSize": 12, "titleFontSize": 12}
    lines = {"gridColor": palette.border, "domainColor": palette.border, "tickColor": palette.border}
    return {
        "font": FONT,
        "view": {"stroke": None},
        "axis": {**text, **lines, "titleFontWeight": "normal"},
        "legend": text,
        "text": {"color": palette.text, "fontSize": 12},
    }


def values(rows: Sequence[Spec]) -> Spec:
    """Data of a layer, inside the specification; what is not known is None, for JSON has no NaN."""
    return {"values": list(rows)}
