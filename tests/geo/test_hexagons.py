import h3
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import hexagons
from tests.examples import few


@settings(max_examples=few(100), deadline=None)
@given(longitude=st.floats(-180, 180), latitude=st.floats(-90, 90), resolution=st.integers(0, 9))
def test_a_cell_and_its_parents_are_those_of_h3(longitude, latitude, resolution):
    cells = hexagons.cell_of([longitude], [latitude])
    expected = h3.latlng_to_cell(latitude, longitude, hexagons.STORED_RESOLUTION)
    assert hexagons.text(cells) == [expected]
    above = hexagons.parent(cells, resolution=resolution)
    assert hexagons.text(above) == [h3.cell_to_parent(expected, resolution)]


def test_no_coordinates_give_no_cell():
    cells = hexagons.cell_of([np.nan, 103.8, np.inf, 103.8], [36.0, np.nan, 36.0, 36.0])
    assert cells.tolist()[:3] == [0, 0, 0]
    assert cells[3] != 0
    assert hexagons.parent(cells, resolution=5).tolist()[:3] == [0, 0, 0]
    assert hexagons.text(cells)[0] == ""


def test_text_there_and_back():
    cells = hexagons.cell_of([103.8, np.nan], [36.06, 36.0])
    assert np.array_equal(hexagons.from_text(hexagons.text(cells)), cells)


def test_cells_are_positive_in_signed_integers():
    cells = hexagons.cell_of(np.linspace(-179, 179, 50), np.linspace(-89, 89, 50))
    assert cells.dtype == np.int64
    assert (cells > 0).all()


def test_a_parent_finer_than_its_cell_is_a_wrong_call():
    cells = hexagons.cell_of([103.8], [36.06], resolution=7)
    with pytest.raises(ValueError, match="resolution 8 or finer"):
        hexagons.parent(cells, resolution=8)


def test_a_resolution_out_of_range_is_a_wrong_call():
    with pytest.raises(ValueError, match="found 16"):
        hexagons.cell_of([103.8], [36.06], resolution=16)


def test_no_points_give_no_cells():
    assert hexagons.cell_of([], []).tolist() == []


def test_the_outline_of_a_cell_holds_its_centre_and_only_cells_have_one():
    (cell,) = hexagons.text(hexagons.cell_of([103.8], [36.06], resolution=8))
    assert hexagons.outline_of(cell).contains(shapely.Point(hexagons.centre_of(cell)))
    with pytest.raises(ValueError, match="H3 cell"):
        hexagons.outline_of("620102")


def test_a_cell_that_is_taken_gives_way_to_a_free_one_of_the_same_parent() -> None:
    cell = hexagons.cell_of([103.7], [36.0], resolution=8)
    beside = hexagons.sibling_outside(cell, cell)
    assert beside != cell
    assert hexagons.parent(beside, resolution=7) == hexagons.parent(cell, resolution=7)
    assert hexagons.sibling_outside(cell, beside) == cell
    assert hexagons.sibling_outside(np.array([0]), np.array([0])) == 0


def test_a_cell_stays_where_all_of_its_parent_are_taken() -> None:
    cell = hexagons.cell_of([103.7], [36.0], resolution=8)
    taken = cell
    for _ in range(6):
        taken = np.union1d(taken, hexagons.sibling_outside(cell, taken))
    assert len(taken) == 7
    assert hexagons.sibling_outside(cell, taken) == cell
