"""Border lines: sharp in the view, coarse beyond it, nothing out of reach."""

import numpy as np
import orjson
import pytest
import shapely

from dashboard import deck, layers

WIGGLY = shapely.LineString([(x / 200, 36 + 0.004 * (x % 2)) for x in range(19_000, 22_001)])
DETAIL = 0.01
VIEW = deck.fit((102.4, 35.8, 102.8, 36.2), 400, 400)


def drawn(*lines: shapely.LineString) -> dict[str, shapely.Geometry]:
    found = layers.line_shapes(np.array(lines), shapely.simplify(np.array(lines), DETAIL), VIEW)
    return {name: shapely.from_geojson(orjson.dumps(geometry).decode()) for name, geometry in found.items()}


def test_the_bounds_of_a_view_are_where_its_corners_are():
    west, south, east, north = VIEW.bounds()
    corners = VIEW.pixels(np.array([[west, north], [east, south]]))
    assert corners == pytest.approx(np.array([[0, 0], [400, 400]]), abs=1e-6)
    wider = VIEW.bounds(margin=0.5)
    assert wider[2] - wider[0] == pytest.approx(2 * (east - west))


def test_lines_are_sharp_in_the_view_and_coarse_beyond_it():
    found = drawn(WIGGLY)
    near, far = found["near"], found["far"]
    assert shapely.get_num_coordinates(near) > 10 * shapely.get_num_coordinates(far)
    assert near.bounds[0] == pytest.approx(VIEW.bounds(margin=0.5)[0], abs=0.001)
    assert far.bounds[2] == pytest.approx(VIEW.bounds(margin=layers.FARTHEST)[2], abs=0.001)
    assert shapely.distance(near, far) < DETAIL


def test_a_line_out_of_reach_is_not_drawn():
    assert drawn(shapely.LineString([(95, 40), (96, 41)])) == {}
