"""大屏: the scene whose turn it is, in large letters, with the age of the data; empty, full and failing."""

import datetime as dt
import re
from dataclasses import replace

import pytest

from dashboard.pool import Pool
from data.assessments.assess import Assessor
from data.assessments.parameters import Parameters, ScanSettings
from data.counting import Counting
from data.scenes import Programme, Scene, default_programme, save_programme
from data.settings import Settings
from data.store import PoolUnavailableError, open_store
from tests.conftest import AS_OF
from tests.data.alerts.conftest import put_alert
from tests.pages.conftest import deck_of, texts

KINDS = [scene.kind for scene in default_programme("62").scenes]


@pytest.fixture
def at(monkeypatch):
    """Set the clock that the pages read."""

    def set_(moment: dt.datetime) -> None:
        monkeypatch.setattr(Pool, "now", lambda _pool: moment)

    return set_


@pytest.fixture
def arranged(demo, tmp_path) -> Settings:
    """A copy of the demo whose screen shows three short scenes of one programme."""
    import shutil

    settings = Settings(var=tmp_path / "arranged")
    settings.var.mkdir()
    shutil.copy(demo.var / "store.sqlite", settings.var / "store.sqlite")
    for name in ("geography", "segments", "legend.json"):
        (settings.var / name).symlink_to(demo.var / name)
    engine = open_store(settings)
    scenes = (Scene("map", 10, "62"), Scene("ranking", 20, "6201", period="28d"), Scene("series", 30, "620102001"))
    save_programme(engine, Programme("62", "例会", scenes), person="王敏", now=1)
    engine.dispose()
    return settings


def seen(app) -> str:
    """Words of the page without HTML."""
    return re.sub(r"<[^>]+>", " ", texts(app))


def letters(app) -> list[float]:
    """Heights of all letters on the page in hundredths of the screen's."""
    drawn = re.sub(r"<style>.*?</style>", "", texts(app), flags=re.DOTALL)
    return [float(size) for size in re.findall(r"font-size:([0-9.]+)vh", drawn)]


@pytest.mark.parametrize("number", range(2, len(KINDS) + 1))
def test_every_kind_of_scene_says_what_it_must(demo, open_page, number):
    app = open_page(demo, page="wall_page", scene=str(number), paused="1")
    assert not app.exception
    said = seen(app)
    assert f"画面 {number}/{len(KINDS)} · 已暂停" in said
    assert "内部资料,示意图,不作划界依据 · 审图号:" in said
    assert "模拟数据" in said
    assert "数据截至" in said
    assert "甘肃省" in said
    assert min(letters(app)) >= 2.3
    shown = deck_of(app)
    assert any(layer["id"] == "children" for layer in shown["layers"])
    assert "://" not in str(shown)


def test_the_map_scene_has_key_figures_with_both_counts_and_large_labels(demo, open_page):
    app = open_page(demo, page="wall_page", scene="1", paused="1")
    said = seen(app)
    for label in ("新增纠纷", "办结", "逾期未结", "新兴热点"):
        assert label in said
    assert re.search(r"上期 [\d,]+ → 本期 [\d,]+", said)
    assert re.search(r"上期末 [\d,]+ → 本期 [\d,]+", said)
    names = [layer for layer in deck_of(app)["layers"] if layer["@@type"] == "TextLayer"]
    assert {layer["getSize"] for layer in names} == {20}  # 24 on 1,080; the test's window is 900 high
    assert any(re.fullmatch(r"兰州 [\d,]+", row["t"]) for layer in names for row in layer["data"])


def test_the_clock_says_which_scene_is_shown_and_the_screen_turns_by_itself(arranged, open_page, at):
    start = dt.datetime.fromtimestamp(60 * 30_000_000, AS_OF.tzinfo)
    at(start + dt.timedelta(seconds=9))
    app = open_page(arranged, page="wall_page", programme="例会")
    assert not app.exception
    assert "画面 1/3" in seen(app)
    assert "已暂停" not in seen(app)
    at(start + dt.timedelta(seconds=10))
    app.run()
    assert "画面 2/3" in seen(app)
    assert "兰州市县区排名" in seen(app)


def test_keys_hold_step_and_release(arranged, open_page, at):
    at(dt.datetime.fromtimestamp(60 * 30_000_000, AS_OF.tzinfo))
    app = open_page(arranged, page="wall_page", programme="例会")
    app.button(key="wall-turn").click().run()
    assert app.query_params["paused"] == "1"
    assert app.query_params["scene"] == "1"
    assert "画面 1/3 · 已暂停" in seen(app)
    app.button(key="wall-back").click().run()
    assert "画面 3/3 · 已暂停" in seen(app)
    app.button(key="wall-next").click().run()
    assert app.query_params["scene"] == "1"
    app.button(key="wall-turn").click().run()
    assert "paused" not in app.query_params
    assert app.query_params["programme"] == "例会"


def test_below_the_county_small_counts_are_withheld(arranged, open_page):
    app = open_page(arranged, page="wall_page", programme="例会", scene="3", paused="1")
    assert not app.exception
    said = seen(app)
    assert "边界为示意" in said
    counts = [int(count.replace(",", "")) for count in re.findall(r"新增纠纷 +([\d,]+)", said)]
    assert all(count == 0 or count >= 5 for count in counts)
    below = [row["t"] for layer in deck_of(app)["layers"] if layer["@@type"] == "TextLayer" for row in layer["data"]]
    told = [int(found[1]) for found in (re.search(r" (\d+)$", name) for name in below) if found]
    assert all(count == 0 or count >= 5 for count in told)


@pytest.mark.parametrize(("minutes", "words"), [(29, "29 分钟前"), (38, "▲ 数据已停 38 分钟")])
def test_the_age_of_the_data_is_told_and_large_when_they_have_stopped(demo, open_page, at, minutes, words):
    engine = open_store(demo)
    counting = Counting(engine, demo)
    from data.counts import Counts

    newest = max(Counts(engine, counting).latest().values())
    counting.close()
    engine.dispose()
    at(dt.datetime.fromtimestamp(newest, AS_OF.tzinfo) + dt.timedelta(minutes=minutes))
    app = open_page(demo, page="wall_page", scene="1", paused="1")
    assert words in seen(app)
    large = re.search(r"font-size:4\.4vh[^>]*>▲ 数据已停", texts(app))
    assert (large is not None) == (minutes > 30)


@pytest.mark.parametrize("number", [1, 4])
def test_an_empty_pool_is_shown_as_such(bare, open_page, number):
    app = open_page(bare, page="wall_page", scene=str(number), paused="1")
    assert not app.exception
    assert "暂无数据" in seen(app)


def test_before_the_first_assessment_the_list_says_so(bare, open_page):
    app = open_page(bare, page="wall_page", scene="3", paused="1")
    assert "还没有研判过" in seen(app)


def test_an_unknown_programme_is_said_and_the_default_shown(demo, open_page):
    app = open_page(demo, page="wall_page", programme="没有<b>", paused="1")
    assert not app.exception
    assert "没有节目单“没有&lt;b&gt;”,显示默认节目单" in texts(app)
    assert "画面 1/5" in seen(app)


def test_scenes_of_divisions_that_are_gone_are_passed_over(arranged, open_page):
    engine = open_store(arranged)
    scenes = (Scene("map", 10, "6288"), Scene("ranking", 20, "6201"))
    save_programme(engine, Programme("62", "旧的", scenes), person="王敏", now=1)
    engine.dispose()
    app = open_page(arranged, page="wall_page", programme="旧的", paused="1")
    assert "画面 1/1" in seen(app)
    assert "兰州市" in seen(app)


def test_what_was_drawn_stays_while_the_store_does_not_answer(arranged, open_page, monkeypatch):
    app = open_page(arranged, page="wall_page", programme="例会", scene="1", paused="1")

    def fails(*_arguments):
        raise PoolUnavailableError("gone")

    # The screen itself was read; only the look for what is due now fails.
    monkeypatch.setattr("dashboard.wall.stage.beat_of", fails)
    app.run()
    assert not app.exception
    said = seen(app)
    assert "▲ 暂时取不到新数据" in said
    assert "新增纠纷" in said


def test_a_store_that_fails_is_said_and_tried_again_without_a_hand(demo, open_page, tmp_path):
    broken = Settings(var=tmp_path / "broken")
    broken.var.mkdir()
    broken.geography.symlink_to(demo.geography)
    (broken.var / "store.sqlite").write_text("not a database, but long enough to be taken for one " * 50)
    app = open_page(broken, page="wall_page")
    assert not app.exception
    assert "暂时取不到数据" in seen(app)
    assert "自动重试" in seen(app)
    assert "wall-beat" in texts(app)


def test_hotspots_of_the_newest_assessment_are_listed_and_marked(arranged, open_page):
    engine = open_store(arranged)
    counting = Counting(engine, arranged)
    newest = dt.date(2026, 11, 24)
    scan = ScanSettings("")
    Assessor(engine, counting, arranged).assess(Parameters("62", newest, ("township",), ("D02", "D06"), scan=scan))
    counting.close()
    scenes = (replace(default_programme("62").scenes[2], period="28d"),)
    save_programme(engine, Programme("62", "预警", scenes), person="王敏", now=1)
    engine.dispose()
    app = open_page(arranged, page="wall_page", programme="预警", paused="1")
    assert not app.exception
    said = seen(app)
    listed_as = re.search(r"(新兴热点|未办结的预警) ([\d,]+)", said)
    assert listed_as is not None
    marks = [layer for layer in deck_of(app)["layers"] if layer["id"] == "mark-numbers"]
    listed = re.findall(r"(?:新 新增|连 连续|加 加剧|红 重大|橙 较大|黄 一般|蓝 低)", said)
    assert len(marks[0]["data"] if marks else []) == len(listed)


def test_unsettled_alerts_come_before_hotspots_with_the_word_of_their_level(arranged, open_page):
    engine = open_store(arranged)
    put_alert(engine, 1)
    put_alert(engine, 2, dispute_type="D02", level=0, last_count=12, last_is_floor=True, previous_count=7)
    put_alert(engine, 3, dispute_type="D01", state="closed")
    others = ("D03", "D04", "D05", "D07", "D08", "D09", "D10", "D12", "D13", "D14", "D15", "D16")
    for serial, kind in enumerate(others, 4):  # more than there is room for
        put_alert(engine, serial, dispute_type=kind, level=3)
    save_programme(engine, Programme("62", "预警", (Scene("alerts", 10, "62"),)), person="王敏", now=1)
    engine.dispose()
    app = open_page(arranged, page="wall_page", programme="预警", paused="1")
    assert not app.exception
    said = " ".join(seen(app).split())
    assert "未办结的预警 14 已办结和误报 1 条" in said
    assert said.index("红 重大") < said.index("橙 较大")
    assert "7 → ≥12" in said
    assert "<5 → 19" in said.replace("&lt;", "<")
    assert "劳动争议、欠薪 · 新" in said
    (marks,) = [layer for layer in deck_of(app)["layers"] if layer["id"] == "mark-numbers"]
    listed = len(re.findall("红 重大|橙 较大|蓝 低", said))
    assert listed < 14
    assert sorted(int(row["t"]) for row in marks["data"]) == list(range(1, listed + 1))
    # Of one township, and yet none covers another.
    assert len({tuple(row["p"]) for row in marks["data"]}) == listed
