import json
import shutil

import pytest

from data.settings import Settings
from tests.pages.conftest import texts

CHARTS = 8
WORDS = ("近 7 天", "近 28 天", "今年以来", "同比", "环比", "逾期占未结", "重启占办结", "化解层级", "三调对接成功率")


def strict(text: str) -> dict:
    """What a browser makes of it: it knows no NaN."""

    def refuse(word: str) -> None:
        raise ValueError(word)

    return json.loads(text, parse_constant=refuse)


def specs(app) -> list[dict]:
    return [strict(chart.proto.spec) for chart in app.get("vega_lite_chart")]


def rows_of(app, title: str) -> list[dict]:
    """Data of the layer that is clicked, of the chart whose alternative text says the title."""
    chart = next(each for each in app.get("vega_lite_chart") if title in each.proto.alt)
    layers = strict(chart.proto.spec)["layer"]
    return next(layer for layer in layers if layer.get("name") == "picked")["data"]["values"]


def test_a_full_page_shows_windows_handling_and_eight_charts_each_with_data_and_picture(demo, open_page):
    app = open_page(demo, page="trends_page")
    assert not app.exception
    assert not [words for words in WORDS if words not in texts(app)]
    assert len(specs(app)) == CHARTS
    assert all(chart.proto.alt for chart in app.get("vega_lite_chart"))
    assert "://" not in str(specs(app))
    assert "未画预测" in texts(app)
    labels = [button.proto.label for button in app.get("download_button")]
    assert labels.count("数据") == CHARTS + 1
    pictures = [each for each in app.get("bidi_component") if each.proto.component_name.endswith("save_picture")]
    assert len(pictures) == CHARTS


def test_the_filter_of_the_map_counts_here_too_and_leads_back_to_it(demo, open_page):
    app = open_page(demo, page="trends_page", code="6201", type="D02", window="ytd")
    assert "兰州市" in texts(app)
    link = next(each for each in app.get("link_button") if each.proto.label == "在地图上看")
    assert link.proto.url == "./?code=6201&type=D02&window=ytd"
    every = open_page(demo, page="trends_page", code="6201", window="ytd")
    chosen = {row["code"]: row for row in rows_of(app, "化解层级")}
    total = {row["code"]: row for row in rows_of(every, "化解层级")}
    assert 0 < chosen["village"]["to"] < total["village"]["to"]


def test_what_was_chosen_on_charts_narrows_the_others_and_can_be_taken_back(demo, open_page):
    app = open_page(demo, page="trends_page", weekday="2", hour="10", settled="village", window="ytd")
    assert not app.exception
    cells = rows_of(app, "星期与时段")
    assert [(row["weekday"], row["hour"]) for row in cells if row["framed"]] == [(2, 10)]
    assert sum(row["count"] for row in cells) > sum(row["count"] for row in cells if row["framed"]) > 0
    app.button(key="without-hour").click().run()
    assert "hour" not in app.query_params
    assert app.query_params["settled"] in ("village", ["village"])


def test_days_and_all_types_and_last_year_are_one_click_away(demo, open_page):
    app = open_page(demo, page="trends_page", step="day", rows="all", base="last_year")
    assert len(rows_of(app, "天件数")) == 56
    assert len({row["kind"] for row in rows_of(app, "增减")}) == 21
    assert "比去年同期增减件数" in texts(app)


@pytest.mark.parametrize("code", ["620102", "620102001", "620102001001001"])
def test_every_level_down_to_the_grid_has_a_page_without_small_counts(demo, open_page, code):
    app = open_page(demo, page="trends_page", code=code)
    assert not app.exception
    if len(code) > 6 and len(specs(app)):
        weeks = rows_of(app, "周件数")
        assert not [row for row in weeks if row["count"] is not None and 0 < row["count"] < 5]


def test_an_empty_pool_says_so_and_draws_nothing(bare, open_page):
    app = open_page(bare, page="trends_page")
    assert not app.exception
    assert "所选条件下没有纠纷" in texts(app)
    assert not specs(app)


def test_a_period_without_incidents_says_what_was_asked(demo, open_page):
    app = open_page(demo, page="trends_page", window="custom", start="2020-01-01", end="2020-01-07", type="D20")
    assert not app.exception
    assert "知识产权" in texts(app)
    assert "所选条件下没有纠纷" in texts(app)


def test_a_damaged_pool_shows_a_number_and_no_traceback(demo, open_page, tmp_path):
    broken = Settings(var=tmp_path / "broken")
    shutil.copytree(demo.var, broken.var, ignore=shutil.ignore_patterns("feeds"))
    for file in broken.segments.glob("*.parquet"):
        file.unlink()
    app = open_page(broken, page="trends_page")
    assert not app.exception
    assert "暂时取不到数据" in texts(app)


def test_a_wrong_link_and_a_wrong_file_of_references_are_told(bare, open_page):
    (bare.var / "references.yaml").write_text("label: x\nsuccess: {court: 70}\n", encoding="utf-8")
    assert "0 到 1" in texts(open_page(bare, page="trends_page"))
    (bare.var / "references.yaml").unlink()
    assert "hour=99" in texts(open_page(bare, page="trends_page", hour="99"))
