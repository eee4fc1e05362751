"""Rings of many cells agree with the rings of each."""

import h3.api.basic_int as h3
import numpy as np
import pytest

from geo.cell_rings import ring_neighbours, with_rings
from geo.neighbours import of_cells

CELL = h3.latlng_to_cell(36.06, 103.83, 8)


def test_cells_come_with_the_six_around_each():
    found = with_rings(np.array([CELL]))
    assert found.tolist() == sorted(h3.grid_disk(CELL, 1))
    assert with_rings(np.zeros(0, np.int64)).tolist() == []


def test_neighbours_equal_those_found_one_by_one():
    rng = np.random.default_rng(3)
    cells = np.sort(rng.choice(h3.grid_disk(CELL, 9), 150, replace=False)).astype(np.int64)
    ours, theirs = ring_neighbours(cells), of_cells(cells)
    assert ours.starts.tolist() == theirs.starts.tolist()
    assert ours.members.tolist() == theirs.members.tolist()


def test_a_pentagon_has_five_neighbours():
    pentagon = next(iter(h3.get_pentagons(4)))
    cells = with_rings(np.array([pentagon]))
    assert len(cells) == 6
    assert ring_neighbours(cells).degrees[cells.tolist().index(pentagon)] == 5


def test_unsorted_cells_are_refused():
    with pytest.raises(ValueError, match="rising"):
        ring_neighbours(np.array([2, 1]))
    assert ring_neighbours(np.zeros(0, np.int64)).count == 0
