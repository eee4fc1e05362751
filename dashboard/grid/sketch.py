"""A drawing of a place among those that touch it, as SVG: it prints, where a map's canvas may come out blank."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import shapely

from dashboard.labels import text_width
from dashboard.palette import Palette
from dashboard.wording import map_name

WIDTH, HEIGHT = 520, 340
FREE = 0.08
"""Share of each side of the place's own box that stays free, where its neighbours begin."""
SIZE = 12


@dataclass(frozen=True)
class Drawn:
    """One place to draw; `name` "" for none."""

    outline: Any
    name: str = ""


@dataclass(frozen=True)
class Sketch:
    """What is drawn: the place, its parts, what touches it, and points in degrees (longitude, latitude)."""

    own: Drawn
    parts: Sequence[Drawn]
    around: Sequence[Drawn]
    points: np.ndarray
    centre: tuple[float, float] | None = None


class _Plane:
    """Degrees to pixels around one box; a degree of longitude is as long as it is at the middle."""

    def __init__(self, bounds: Sequence[float]) -> None:
        west, south, east, north = bounds
        self._narrow = float(np.cos(np.radians((south + north) / 2)))
        wide, high = max((east - west) * self._narrow, 1e-6), max(north - south, 1e-6)
        self._scale = min(WIDTH * (1 - 4 * FREE) / wide, HEIGHT * (1 - 4 * FREE) / high)
        self._middle = ((west + east) / 2, (south + north) / 2)

    def pixels(self, points: np.ndarray) -> np.ndarray:
        x = WIDTH / 2 + (points[:, 0] - self._middle[0]) * self._narrow * self._scale
        y = HEIGHT / 2 - (points[:, 1] - self._middle[1]) * self._scale
        return np.column_stack([x, y])


def sketch_svg(sketch: Sketch, palette: Palette) -> str:
    """SVG of the drawing."""
    plane = _Plane(sketch.own.outline.bounds)
    parts = [f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{palette.sea}"/>']
    parts += [_shape(plane, each, palette.land, palette.city_line, 1) for each in sketch.around]
    parts.append(_shape(plane, sketch.own, palette.count[0], palette.accent, 2.5))
    parts += [_shape(plane, each, "none", palette.accent, 0.6) for each in sketch.parts]
    parts += [_name(plane, each, palette.muted) for each in sketch.around]
    parts += [_name(plane, each, palette.muted) for each in sketch.parts]
    for x, y in plane.pixels(sketch.points).round(1).tolist() if len(sketch.points) else []:
        parts.append(f'<circle cx="{x}" cy="{y}" r="4" fill="{palette.accent}" stroke="{palette.page}"/>')
    if sketch.centre is not None:
        ((x, y),) = plane.pixels(np.array([sketch.centre])).round(1).tolist()
        parts.append(f'<rect x="{x - 6}" y="{y - 6}" width="12" height="12" fill="{palette.late}"/>')
    size = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(parts)}</svg>'


def sketch_html(sketch: Sketch, palette: Palette, *, alt: str) -> str:
    """The drawing as an image, because inline SVG is stripped."""
    packed = base64.b64encode(sketch_svg(sketch, palette).encode()).decode()
    style = f"width:100%;max-width:{WIDTH}px;border:1px solid {palette.border};border-radius:6px"
    return f'<img src="data:image/svg+xml;base64,{packed}" alt="{escape(alt)}" style="{style}"/>'


def _shape(plane: _Plane, drawn: Drawn, fill: str, line: str, wide: float) -> str:
    rings = []
    for polygon in shapely.get_parts(drawn.outline):
        for ring in (polygon.exterior, *polygon.interiors):
            points = plane.pixels(shapely.get_coordinates(ring)).round(1).tolist()
            rings.append("M" + "L".join(f"{x} {y}" for x, y in points) + "Z")
    return f'<path d="{"".join(rings)}" fill="{fill}" fill-rule="evenodd" stroke="{line}" stroke-width="{wide}"/>'


def _name(plane: _Plane, drawn: Drawn, ink: str) -> str:
    """The name where there is room for it inside the picture."""
    seen = shapely.clip_by_rect(drawn.outline, *_seen(plane))
    if not drawn.name or seen.is_empty:
        return ""
    short = map_name(drawn.name, longest=8)
    ((x, y),) = plane.pixels(shapely.get_coordinates(shapely.point_on_surface(seen)))
    corners = plane.pixels(np.array(seen.bounds).reshape(2, 2))
    half = text_width(short, SIZE) / 2
    if half * 2 > abs(corners[1, 0] - corners[0, 0]) or not half <= x <= WIDTH - half or not SIZE <= y <= HEIGHT - SIZE:
        return ""
    font = f'font-size="{SIZE}" font-family="Noto Sans CJK SC, Noto Sans SC, Microsoft YaHei, sans-serif"'
    return f'<text x="{x:.0f}" y="{y + 4:.0f}" text-anchor="middle" {font} fill="{ink}">{escape(short)}</text>'


def _seen(plane: _Plane) -> tuple[float, float, float, float]:
    """Degrees of the picture's edges: west, south, east, north."""
    origin = plane.pixels(np.array([[0.0, 0.0], [1.0, 1.0]]))
    across, down = origin[1, 0] - origin[0, 0], origin[0, 1] - origin[1, 1]
    west, north = -origin[0, 0] / across, origin[0, 1] / down
    return west, north - HEIGHT / down, west + WIDTH / across, north
