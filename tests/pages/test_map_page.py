import datetime as dt
import shutil
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from data.counting import Counting
from data.counts import Counts
from data.filter import IncidentFilter, Period
from data.settings import Settings
from data.store import open_store
from tests.pages.conftest import deck_of, texts


def layer(app: AppTest, name: str) -> dict:
    return next(each for each in deck_of(app)["layers"] if each["id"] == name)


def tile(app: AppTest, label: str) -> str:
    return next(element.proto.body for element in app.get("html") if label in element.proto.body)


def test_a_full_map_shows_every_child_tiles_and_ranking(demo, open_page):
    app = open_page(demo)
    assert not app.exception
    features = layer(app, "children")["data"]["features"]
    assert len(features) == 17
    assert "新增纠纷" in texts(app)
    assert "模拟数据" in texts(app)
    assert len(app.dataframe[0].value) == 14
    assert "示意图,不作划界依据" in texts(app)


def test_nothing_in_the_map_asks_for_the_internet(demo, open_page):
    deck = deck_of(open_page(demo))
    assert not deck.get("mapProvider")
    assert "://" not in str(deck)


@pytest.mark.parametrize(
    ("code", "level"), [("6201", "县区"), ("620102", "乡镇街道"), ("620102001", "村社区"), ("620102001001", "网格")]
)
def test_every_level_down_to_the_village_ranks_its_children(demo, open_page, code, level):
    app = open_page(demo, code=code)
    assert not app.exception
    assert f"{level}排名" in texts(app)


def test_schematic_boundaries_are_labelled_wherever_they_are_drawn(demo, open_page):
    assert "边界为示意" not in texts(open_page(demo, code="6201"))
    for code in ("620102", "620102001", "620102001001"):
        assert "边界为示意" in texts(open_page(demo, code=code))


def test_lanzhou_new_area_stands_in_the_table_without_a_polygon(demo, open_page):
    app = open_page(demo, code="6201")
    assert any("兰州新区(无边界)" in str(name) for name in app.dataframe[0].value["区划"])
    assert "620171" not in {feature["properties"]["code"] for feature in layer(app, "children")["data"]["features"]}


def test_jiayuguan_is_drawn_on_both_levels_and_special_areas_carry_no_number(demo, open_page):
    assert [f["properties"]["code"] for f in layer(open_page(demo, code="6202"), "children")["data"]["features"]] == [
        "620201"
    ]
    special = [f for f in layer(open_page(demo), "children")["data"]["features"] if f["properties"]["code"] == "6297"]
    assert "不统计" in str(special[0]["properties"])


def test_hexagons_and_polygons_say_the_same_number(demo, open_page):
    areas, cells = open_page(demo), open_page(demo, shape="cells")
    assert layer(cells, "cells")["data"]
    assert tile(areas, "新增纠纷") == tile(cells, "新增纠纷")


def test_a_grid_lists_its_incidents(demo, open_page):
    app = open_page(demo, code=some_grid(demo, told=True), window="ytd")
    assert not app.exception
    assert "本网格纠纷" in texts(app)
    assert len(app.dataframe[0].value) > 0
    assert layer(app, "incidents")["data"]


def test_a_grid_whose_count_is_withheld_lists_and_draws_nothing(demo, open_page):
    app = open_page(demo, code=some_grid(demo, told=False), window="ytd")
    assert not app.exception
    assert "不逐件列出" in texts(app)
    assert not app.dataframe
    assert "incidents" not in [each["id"] for each in deck_of(app)["layers"]]


def some_grid(demo, *, told: bool) -> str:
    """A grid with incidents this year whose count is told, or is withheld."""
    engine = open_store(demo)
    counting = Counting(engine, demo)
    counts = Counts(engine, counting, geography=demo.geography)
    today = dt.datetime.fromtimestamp(max(counts.latest().values()), demo.timezone).date()
    year = IncidentFilter("62", Period(dt.date(today.year, 1, 1), today + dt.timedelta(days=1)))
    villages = counting.run(busiest_grids(100))["place"].astype(str).str[:12].unique()
    found = (counts.by_child(replace(year, division=village), [])["incident_count"] for village in villages)
    grids = (each[each.fillna(0) > 0] if told else each[each.isna()] for each in found)
    chosen = next(code for each in grids for code in each.index if len(code) == 15)
    counting.close()
    engine.dispose()
    return chosen


def busiest_grids(most: int):
    from sqlalchemy import func, select

    from data.queries import facts

    total = func.sum(facts.c.weight)
    full = func.mod(facts.c.place, 1000) > 0
    kind = facts.c.dispute_type.not_in(("D01", "D11"))  # listed whatever their number
    return select(facts.c.place).where(full, kind).group_by(facts.c.place).order_by(total.desc()).limit(most)


def test_an_empty_pool_says_so_and_keeps_the_map(bare, open_page):
    app = open_page(bare)
    assert not app.exception
    assert "所选条件下没有纠纷" in texts(app)
    assert len(layer(app, "children")["data"]["features"]) == 17


def test_a_filter_without_incidents_says_what_was_asked(demo, open_page):
    app = open_page(demo, type="D20", status="supervised", source="walk_in", window="7d", channel="court")
    assert "所选条件下没有纠纷" in texts(app)
    assert "知识产权" in texts(app)


def test_a_damaged_pool_shows_a_number_and_no_traceback(demo, open_page, tmp_path):
    broken = Settings(var=tmp_path / "broken")
    shutil.copytree(demo.var, broken.var, ignore=shutil.ignore_patterns("feeds"))
    for file in broken.segments.glob("*.parquet"):
        file.unlink()
    app = open_page(broken)
    assert not app.exception
    assert "暂时取不到数据" in texts(app)
    assert any("重试" in button.label for button in app.button)


def test_without_geography_the_page_says_what_to_run(tmp_path, open_page):
    app = open_page(Settings(var=tmp_path / "nothing"))
    assert "make demo" in texts(app)


def test_a_wrong_link_opens_the_province_and_names_what_was_ignored(demo, open_page):
    app = open_page(demo, code="999999", type="<b>x")
    assert not app.exception
    assert "code=999999" in texts(app)


def test_choosing_a_type_changes_the_url_and_the_numbers(demo, open_page):
    app = open_page(demo)
    before = tile(app, "新增纠纷")
    app.selectbox(key="choose-type").select("D06").run()
    assert app.query_params["type"] in ("D06", ["D06"])
    assert tile(app, "新增纠纷") != before


def test_the_page_counts_what_the_door_counts(demo, open_page):
    app = open_page(demo, window="custom", start="2020-01-01", end="2099-12-31")
    engine = open_store(demo)
    counting = Counting(engine, demo)
    total = sum(Counts(engine, counting).by_source(dt.date(2026, 1, 1))["incident_count"])
    assert total == 30_000
    assert "30,000" in texts(app)
    counting.close()
    engine.dispose()
