"""Risk on the map: score, expected counts, surprise; why a layer is off; a past week beside what came."""

import datetime as dt
import json
import shutil

import pytest
from sqlalchemy import select, update

from data.counting import Counting
from data.counts import Counts
from data.settings import Settings
from data.store import open_store, writing
from data.tables import forecast_models
from tests.pages.conftest import deck_of, texts


@pytest.fixture(scope="module")
def newest(evaluated) -> dt.date:
    engine = open_store(evaluated)
    counting = Counting(engine, evaluated)
    found = max(Counts(engine, counting).latest().values())
    counting.close()
    engine.dispose()
    return dt.datetime.fromtimestamp(found, evaluated.timezone).date()


def tips_of(app) -> list[dict]:
    (layer,) = [layer for layer in deck_of(app)["layers"] if layer["id"] == "children"]
    return [feature["properties"] for feature in layer["data"]["features"]]


def words_of(app) -> str:
    return texts(app)


def test_scores_stand_on_the_map_with_level_words_and_reasons_beside(evaluated, open_page):
    app = open_page(evaluated, measure="score")
    assert not app.exception
    lines = [tip["m"] for tip in tips_of(app)]
    assert any(line.startswith("风险分 ") and ("蓝 低" in line or "红" in line or "黄" in line) for line in lines)
    said = words_of(app)
    assert "不等于安全" in said
    assert "未来 4 周预计" in said
    assert app.dataframe[0].value["等级"].str.contains(" ").all()


def test_expected_counts_have_their_interval_in_the_tooltip(evaluated, open_page):
    app = open_page(evaluated, measure="expected", code="6201")
    assert not app.exception
    assert any("90% 区间" in tip["d"] for tip in tips_of(app))


def test_surprise_is_drawn_on_hexagons(evaluated, open_page):
    app = open_page(evaluated, measure="surprise", code="6201", shape="cells")
    assert not app.exception
    (layer,) = [layer for layer in deck_of(app)["layers"] if layer["id"] == "cells"]
    assert layer["data"]
    assert {row["m"] for row in layer["data"]} <= {"显著超出预计", "高于预计,可能是偶然", "没有超出预计"}


def test_the_slider_shows_what_was_published_for_a_past_week_beside_what_came(evaluated, open_page, newest):
    app = open_page(evaluated, measure="score", at=(newest - dt.timedelta(days=1)).isoformat())
    assert not app.exception
    assert "当时发布的预测" in words_of(app)
    table = app.dataframe[0].value
    assert {"说过", "发生", "结果"} <= set(table.columns)
    assert any("此前说过" in tip["d"] for tip in tips_of(app))


def test_a_week_before_the_first_forecast_comes_from_the_back_test(evaluated, open_page, newest):
    app = open_page(evaluated, measure="score", at=(newest - dt.timedelta(days=9)).isoformat())
    assert not app.exception
    assert "回测:由没有见过这一周的模型补说" in words_of(app)
    table = app.dataframe[0].value
    assert dict(zip(table["地点"], table["结果"], strict=True))["兰州市"] == "多于说过"


def test_a_week_that_nobody_foretold_says_so(evaluated, open_page, newest):
    app = open_page(evaluated, measure="score", at=(newest - dt.timedelta(days=60)).isoformat())
    assert not app.exception
    assert "没有保存这一周的预测" in words_of(app)


def test_small_counts_below_the_county_are_neither_told_nor_compared(evaluated, open_page, newest):
    app = open_page(evaluated, measure="score", code="620102", at=(newest - dt.timedelta(days=1)).isoformat())
    assert not app.exception
    table = app.dataframe[0].value
    assert (table.loc[table["发生"] == "<5", "结果"] == "件数少,不比较").all()
    assert not table["发生"].isin(["1", "2", "3", "4"]).any()


def test_a_layer_that_is_off_says_why_instead(evaluated, open_page, tmp_path):
    settings = Settings(var=tmp_path / "var")
    shutil.copytree(evaluated.var, settings.var, symlinks=True)
    engine = open_store(settings)
    with writing(engine) as connection:
        text = json.loads(connection.execute(select(forecast_models.c.calibration)).scalar_one())
        text["city"]["verdicts"][""] |= {"shown": False, "ratio": 1.042}
        connection.execute(update(forecast_models).values(calibration=json.dumps(text)))
    engine.dispose()
    app = open_page(settings, measure="score")
    assert not app.exception
    assert "没有胜过“上月件数”(误差比 1.042" in words_of(app)
    assert not any("风险分" in tip["m"] for tip in tips_of(app))


def test_without_a_forecast_the_layers_are_not_offered(demo, open_page):
    app = open_page(demo, measure="score")
    assert not app.exception
    assert "风险分" not in json.dumps(deck_of(app), ensure_ascii=False)
