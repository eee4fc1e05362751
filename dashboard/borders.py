"""Border lines of counties, cities and the province: sharp where the map looks, coarse beyond it."""

import numpy as np
import pydeck as pdk
import shapely
import streamlit as st

from dashboard import layers
from dashboard.deck import View
from dashboard.palette import Palette
from geo.geography import Geography, Unit

LINE_LEVELS = ((3, 0.35, "county_line"), (2, 1.4, "city_line"), (1, 1.6, "province_line"))
"""Level, width in pixels and colour of the border lines, bottom up."""
COUNTY = 3
BY_KEY = {Geography: lambda geography: geography.key}
COARSE = (0.004, 0.016, 0.064)
"""Degrees of detail left out far from the view, by zoom."""


def border_lines(geography: Geography, unit: Unit, view: View, palette: Palette) -> list[pdk.Layer]:
    """Layers of the lines that a map of the unit shows, the unit's own on top."""
    drawn = []
    for level, pixels, colour in LINE_LEVELS:
        if level > max(3, unit.level) or level < geography.unit(geography.root).level:
            continue
        inside_city = level == 2 and unit.level == 1
        shade = palette.page if inside_city or (level == 3 and unit.level == 1) else getattr(palette, colour)
        if level == COUNTY < unit.level:
            outline = _county(unit.code[:6], round(view.zoom, 2), geography, view)
        elif unit.level > COUNTY:
            continue  # a township's map hardly reaches beyond its county
        else:
            outline = _shapes(level, unit.code, round(view.zoom, 2), geography, view)
        drawn.append(layers.lines(f"lines-{level}", outline, colour=shade, pixels=1.6 if inside_city else pixels))
    return drawn


@st.cache_resource(max_entries=512, show_spinner=False, hash_funcs=BY_KEY)
def _county(code: str, zoom: float, geography: Geography, _view: View) -> layers.Shapes:  # noqa: ARG001
    outline = geography.unit(code).geometry
    if outline is None:
        return {}
    lines = np.array([outline.boundary])
    return layers.line_shapes(lines, lines, _view)


@st.cache_resource(max_entries=768, show_spinner=False, hash_funcs=BY_KEY)
def _shapes(level: int, code: str, zoom: float, geography: Geography, _view: View) -> layers.Shapes:  # noqa: ARG001
    return layers.line_shapes(_pieces(level, geography), _coarse(level, _detail(_view), geography), _view)


def _detail(view: View) -> float:
    """The coarsest detail that still looks right when the map is zoomed out."""
    return max((detail for detail in COARSE if detail <= view.degrees_per_pixel * 8), default=COARSE[0])


@st.cache_resource(max_entries=len(LINE_LEVELS) * len(COARSE), show_spinner=False, hash_funcs=BY_KEY)
def _coarse(level: int, detail: float, geography: Geography) -> np.ndarray:
    return np.asarray(shapely.simplify(_pieces(level, geography), detail))


@st.cache_resource(max_entries=len(LINE_LEVELS), show_spinner=False, hash_funcs=BY_KEY)
def _pieces(level: int, geography: Geography) -> np.ndarray:
    """All lines of a level, what two units share only once."""
    together = shapely.union_all(geography.lines(level)["geometry"].to_numpy())
    return np.asarray(shapely.get_parts(shapely.line_merge(together)))
