import base64
import math

import pytest

from dashboard.palette import DARK, LIGHT
from dashboard.tile import Tile, sparkline, tile_html
from dashboard.wording import Change, change_between

SERIES = [3.0, 5.0, 4.0, 8.0]


def test_a_tile_says_its_label_value_change_and_both_counts():
    html = tile_html(Tile("新增纠纷", "7,479", "上期 7,029 → 本期 7,479", change_between(7479, 7029), "worse"), LIGHT)
    for words in ("新增纠纷", "7,479", "▲ 6.4%", "上期 7,029 → 本期 7,479"):
        assert words in html


@pytest.mark.parametrize(
    ("direction", "more_is", "colour"),
    [(1, "worse", LIGHT.worse), (-1, "worse", LIGHT.better), (1, "better", LIGHT.better), (1, "neutral", LIGHT.muted),
     (0, "worse", LIGHT.muted)],
)  # fmt: skip
def test_red_is_kept_for_what_got_worse(direction: int, more_is: str, colour: str):
    html = tile_html(Tile("a", "1", "", Change("▲ 1%", "", direction), more_is), LIGHT)
    assert f"font-weight:600;color:{colour}" in html


def test_a_tile_escapes_everything_it_is_given():
    bad = "<img src=x onerror=alert(1)>\"'"
    html = tile_html(Tile(bad, bad, bad, Change(bad, bad, 1), "worse", SERIES), DARK)
    assert "<img src=x" not in html
    assert html.count("&lt;img") == 6  # label twice (also the sparkline's alt), note twice (also its title)


def test_no_change_is_no_dash_in_the_corner():
    assert "—" not in tile_html(Tile("a", "0", "上期 0 → 本期 0", change_between(0, 0), "worse"), LIGHT)


def test_a_sparkline_travels_as_an_image_because_inline_svg_is_stripped():
    html = tile_html(Tile("a", "1", "", series=SERIES), LIGHT)
    assert "<svg" not in html
    packed = html.split("base64,")[1].split('"')[0]
    assert base64.b64decode(packed).decode() == sparkline(SERIES, LIGHT)


def test_a_sparkline_rises_with_its_series_and_ends_in_a_dot():
    svg = sparkline([0.0, 1.0], LIGHT)
    assert 'points="4.0,26.0 88.0,4.0"' in svg
    assert f'cx="88.0" cy="4.0" r="3" fill="{LIGHT.accent}"' in svg


def test_a_suppressed_week_is_a_gap_in_the_line():
    assert sparkline([1.0, 2.0, None, 3.0, math.nan, 5.0, 6.0], LIGHT).count("<polyline") == 3


@pytest.mark.parametrize("series", [[], [4.0], [None, None, 4.0]])
def test_too_short_a_series_draws_nothing(series: list[float | None]):
    assert sparkline(series, LIGHT) == ""


def test_a_steady_series_is_a_level_line():
    assert "4.0,26.0 46.0,26.0 88.0,26.0" in sparkline([2.0, 2.0, 2.0], LIGHT)
