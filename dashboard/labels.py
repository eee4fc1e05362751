"""Names and values on the map: only where they fit, never one over another, readable on every fill.

deck.gl neither measures polygons nor keeps labels apart, so it is settled here for the view the map opens with.
No signed-distance fonts: their outlines clot thin Chinese strokes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pydeck as pdk
import shapely

from dashboard.deck import View
from dashboard.palette import Palette, ink_on, rgb
from dashboard.wording import map_name

FONT = "Noto Sans CJK SC"
SIZE = 12
FILLS_WIDTH = 0.95
LINES_HIGH = 3
_SHIFTS = [
    (0, 0),
    (0, -1),
    (0, 1),
    (0, -2),
    (0, 2),
    (-1, 0),
    (1, 0),
    (-1, -1),
    (1, 1),
    (-1, 1),
    (1, -1),
    (0, 3),
    (0, -3),
]


@dataclass(frozen=True)
class Label:
    """One label: place in degrees, shift in pixels, and whether it stands on a plate because it does not fit."""

    code: str
    name: str
    value: str
    longitude: float
    latitude: float
    shift: tuple[int, int]
    colour: str
    on_plate: bool


def text_width(text: str, size: float) -> float:
    """Width in pixels: a Chinese character is as wide as it is high, digits and signs 0.56 of it."""
    return sum(size if ord(sign) > 0x2E7F else 0.56 * size for sign in text)


def _room(polygon: shapely.Geometry, x: float, y: float, view: View) -> tuple[float, float]:
    """Width and height in pixels of a polygon through a point in it."""
    west, south, east, north = shapely.bounds(polygon)
    point = shapely.Point(x, y)
    sizes = []
    for ends in ([(west, y), (east, y)], [(x, south), (x, north)]):
        pieces = shapely.get_parts(shapely.intersection(polygon, shapely.LineString(ends)))
        nearest = pieces[shapely.distance(pieces, point).argmin()]
        corners = view.pixels(shapely.bounds(nearest).reshape(2, 2))
        sizes.append(float(np.abs(corners[1] - corners[0]).max()))
    return sizes[0], sizes[1]


def _anchor(geometry: shapely.Geometry) -> tuple[shapely.Geometry, float, float]:
    """The largest part of a geometry, and the point in it (x, y) that is farthest from its edge."""
    parts = shapely.get_parts(geometry)
    largest = parts[shapely.area(parts).argmax()]
    west, south, east, north = shapely.bounds(largest)
    circle = shapely.maximum_inscribed_circle(largest, tolerance=max(east - west, north - south) / 50)
    x, y = shapely.get_coordinates(circle)[0]
    return largest, float(x), float(y)


def _may_fit(geometry: shapely.Geometry, width: float, size: float, view: View) -> bool:
    """Whether the polygon's box has room; cheap, so that the hundredth grid costs no search for its middle."""
    corners = view.pixels(shapely.bounds(geometry).reshape(2, 2))
    wide, high = np.abs(corners[1] - corners[0])
    return bool(width <= FILLS_WIDTH * wide and high >= LINES_HIGH * size)


def _box(centre: np.ndarray, shift: tuple[int, int], width: float, height: float) -> tuple[float, ...]:
    x, y = centre[0] + shift[0], centre[1] + shift[1]
    return (x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def _meets(box: tuple[float, ...], placed: list[tuple[float, ...]]) -> bool:
    return any(box[0] < o[2] and o[0] < box[2] and box[1] < o[3] and o[1] < box[3] for o in placed)


def placed_labels(
    children: gpd.GeoDataFrame,
    values: Mapping[str, str],
    fills: Mapping[str, str],
    *,
    view: View,
    palette: Palette,
    size: int = SIZE,
    always: bool = False,
    plates: bool = False,
    one_line: bool = False,
) -> list[Label]:
    """The labels that can be drawn, largest room first.

    Parameters
    ----------
    children
        Columns `code`, `name`, `geometry`; rows without geometry or without a value get no label.
    values
        What stands under the name, by code; empty text for a name alone.
    fills
        Colour of each polygon by code, `#RRGGBB`; the land tone where absent.
    always
        Draw also what does not fit its polygon, on a plate and moved aside from others (cities).
    plates
        Every label on a plate, as over hexagons, whose colours change from one to the next.
    one_line
        The value behind the name, as on walls: large letters leave no room for two lines.
    """
    below = dict.fromkeys(values, "") if one_line else values
    wanted = []
    for code, name, geometry in zip(children["code"], children["name"], children.geometry, strict=True):
        if geometry is None or geometry.is_empty or code not in values:
            continue
        short = f"{map_name(str(name))} {values[code]}".rstrip() if one_line else map_name(str(name))
        width = max(text_width(short, size), text_width(below[code], size))
        if not always and not _may_fit(geometry, width, size, view):
            continue
        polygon, x, y = _anchor(geometry)
        wide, high = _room(polygon, x, y, view)
        fits = width <= FILLS_WIDTH * wide and high >= LINES_HIGH * size
        if fits or always:
            wanted.append((not fits, -wide * high, str(code), short, (x, y), width))
    boxes: list[tuple[float, ...]] = []
    labels = []
    for crowded, _, code, name, point, width in sorted(wanted, key=lambda each: each[:3]):
        centre = view.pixels(np.array([point]))[0]
        height = size * (2.4 if below[code] else 1.2)
        shifts = _SHIFTS if always else _SHIFTS[:1]
        steps = [(round(right * width * 0.7), round(down * size)) for right, down in shifts]
        free = [step for step in steps if not _meets(_box(centre, step, width, height), boxes)]
        if not free and not always:
            continue
        shift = (free or steps)[0]
        boxes.append(_box(centre, shift, width, height))
        on_plate = plates or crowded or shift != (0, 0)
        colour = palette.text if on_plate else ink_on(fills.get(code, palette.land))
        labels.append(Label(code, name, below[code], *point, shift, colour, on_plate))
    return labels


def label_layers(labels: list[Label], palette: Palette, *, size: int = SIZE, weight: int = 500) -> list[pdk.Layer]:
    """Text layers of the labels: names (of a `weight`) over heavier values, a pair for each text colour and ground."""
    layers = []
    for on_plate, colour in sorted({(label.on_plate, label.colour) for label in labels}):
        group = [label for label in labels if (label.on_plate, label.colour) == (on_plate, colour)]
        named = f"{'plate' if on_plate else 'label'}-{colour[1:].lower()}"
        rows = [_row(label, label.name, -size * 0.6 if label.value else 0) for label in group]
        layers.append(_text_layer(f"{named}-name", rows, colour, weight, size, palette if on_plate else None))
        rows = [_row(label, label.value, size * 0.6) for label in group if label.value]
        if rows:
            layers.append(_text_layer(f"{named}-value", rows, colour, 700, size, palette if on_plate else None))
    return layers


def _row(label: Label, text: str, down: float) -> dict[str, object]:
    offset = [label.shift[0], round(label.shift[1] + down, 1)]
    return {"p": [round(label.longitude, 5), round(label.latitude, 5)], "t": text, "o": offset}


def _text_layer(
    name: str, rows: list[dict[str, object]], colour: str, weight: int, size: int, plate: Palette | None
) -> pdk.Layer:
    ground = (
        {}
        if plate is None
        else {
            "background": True,
            "get_background_color": [*rgb(plate.page), 214],
            "background_padding": [3, 0],
        }
    )
    return pdk.Layer(
        "TextLayer",
        rows,
        id=name,
        get_position="p",
        get_text="t",
        get_pixel_offset="o",
        get_size=size,
        get_color=rgb(colour),
        font_family=pdk.types.String(FONT),
        font_weight=weight,
        font_settings={"fontSize": 2 * size, "buffer": 4},
        character_set=pdk.types.String("auto"),
        pickable=False,
        **ground,
    )
