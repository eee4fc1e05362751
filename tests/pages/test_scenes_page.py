"""大屏设置: scenes are added, moved, changed and saved under a name; nobody overwrites another unseen."""

from dataclasses import replace

import pytest

from data.scenes import (
    Programme,
    Scene,
    default_programme,
    find_programme,
    list_programmes,
    remove_programme,
    save_programme,
)
from data.settings import Settings
from data.store import open_store
from tests.pages.conftest import texts

BRIEFING = Programme("62", "周一例会", (Scene("map", 30, "62"), Scene("ranking", 20, "6201", title="省会")))


@pytest.fixture
def store(bare):
    """The record store of an installation without incidents."""
    engine = open_store(bare)
    yield engine
    engine.dispose()


def named(app, person: str = "王敏"):
    """The page after somebody said who acts."""
    app.session_state["acting-name"] = person
    return app.run()


def click(app, key: str):
    app.button(key=key).click()
    return app.run()


def opened(app) -> str:
    (said,) = [each.value for each in app.markdown if each.value.startswith("**第 ")]
    return said


def test_the_built_programme_is_shown_until_somebody_saves_one(bare, open_page):
    app = open_page(bare, page="scenes_page")
    assert not app.exception
    said = texts(app)
    assert "5 个 · 一轮 1 分 50 秒" in said
    assert "还没有人改过" in said
    assert "填写您的姓名" in said
    assert app.button(key="scenes-save").disabled


def test_a_kept_programme_says_who_saved_it_when(bare, store, open_page):
    save_programme(store, BRIEFING, person="李强", now=1_764_000_000)
    app = open_page(bare, page="scenes_page", programme="周一例会", scene="2")
    assert not app.exception
    assert opened(app) == "**第 2 个画面**"
    assert "兰州市 · 近 7 天 · 全部类型 · 件数 · 标题“省会”" in texts(app).replace("\\", "")
    history = app.dataframe[0].value
    assert history["修改人"].tolist() == ["李强"]
    assert history["时间"].tolist() == ["11-25 00:00"]
    assert "wall?programme=%E5%91%A8%E4%B8%80%E4%BE%8B%E4%BC%9A&scene=2&paused=1" in texts(app)


def test_a_scene_is_added_changed_moved_and_saved(bare, store, open_page):
    app = named(open_page(bare, page="scenes_page", scene="5"))
    click(app, "scene-add")
    assert opened(app) == "**第 6 个画面**"
    app.number_input(key="scene-seconds-5").set_value(45).run()
    app.selectbox(key="scene-dispute_type-5").select("D06").run()
    app.selectbox(key="scene-division-5-2").select("6201").run()
    app.selectbox(key="scene-division-5-3").select("620102").run()
    app.text_input(key="scene-title-5").set_value("城关区欠薪").run()
    click(app, "scene-up-5")
    assert opened(app) == "**第 5 个画面**"
    assert find_programme(store, "62") == default_programme("62")
    click(app, "scenes-save")
    assert not app.exception
    assert "已保存“默认”第 1 版" in texts(app)
    saved = find_programme(store, "62")
    assert saved.person == "王敏"
    assert saved.scenes[4] == Scene(
        "channels", 45, "620102", title="城关区欠薪", dispute_type="D06", period="ytd", measure="count"
    )
    assert saved.scenes[5] == default_programme("62").scenes[4]


def test_a_scene_is_taken_out_and_the_change_dropped_again(bare, open_page):
    app = named(open_page(bare, page="scenes_page", scene="2"))
    click(app, "scene-out-0")
    assert "4 个" in texts(app)
    assert opened(app) == "**第 1 个画面**"
    click(app, "scenes-drop")
    assert "5 个" in texts(app)


def test_whoever_was_overtaken_is_told_and_does_not_overwrite(bare, store, open_page):
    kept = save_programme(store, BRIEFING, person="李强", now=1)
    app = named(open_page(bare, page="scenes_page", programme="周一例会"))
    app.number_input(key="scene-seconds-0").set_value(90).run()
    theirs = save_programme(store, replace(kept, scenes=BRIEFING.scenes[:1]), person="赵芳", now=2)
    click(app, "scenes-save")
    said = texts(app).replace("\\", "")
    assert "赵芳刚刚保存了节目单“周一例会”(第 2 版),您改的是第 1 版,没有覆盖" in said
    assert "您的改动基于第 1 版" in said
    assert find_programme(store, "62", "周一例会") == theirs
    assert app.number_input(key="scene-seconds-0").value == 90
    click(app, "scenes-reload")
    assert app.number_input(key="scene-seconds-0").value == 30
    assert "1 个 · 一轮 30 秒" in texts(app)


def test_without_changes_of_ones_own_the_newer_version_is_simply_shown(bare, store, open_page):
    kept = save_programme(store, BRIEFING, person="李强", now=1)
    app = open_page(bare, page="scenes_page", programme="周一例会")
    save_programme(store, replace(kept, scenes=BRIEFING.scenes[:1]), person="赵芳", now=2)
    app.run()
    assert "1 个 · 一轮 30 秒" in texts(app)
    assert "基于第 1 版" not in texts(app)


def test_a_programme_is_copied_under_a_new_name_and_removed(bare, store, open_page):
    app = named(open_page(bare, page="scenes_page"))
    app.text_input(key="scenes-new-name").set_value("夜间值守").run()
    click(app, "scenes-new")
    assert [one.name for one in list_programmes(store, "62")] == ["夜间值守"]
    assert app.selectbox(key="scenes-programme").value == "夜间值守"
    click(app, "scenes-remove")
    assert list_programmes(store, "62") == []
    assert "已删除节目单“夜间值守”" in texts(app)
    assert app.selectbox(key="scenes-programme").value == "默认"


def test_a_name_that_is_taken_is_refused(bare, store, open_page):
    save_programme(store, BRIEFING, person="李强", now=1)
    app = named(open_page(bare, page="scenes_page"))
    app.text_input(key="scenes-new-name").set_value("周一例会").run()
    click(app, "scenes-new")
    assert "已经有名为“周一例会”的节目单" in texts(app)


def test_a_removed_programme_and_nonsense_in_a_link_are_said(bare, store, open_page):
    kept = save_programme(store, BRIEFING, person="李强", now=1)
    remove_programme(store, kept, person="李强", now=2)
    app = open_page(bare, page="scenes_page", programme="周一例会", scene="99")
    assert not app.exception
    assert "programme=周一例会" in texts(app)
    assert "scene=99" in texts(app)


def test_a_scene_of_a_division_that_is_gone_can_be_chosen_anew(bare, store, open_page):
    save_programme(store, replace(BRIEFING, scenes=(Scene("map", 30, "6288"),)), person="李强", now=1)
    app = named(open_page(bare, page="scenes_page", programme="周一例会"))
    assert not app.exception
    assert "区划 6288 已不存在" in texts(app)
    click(app, "scene-division-root")
    click(app, "scenes-save")
    assert find_programme(store, "62", "周一例会").scenes[0].division == "62"


def test_a_store_that_fails_is_said_without_a_traceback(demo, open_page, tmp_path):
    broken = Settings(var=tmp_path / "broken")
    broken.var.mkdir()
    broken.geography.symlink_to(demo.geography)
    (broken.var / "store.sqlite").write_text("not a database, but long enough to be taken for one " * 50)
    app = open_page(broken, page="scenes_page")
    assert not app.exception
    assert "暂时取不到数据" in texts(app)
