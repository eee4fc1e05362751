"""Neighbour lists of hexagons, polygons and points against plain comparisons."""

import h3.api.numpy_int as h3
import numpy as np
import pytest
from shapely.geometry import Point, box

from geo.neighbours import of_cells, of_polygons, within


def test_cells_have_the_cells_of_their_rings_inside_the_study_area():
    cells = h3.grid_disk(h3.latlng_to_cell(36.06, 103.83, 9), 4).astype(np.int64)
    cells = np.random.default_rng(1).permutation(cells)
    lists = of_cells(cells, rings=2)
    for place, cell in enumerate(cells.tolist()):
        around = set(h3.grid_disk(cell, 2).astype(np.int64).tolist()) - {cell}
        assert set(cells[lists.of(place)].tolist()) == around & set(cells.tolist())


def test_no_cells_have_no_lists_and_a_repeated_cell_is_refused():
    assert of_cells(np.zeros(0, dtype=np.int64)).count == 0
    cell = int(h3.latlng_to_cell(36.06, 103.83, 9))
    with pytest.raises(ValueError, match="once"):
        of_cells(np.array([cell, cell]))
    with pytest.raises(ValueError, match="rings"):
        of_cells(np.array([cell]), rings=0)


def test_polygons_are_neighbours_along_a_line_and_at_a_corner_but_not_apart():
    squares = [box(0, 0, 1, 1), box(1, 0, 2, 1), box(1, 1, 2, 2), box(5, 5, 6, 6), None, Point().buffer(0)]
    lists = of_polygons(squares)
    assert [lists.of(place).tolist() for place in range(6)] == [[1, 2], [0, 2], [0, 1], [], [], []]
    assert of_polygons([]).count == 0


def test_points_are_neighbours_up_to_a_distance_on_the_sphere():
    rng = np.random.default_rng(2)
    longitude, latitude = rng.uniform(100, 101, 80), rng.uniform(35, 36, 80)
    lists = within(longitude, latitude, km=15)
    east, north = np.radians(longitude), np.radians(latitude)
    half = np.sin((north[:, None] - north) / 2) ** 2
    half += np.cos(north[:, None]) * np.cos(north) * np.sin((east[:, None] - east) / 2) ** 2
    near = 2 * 6371.0088 * np.arcsin(np.sqrt(half)) <= 15
    np.fill_diagonal(near, val=False)
    assert all(lists.of(place).tolist() == np.nonzero(near[place])[0].tolist() for place in range(80))
    assert within(np.zeros(0), np.zeros(0), km=1).count == 0
