"""The legend: one strip right under the map, because it belongs to what it explains."""

from html import escape

import streamlit as st

from dashboard.classes import Classes
from dashboard.measures import Measure
from dashboard.palette import Palette

HEIGHT = 22


def _swatch(colour: str, words: str, palette: Palette) -> str:
    box = (
        f"display:inline-block;width:20px;height:14px;border-radius:3px;background:{colour};"
        f"box-shadow:inset 0 0 0 1px {palette.city_line}"
    )
    return (
        f'<span style="display:inline-flex;align-items:center;gap:6px;white-space:nowrap">'
        f'<span style="{box}"></span>{escape(words)}</span>'
    )


def legend_html(
    classes: Classes, measure: Measure, palette: Palette, *, note: str | None = None, greyed: str | None = None
) -> str:
    """HTML of the strip: bold measure, one swatch a class, the grey class, and a note at the right end.

    Parameters
    ----------
    note
        Replaces the measure's own note.
    greyed
        Replaces the measure's own words of the grey swatch; empty for no swatch.
    """
    swatches = [
        _swatch(colour, label, palette) for colour, label in zip(classes.colors(palette), classes.labels, strict=True)
    ]
    greyed = measure.greyed if greyed is None else greyed
    if greyed:
        swatches.append(_swatch(palette.not_counted, greyed, palette))
    note = measure.note if note is None else note
    return (
        f'<div style="display:flex;flex-wrap:wrap;align-items:center;gap:2px 14px;min-height:{HEIGHT}px;'
        f'font-size:12px;line-height:20px;color:{palette.text}"><b style="font-weight:600;white-space:nowrap">'
        f"{escape(measure.title)}</b>{''.join(swatches)}"
        f'<span style="margin-left:auto;color:{palette.muted};white-space:nowrap">{escape(note)}</span></div>'
    )


def show_legend(
    classes: Classes, measure: Measure, palette: Palette, *, note: str | None = None, greyed: str | None = None
) -> None:
    """The strip on the page, as in `legend_html`."""
    st.html(legend_html(classes, measure, palette, note=note, greyed=greyed))
