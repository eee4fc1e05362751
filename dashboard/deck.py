"""The one place that builds a pydeck Deck: flat, offline, fitted to a unit, with the theme's ground and tooltip.

`map_provider=None` with `map_style` left out altogether is the only form that asks nothing of the internet.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import pydeck as pdk
from pydeck.bindings.base_map_provider import BaseMapProvider
from pydeck.bindings.json_tools import default_serialize

from dashboard.palette import Palette, rgb

TILE = 512  # side of the world in pixels at zoom 0, as deck.gl counts
GROUND = "ground"
WIDEST, CLOSEST = 3.0, 18.0
_TIP = "<b>{{t}}</b><br/><b>{{m}}</b><br/><span style='color:{muted}'>{{d}}</span>"
_GROUND_RING = [[60, 10], [140, 10], [140, 60], [60, 60], [60, 10]]


@dataclass(frozen=True)
class View:
    """What a map of `width` x `height` pixels shows: centre in degrees (WGS 84) and zoom as deck.gl counts it."""

    longitude: float
    latitude: float
    zoom: float
    width: int
    height: int

    @property
    def degrees_per_pixel(self) -> float:
        """Degrees of longitude across one pixel."""
        return 360.0 / (TILE * math.pow(2.0, self.zoom))

    def bounds(self, *, margin: float = 0.0) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees; `margin` of each side beyond the view."""
        right, up = (side * (0.5 + margin) / math.pow(2.0, self.zoom) for side in (self.width, self.height))
        (x, y) = world(np.array([[self.longitude, self.latitude]]))[0]
        (west, south), (east, north) = degrees(np.array([[x - right, y - up], [x + right, y + up]]))
        return float(west), float(south), float(east), float(north)

    def pixels(self, points: np.ndarray) -> np.ndarray:
        """Pixels from the map's top left corner, shape (n, 2), of points (n, 2) as longitude, latitude."""
        scale = math.pow(2.0, self.zoom)
        centre = world(np.array([[self.longitude, self.latitude]]))
        moved = (world(points) - centre) * scale * [1, -1]
        return np.asarray(moved + np.array([self.width / 2, self.height / 2]))


def world(points: np.ndarray) -> np.ndarray:
    """Web Mercator at zoom 0 in pixels, y upwards, of points (n, 2) as longitude, latitude in degrees."""
    east = np.radians(points[:, 0]) * TILE / (2 * math.pi)
    north = np.log(np.tan(math.pi / 4 + np.radians(points[:, 1]) / 2)) * TILE / (2 * math.pi)
    return np.column_stack([east, north])


def degrees(points: np.ndarray) -> np.ndarray:
    """The inverse of `world`."""
    east, north = (points * (2 * math.pi / TILE)).T
    return np.column_stack([np.degrees(east), np.degrees(2 * np.arctan(np.exp(north)) - math.pi / 2)])


def fit(bounds: Sequence[float], width: int, height: int, *, margin: float = 0.06) -> View:
    """The view that shows bounds `(west, south, east, north)` as large as they go, `margin` of each side free.

    Raises
    ------
    ValueError
        The map has no area or the bounds are no numbers in order.
    """
    west, south, east, north = (float(edge) for edge in bounds)
    if min(width, height) <= 0 or not (west <= east and south <= north):
        raise ValueError(f"expected a map with an area and ordered bounds, found {width}x{height} and {bounds}")
    (left, low), (right, high) = world(np.array([[west, south], [east, north]]))
    free = 1 - 2 * margin
    spans = [(width * free, right - left), (height * free, high - low)]
    zooms = [math.log2(pixels / span) for pixels, span in spans if span > 0]
    middle = math.degrees(2 * math.atan(math.exp((low + high) / 2 * 2 * math.pi / TILE)) - math.pi / 2)
    zoom = min([*zooms, CLOSEST - 2])
    return View((west + east) / 2, middle, max(zoom, WIDEST), width, height)


def ground(palette: Palette) -> pdk.Layer:
    """What lies under everything; without it the ground would be the page's own colour."""
    return pdk.Layer(
        "SolidPolygonLayer",
        [{"p": _GROUND_RING}],
        id=GROUND,
        get_polygon="p",
        get_fill_color=rgb(palette.sea),
        pickable=False,
    )


def tooltip(palette: Palette) -> dict[str, Any]:
    """Tooltip of every layer from the row's fields `t`, `m` and `d`, as `tips.tip` makes them.

    Streamlit 1.67 escapes each field as it fills it in, so the markup stands here and the fields are plain text.
    """
    style = {
        "backgroundColor": palette.panel,
        "color": palette.text,
        "border": f"1px solid {palette.border}",
        "borderRadius": "6px",
        "fontSize": "13px",
        "lineHeight": "1.5",
        "padding": "6px 10px",
        "maxWidth": "280px",
    }
    return {"html": _TIP.format(muted=palette.muted), "style": style}


class CompactDeck(pdk.Deck):  # type: ignore[misc]
    """A Deck whose JSON has no indentation: a fifth of the size for polygons, and written several times faster."""

    def to_json(self) -> str:
        """The Deck as Streamlit sends it."""
        options = orjson.OPT_SORT_KEYS | orjson.OPT_SERIALIZE_NUMPY
        return orjson.dumps(self, default=default_serialize, option=options).decode()

    def _set_api_keys(self, api_keys: dict[str, str] | None = None) -> None:  # noqa: ARG002 - pydeck's own signature
        """Without a base map no key is looked for in the environment, nor a notebook that would be told of it."""
        for provider in BaseMapProvider:
            setattr(self, f"{provider.value}_key", None)


class WrittenDeck(CompactDeck):
    """A Deck that is written once and sent many times."""

    def __init__(self, deck: pdk.Deck) -> None:
        super().__init__(layers=[], map_provider=None)
        # What Streamlit reads beside the JSON.
        self._tooltip, self.mapbox_key, self._json = deck._tooltip, deck.mapbox_key, deck.to_json()

    def to_json(self) -> str:
        """As it was written."""
        return self._json


def build(layers: Sequence[pdk.Layer], view: View, palette: Palette, *, fixed: bool = False) -> pdk.Deck:
    """A Deck of the layers, bottom first, on the theme's ground. Nothing in it needs the internet.

    A `fixed` map can be clicked and not moved, so that two of them always show the same.
    """
    state = pdk.ViewState(
        longitude=round(view.longitude, 6),
        latitude=round(view.latitude, 6),
        zoom=round(view.zoom, 4),
        min_zoom=max(0.0, round(view.zoom - 3, 4)),
        max_zoom=CLOSEST,
        pitch=0,
        bearing=0,
    )
    flat = {"dragRotate": False, "touchRotate": False, "keyboard": False}
    return CompactDeck(
        layers=[ground(palette), *layers],
        views=[pdk.View(type="MapView", controller=False if fixed else flat)],
        initial_view_state=state,
        map_provider=None,
        tooltip=tooltip(palette),
    )


def picked(event: Mapping[str, Any] | None, layer: str, field: str) -> str | None:
    """The clicked object's `field` on a layer, from the state that `st.pydeck_chart` keeps; None for no click.

    GeoJSON objects keep their fields in `properties`, rows of other layers have them at the top.
    """
    objects = ((event or {}).get("selection") or {}).get("objects") or {}
    found = objects.get(layer) or []
    if not found:
        return None
    value = (found[0].get("properties") or found[0]).get(field)
    return None if value is None else str(value)
