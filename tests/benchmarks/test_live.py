import pytest

from benchmarks.live import _growth
from benchmarks.screens.session import _TOTAL
from dashboard.palette import LIGHT
from dashboard.tile import Tile, tile_html


def test_growth_is_told_after_the_warm_quarter_and_without_single_jumps():
    memory = [100.0 + at for at in range(25)] + [130.0] * 75
    memory[60] = 900.0
    assert _growth(memory)["memory_growth_mb"] == 0.0
    assert _growth([float(at) for at in range(100)])["memory_growth_mb"] == pytest.approx(65.0)


def test_a_screen_reads_the_number_of_its_first_tile():
    found = _TOTAL.search(tile_html(Tile("新增纠纷", "12,345", "上期 1 → 本期 12,345"), LIGHT))
    assert found is not None
    assert found[1] == "12,345"
