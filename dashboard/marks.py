"""Words in a box that lie over the map at a place: what overlays mark divisions with."""

from typing import Any

import pydeck as pdk

from dashboard.labels import FONT
from dashboard.pool import Pool
from geo.geography import Unit

SIZE = 12
UP, DOWN = -26, 26
"""Pixels that lead off the two lines of name and value in the middle of a place."""


def marked_place(pool: Pool, code: str) -> tuple[Unit, list[float]] | None:
    """A division and the point its mark stands at; None where it has no outline, or is no division any more."""
    place = pool.geography.unit(code) if pool.geography.knows(code) else None
    if place is None or place.geometry is None:
        return None
    point = place.geometry.representative_point()
    return place, [round(point.x, 5), round(point.y, 5)]


def mark_layer(name: str, rows: list[dict[str, Any]], *, ink: Any, ground: Any, offset: int) -> pdk.Layer:
    """A layer of marks; rows have the position `p`, the words `s` and what the tooltip says.

    `ink` and `ground` are colours, or names of the fields that hold them.
    """
    return pdk.Layer(
        "TextLayer",
        rows,
        id=name,
        get_position="p",
        get_text="s",
        get_size=SIZE,
        get_color=ink,
        get_pixel_offset=[0, offset],
        font_family=pdk.types.String(FONT),
        font_settings={"fontSize": 2 * SIZE, "buffer": 4},
        character_set=pdk.types.String("auto"),
        background=True,
        get_background_color=ground,
        background_padding=[5, 2],
        pickable=True,
    )
