"""The map page as time goes by: new incidents, the time slider, two periods side by side."""

import json
import shutil
from datetime import date, timedelta

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.map import time_slider as map_time
from dashboard.map.time_slider import PLAYS
from data.batch_import import Delivery, import_file
from data.places import open_places
from data.segments import publish
from data.settings import Settings
from data.store import open_store
from geo.datum import Datum
from tests.pages.conftest import texts


def decks(app: AppTest) -> list[dict]:
    return [json.loads(chart.proto.json) for chart in app.get("deck_gl_json_chart")]


def ids(app: AppTest) -> list[str]:
    return [layer["id"] for layer in decks(app)[0]["layers"]]


def tile(app: AppTest, label: str) -> str:
    return next(element.proto.body for element in app.get("html") if label in element.proto.body)


def slider(app: AppTest):
    return app.select_slider(key="time-slider")


@pytest.fixture
def growing(demo, tmp_path) -> Settings:
    """A copy of the demo that a test may add to."""
    own = Settings(var=tmp_path / "growing")
    shutil.copytree(demo.var, own.var, ignore=shutil.ignore_patterns("feeds"))
    return own


def add_incident(settings: Settings, tmp_path, *, code: str, kind: str) -> None:
    """What a feed would post now, published."""
    engine = open_store(settings)
    now = pd.Timestamp.now(settings.timezone).floor("s")
    row = {"编号": f"N{code}", "纠纷类型": kind, "受理时间": f"{now:%Y-%m-%d %H:%M:%S}", "区划代码": code}
    path = tmp_path / "one.csv"
    pd.DataFrame([row]).to_csv(path, index=False)
    delivery = Delivery(path, "hotline", Datum.WGS84)
    import_file(engine, open_places(settings), delivery, as_of=now + pd.Timedelta(minutes=1))
    publish(engine, settings)
    engine.dispose()


def test_a_new_incident_pulses_and_stands_in_the_ticker_and_zoom_is_kept(growing, open_page, tmp_path):
    app = open_page(growing)
    assert not app.exception
    assert not [name for name in ids(app) if name.startswith("rings")]
    view = decks(app)[0]["initialViewState"]
    add_incident(growing, tmp_path, code="620102", kind="劳动争议、欠薪")
    app.run()
    assert not app.exception
    assert "城关区 · 劳动争议、欠薪" in texts(app)
    rings = [layer for layer in decks(app)[0]["layers"] if layer["id"].startswith("rings")]
    assert len(rings) == 2
    assert rings[0]["transitions"]["getRadius"]["duration"] == 2000
    assert decks(app)[0]["initialViewState"] == view
    app.run()
    assert not [name for name in ids(app) if name.startswith("rings")]


def test_below_the_county_a_new_incident_of_a_sensitive_type_marks_no_township(growing, open_page, tmp_path):
    app = open_page(growing, code="620102001")
    add_incident(growing, tmp_path, code="620102001", kind="医疗")
    app.run()
    assert not app.exception
    assert not [name for name in ids(app) if name.startswith("rings")]
    assert "城关区 · 医疗" in texts(app)


def test_the_slider_ends_live_and_moves_the_period_of_map_tiles_and_ranking(demo, open_page):
    app = open_page(demo)
    steps = slider(app).options
    assert len(steps) == map_time.WEEKS + 1
    assert "实时" in steps[-1]
    before = tile(app, "新增纠纷")
    app.button(key="step-left").click().run()
    assert not app.exception
    assert "at" in app.query_params
    assert tile(app, "新增纠纷") != before
    app.button(key="step-right").click().run()
    assert "at" not in app.query_params
    assert tile(app, "新增纠纷") == before


def test_a_link_into_the_past_counts_what_the_custom_period_counts(demo, open_page):
    app = open_page(demo)
    newest = date.fromisoformat(str(slider(app).value)[:10])
    last = newest - timedelta(days=21)
    past = open_page(demo, at=last.isoformat())
    custom = open_page(demo, window="custom", start=(last - timedelta(days=27)).isoformat(), end=last.isoformat())
    pd.testing.assert_frame_equal(past.dataframe[0].value, custom.dataframe[0].value)
    assert tile(past, "新增纠纷") == tile(custom, "新增纠纷")


def test_playing_steps_from_the_oldest_to_live_and_a_pause_is_kept_in_the_address(demo, open_page):
    app = open_page(demo, window="7d")
    app.button(key="play").click().run()
    assert not app.exception
    first = app.session_state[PLAYS]
    assert "播放时不计算" in texts(app)
    assert "at" not in app.query_params
    app.button(key="play").click().run()
    assert app.query_params["at"] in (first, [first])
    assert "播放时不计算" not in texts(app)


def test_two_periods_stand_side_by_side_with_one_legend_and_the_same_view(demo, open_page):
    app = open_page(demo, compare="last_year", code="6201")
    assert not app.exception
    one, other = decks(app)
    assert one["initialViewState"] == other["initialViewState"]
    fills = [next(each for each in deck["layers"] if each["id"] == "children") for deck in (one, other)]
    assert fills[0]["getFillColor"] == fills[1]["getFillColor"]
    assert "对比期(去年同期)" in texts(app)
    assert list(app.dataframe[0].value.columns) == ["区划", "对比期", "本期", "变化"]


def test_a_period_to_compare_may_be_chosen_and_is_as_long(demo, open_page):
    app = open_page(demo)
    app.selectbox(key="choose-compare").select("custom").run()
    assert app.query_params["compare"] in ("custom", ["custom"])
    app.date_input(key="choose-since").set_value(date(2026, 3, 1)).run()
    assert not app.exception
    assert app.query_params["since"] in ("2026-03-01", ["2026-03-01"])
    assert "3月1日–3月28日" in texts(app)


def test_an_empty_pool_compares_and_slides_without_failing(bare, open_page):
    for params in ({"compare": "previous"}, {"at": "2026-01-01"}):
        app = open_page(bare, **params)
        assert not app.exception
        assert "所选条件下没有纠纷" in texts(app)


def test_filters_chosen_after_a_drill_keep_the_place(demo, open_page):
    app = open_page(demo)
    app.query_params["code"] = "6201"  # as the map's fragment does, without the filters being drawn anew
    app.selectbox(key="choose-type").select("D06").run()
    assert app.query_params["code"] in ("6201", ["6201"])
    assert "县区排名" in texts(app)
