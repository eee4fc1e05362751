"""预警处置: full, empty, acted upon, failing."""

import shutil

import pandas as pd
import pytest

from data.alerts.acting import By, act_on
from data.alerts.desk import note_look
from data.alerts.reading import find_alert
from data.settings import Settings
from data.store import open_store
from tests.data.alerts.conftest import put_alert
from tests.pages.conftest import texts

OWN, NEXT = 620102001000000, 620102002000000
CELLS = [("cell7", 608633745066426367), ("cell7", 608633744881876991)]
MIN = By("王敏", pd.Timestamp("2026-11-20 08:30", tz="Asia/Shanghai"), "62")


@pytest.fixture(scope="module")
def raised(demo, tmp_path_factory) -> Settings:
    """A copy of the demo with alerts in every state."""
    settings = Settings(var=tmp_path_factory.mktemp("raised"))
    shutil.copy(demo.var / "store.sqlite", settings.var / "store.sqlite")
    for folder in ("geography", "segments"):
        (settings.var / folder).symlink_to(demo.var / folder)
    engine = open_store(settings)
    put_alert(engine, 1, level=0, places=[("township", OWN), *CELLS])
    put_alert(engine, 2, home=NEXT, within=NEXT, dispute_type="D10", level=1, last_is_floor=True)
    put_alert(engine, 3, home=NEXT, within=NEXT, dispute_type="D02", state="acknowledged", level=2)
    put_alert(engine, 4, state="assigned", dispute_type="D02")
    put_alert(engine, 5, state="false_alarm", dispute_type="D07")
    put_alert(engine, 6, state="assigned", home=NEXT, within=NEXT)
    act_on(engine, "YJ-2026-0006", "close", MIN, note="工资专班三天内发放")
    note_look(engine, "李强", at=MIN.at - pd.Timedelta(hours=1))
    engine.dispose()
    return settings


@pytest.fixture
def own(raised, tmp_path) -> Settings:
    """The same, to be changed by one test."""
    settings = Settings(var=tmp_path / "own")
    shutil.copytree(raised.var, settings.var, symlinks=True)
    return settings


def button(app, key: str):
    return next(each for each in app.button if each.key == key)


def named(app, name: str = "李强"):
    """Give the officer's name."""
    next(each for each in app.text_input if each.label == "处置人姓名").set_value(name)
    return app.run()


def state_of(settings: Settings, number: str) -> str:
    engine = open_store(settings)
    found = find_alert(engine, "62", number)
    engine.dispose()
    assert found is not None
    return found.state


def list_of(app) -> pd.DataFrame:
    return next(frame.value for frame in app.dataframe if "等级" in frame.value.columns)


def test_alerts_to_be_dealt_with_are_listed_gravest_first_with_numbers_on_tabs_and_types(raised, open_page):
    app = open_page(raised, page="alerts_page")
    assert not app.exception
    assert list_of(app)["等级"].tolist() == ["红 重大", "橙 较大", "黄 一般"]
    assert list_of(app)["前 4 周 → 近 4 周"].tolist() == ["<5 → 19", "<5 → ≥19", "<5 → 19"]
    (pills, tabs) = app.button_group
    assert pills.proto.options[0].content == "全部 3"
    assert [option.content for option in tabs.proto.options] == ["待处置 3", "已派单 1", "已办结 1", "误报 1", "全部 6"]


def test_the_gravest_is_open_with_why_since_when_what_was_alike_and_its_history(raised, open_page):
    said = texts(open_page(raised, page="alerts_page"))
    assert "城关区" in said
    assert "YJ-2026-0001" in said
    assert "所在乡镇街道近 4 周 19 件,前 4 周 &lt;5 件。" in said
    assert "首次出现 2026-11-03" in said
    assert "每周件数" in said
    assert "同县区、同类型,已办结" in said
    assert "工资专班三天内发放" in said
    assert "怎样化解" in said
    assert "不等于安全" in said


def test_types_states_and_the_alert_come_from_the_link(raised, open_page):
    app = open_page(raised, page="alerts_page", type="D02", state="assigned", alert="YJ-2026-0004")
    assert not app.exception
    assert len(list_of(app)) == 1
    assert "YJ-2026-0004" in texts(app)


def test_an_alert_of_the_link_is_shown_even_where_the_list_is_of_others(raised, open_page):
    app = open_page(raised, page="alerts_page", alert="YJ-2026-0005")
    assert "YJ-2026-0005" in texts(app)
    assert len(list_of(app)) == 3


def test_a_link_that_makes_no_sense_is_said(raised, open_page):
    app = open_page(raised, page="alerts_page", alert="YJ-2026-4711", state="lost", level="9", type="D77")
    assert not app.exception
    said = texts(app)
    assert all(f"{key}=" in said for key in ("alert", "state", "level", "type"))


def test_nothing_can_be_done_before_a_name_is_given(raised, open_page):
    app = open_page(raised, page="alerts_page")
    assert button(app, "alerts-acknowledge").disabled
    assert "处置人" in texts(app)
    assert not button(named(app, "赵磊"), "alerts-acknowledge").disabled


def test_keys_lead_to_the_next_and_previous_alert_and_open_it_alone(raised, open_page):
    app = open_page(raised, page="alerts_page")
    button(app, "alerts-next").click().run()
    assert app.query_params["alert"] == "YJ-2026-0002"
    button(app, "alerts-before").click().run()
    assert app.query_params["alert"] == "YJ-2026-0001"
    button(app, "alerts-open").click().run()
    assert app.query_params["show"] == "whole"
    assert not app.exception
    button(app, "alerts-back").click().run()
    assert "show" not in app.query_params


def test_an_alert_is_led_from_new_to_closed(own, open_page):
    app = named(open_page(own, page="alerts_page", alert="YJ-2026-0001"))
    button(app, "alerts-acknowledge").click().run()
    assert state_of(own, "YJ-2026-0001") == "acknowledged"
    button(app, "alerts-assign").click().run()
    next(each for each in app.text_input if each.key == "alerts-to-unit").set_value("雁南街道综治中心")
    next(each for each in app.button if each.label == "提交").click().run()
    assert not app.exception
    assert state_of(own, "YJ-2026-0001") == "assigned"
    assert "派给 雁南街道综治中心" in texts(app)
    button(app, "alerts-close").click().run()
    next(each for each in app.text_area if each.key == "alerts-words").set_value("已发放工资")
    next(each for each in app.button if each.label == "提交").click().run()
    assert state_of(own, "YJ-2026-0001") == "closed"
    said = texts(app)
    assert "李强" in said
    assert "已发放工资" in said


def test_a_false_alarm_needs_a_reason(own, open_page):
    app = named(open_page(own, page="alerts_page", alert="YJ-2026-0002"))
    button(app, "alerts-false_alarm").click().run()
    next(each for each in app.button if each.label == "提交").click().run()
    assert state_of(own, "YJ-2026-0002") == "new"
    assert "理由" in texts(app)
    next(each for each in app.text_area if each.key == "alerts-words").set_value("同一件多头上报")
    next(each for each in app.button if each.label == "提交").click().run()
    assert state_of(own, "YJ-2026-0002") == "false_alarm"


def test_who_comes_second_is_told(own, open_page):
    app = named(open_page(own, page="alerts_page", alert="YJ-2026-0001"))
    engine = open_store(own)
    act_on(engine, "YJ-2026-0001", "acknowledge", MIN)
    engine.dispose()
    button(app, "alerts-acknowledge").click().run()
    assert not app.exception
    assert "王敏 已于 11-20 08:30 确认" in texts(app).replace("\\", "")


def test_what_changed_since_the_last_look_is_said(own, open_page):
    app = named(open_page(own, page="alerts_page"))
    said = [each.value for each in app.markdown if "上次查看" in each.value]
    assert said[0].endswith("新增 0 · 升级 0 · 办结 1]")
    button(app, "alerts-seen").click().run()
    assert "办结 0" in texts(app)


def test_a_view_is_kept_and_chosen_again(own, open_page):
    app = named(open_page(own, page="alerts_page", type="D02"))
    next(each for each in app.text_input if each.label == "视图名称").set_value("邻里")
    app = app.run()
    button(app, "alerts-view-keep").click().run()
    assert not app.exception
    again = named(open_page(own, page="alerts_page"))
    button(again, "alerts-view-0").click().run()
    assert again.query_params["type"] == "D02"
    button(again, "alerts-view-drop-0").click().run()
    assert "还没有保存过视图" in texts(again)


def test_without_an_assessment_the_page_says_what_to_do(demo, open_page):
    app = open_page(demo, page="alerts_page")
    assert not app.exception
    assert "manage.py assess" in texts(app)


def test_a_store_that_does_not_answer_is_an_error_frame(demo, open_page, tmp_path):
    settings = Settings(var=tmp_path / "broken")
    settings.var.mkdir()
    settings.geography.symlink_to(demo.geography)
    (settings.var / "store.sqlite").write_bytes(b"not a database" * 100)
    app = open_page(settings, page="alerts_page")
    assert not app.exception
    assert "编号" in texts(app)
