"""Parts of the hotspot page: URL, colours, chart, patches."""

import datetime as dt
import xml.etree.ElementTree as ET
from functools import partial
from types import SimpleNamespace

import h3.api.basic_str as h3
import pandas as pd
import pytest

from dashboard.hotspots.ahead import ahead_of
from dashboard.hotspots.asked import HotspotAsked, read_hotspot_asked
from dashboard.hotspots.bar import level_words, run_words
from dashboard.hotspots.chart import HEIGHT, WIDTH, bars_svg, nice_top
from dashboard.hotspots.classes import (
    COLD,
    COLOURS,
    HOT,
    class_chip,
    class_colour,
    class_expression,
    class_legend_html,
    class_letter,
    class_name,
)
from dashboard.hotspots.detail import recurrence_words
from dashboard.hotspots.list import both_text, class_words, place_words, since_text
from dashboard.hotspots.patches import patches, with_patches
from dashboard.hotspots.screen import HotspotScreen
from dashboard.palette import DARK, LIGHT
from data.assessments.parameters import DEFAULT_LAYERS
from data.layers import layer_of
from data.steps import steps_until
from risk.emerging import EmergingClass
from risk.incident import SOURCES


def read(**params: str) -> tuple[HotspotAsked, list[str]]:
    return read_hotspot_asked(params, root="62", known={"62", "6201"}.__contains__)


def test_what_the_url_says_is_what_is_asked():
    params = {"code": "6201", "type": "D06", "level": "cell7", "kind": "1", "source": "police", "run": "3", "of": "D06"}
    params["since"] = "13"
    asked, wrong = read(**params, place="872ca8d4affffff")
    assert wrong == []
    assert asked == HotspotAsked(**params, place="872ca8d4affffff")
    assert asked.sources == ("police",)
    assert read(source="gossip") == (HotspotAsked("62"), ["source=gossip"])
    assert asked.classes == (1,)
    assert asked.filter(scope="62").run_id == 3
    assert read(kind="cold")[0].classes == COLD


@pytest.mark.parametrize("key", ["code", "type", "level", "kind", "since", "run", "place", "of"])
def test_nonsense_in_the_url_is_named_and_ignored(key):
    asked, wrong = read(**{key: "<b>x</b>"})
    assert asked == HotspotAsked("62")
    assert wrong == [f"{key}=<b>x</b>"]


def test_every_class_has_a_colour_of_its_own_a_character_and_a_name():
    assert set(COLOURS) == {int(kind) for kind in EmergingClass} - {0}
    assert len(set(COLOURS.values())) == 16
    assert [class_letter(kind) for kind in HOT] == list("新连加持减零振历")
    assert class_name(0) == "无明显模式"
    assert class_letter(0) == ""
    assert class_colour(0, DARK) == DARK.no_pattern
    expression = class_expression("c", LIGHT)
    assert expression.count("c==") == 16


def test_the_legend_has_two_rows_with_characters_and_a_row_less_without_cold_classes():
    both, hot = class_legend_html(LIGHT, cold=True), class_legend_html(LIGHT, cold=False)
    assert "冷点" in both
    assert "冷点" not in hot
    assert all(letter in hot for letter in "新连加持减零振历")
    assert "无明显模式" in hot
    assert "零" in class_chip(6, DARK)


def test_small_counts_become_stubs_of_one_height():
    days = [dt.date(2026, 11, 4) + dt.timedelta(weeks=at) for at in range(4)]
    series = pd.Series([None, 0, 12, None], index=days, dtype="Int64")
    tree = ET.fromstring(bars_svg(series, "..++", colour="#FB246D", palette=LIGHT))  # noqa: S314 - our own text
    bars = [element.attrib for element in tree.iter() if element.tag.endswith("rect")]
    assert len(bars) == 3
    assert bars[0]["height"] == bars[2]["height"]
    assert float(bars[1]["height"]) > float(bars[0]["height"])
    assert [bar["fill"] for bar in bars[1:]] == ["#FB246D", "#FB246D"]
    assert bars[0]["fill"] != "#FB246D"


def test_the_band_of_the_forecast_stands_right_after_its_last_day_and_within_the_axis():
    days = [dt.date(2026, 11, 4) + dt.timedelta(weeks=at) for at in range(4)]
    series = pd.Series([3, 0, 2, None], index=days, dtype="Int64")
    row = pd.Series({"expected_week": 6.0, "low_90_week": 2, "high_90_week": 14}
                    | {"expected_month": 20.0, "low_90_month": 8, "high_90_month": 40})  # fmt: skip
    ahead = ahead_of(row, dt.date(2026, 12, 1), [code for code in SOURCES if code != "grid_patrol"])
    assert ahead.mean_week == (5.0, 2.0, 10.0)
    assert ahead.reading().endswith("预测不含网格排查")
    tree = ET.fromstring(bars_svg(series, "....", colour="#FB246D", palette=LIGHT, ahead=ahead))  # noqa: S314
    (band,) = [element.attrib["points"] for element in tree.iter() if element.tag.endswith("polygon")]
    (left, high), (right, _), (_, low), _ = [[float(each) for each in corner.split(",")] for corner in band.split()]
    step, top = (WIDTH - 34 - 4) / 8, HEIGHT - 8 - 22
    assert left == pytest.approx(34 + 4 * step, abs=0.1)
    assert right == pytest.approx(34 + 8 * step, abs=0.1)
    assert high == pytest.approx(8 + top * (1 - 10 / 16), abs=0.1)  # the axis ends at 16, above 14
    assert low == pytest.approx(8 + top * (1 - 2 / 16), abs=0.1)


def test_an_axis_ends_above_the_largest_count():
    for largest in (0, 3, 7, 99, 101, 4321):
        assert nice_top(largest) >= max(4, largest)


def test_cells_side_by_side_are_listed_once():
    centre = h3.latlng_to_cell(36.06, 103.83, 7)
    far = h3.latlng_to_cell(37.06, 103.83, 7)
    ring = sorted(h3.grid_disk(centre, 1))
    rows = pd.DataFrame(
        {
            "code": [*ring, far, far],
            "dispute_type": ["D06"] * 8 + ["D01"],
            "last_count": pd.array([0, None, 9, 0, 0, 0, 0, 0, 5], dtype="Int64"),
            "rank": range(1, 10),
        }
    )
    assert len(set(patches(rows["code"].iloc[:8]))) == 2
    found = with_patches(rows)
    assert found["code"].tolist() == [ring[2], far, far]
    assert found["cells"].tolist() == [7, 1, 1]
    assert found["rank"].tolist() == [1, 2, 3]


def test_words_of_a_row():
    row = pd.Series({"dispute_type": "D01", "previous_count": pd.NA, "last_count": 19}, dtype="object")
    assert both_text(row) == "<10 → 19"
    assert class_words(1) == "新 新增"
    assert class_words(-1) == "新 新增冷点"
    assert place_words("城关区", 7) == "城关区 连片 7 格"
    assert place_words("城关区", 1) == "城关区"
    assert since_text(None) == "—"
    assert since_text(dt.date(2026, 11, 4)) == "2026-11-04"
    assert recurrence_words(100.0) == "约 100 天"
    assert recurrence_words(1000.0) == "约 2.7 年"


def test_levels_are_those_of_the_run_and_the_usual_ones_where_a_run_is_asked_for():
    wide = SimpleNamespace(parameters={"layers": ["grid", "county"]}, sources=())
    assert level_words(wide) == {"county": "县区", "grid": "网格"}
    of_one_source = SimpleNamespace(parameters={"layers": ["county"]}, sources=("police",))
    for run in (None, of_one_source):
        assert set(level_words(run)) == set(DEFAULT_LAYERS)


def test_a_run_of_other_steps_than_weeks_says_so():
    runs = [
        SimpleNamespace(id=number, as_of=dt.date(2026, 11, 24), parameters={"unit": unit})
        for number, unit in ((2, "month"), (1, "week"))
    ]
    words = run_words(runs)
    assert words[""].endswith("第 2 次研判 · 按月")
    assert words["1"].endswith("第 1 次研判")


def test_months_are_counted_one_by_one_because_they_differ_in_length():
    steps = steps_until(dt.date(2026, 11, 30), unit="month", count=30)
    asked_for = []

    def totals(asked):
        asked_for.append(asked.period)
        return SimpleNamespace(current=len(asked_for) if len(asked_for) > 1 else None)

    screen = SimpleNamespace(
        layer=layer_of("county"),
        scope="62",
        steps=steps,
        asked=HotspotAsked("62"),
        reads=SimpleNamespace(totals=totals),
    )
    screen._months = partial(HotspotScreen._months, screen)
    series = HotspotScreen.series(screen, pd.Series({"code": "620102", "dispute_type": "D06"}))
    assert asked_for == [steps.of(at) for at in range(6, 30)]
    assert series.tolist()[1:] == list(range(2, 25))
    assert series.isna().tolist()[0]
