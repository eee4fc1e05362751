"""函件: empty, full and failing; a letter and a whistle led through by the page's own buttons."""

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from data.letters.acts import Act, do_act
from data.letters.drafting import draft_letter
from data.letters.letter import Actor, Draft
from data.letters.reading import LetterFilter, find_letter, list_letters
from data.letters.settings import read_letter_settings
from data.letters.whistle_reading import WhistleFilter, list_whistles
from data.letters.whistles import Whistle, blow_whistle
from data.settings import Settings
from data.store import open_store
from tests.data.letters.conftest import alert
from tests.pages.conftest import texts

PAGE = "letters_page"
EVIL = "<img src=x onerror=alert(1)>*粗*"


@pytest.fixture
def engine(bare):
    engine = open_store(bare)
    yield engine
    engine.dispose()


@pytest.fixture
def write(bare, engine):
    """Write a letter so many days ago and lead it through acts; return its id."""
    kinds = read_letter_settings(bare)

    def write(*acts: str, ago: int = 0, **changed) -> int:
        at = pd.Timestamp.now(tz=bare.timezone) - pd.Timedelta(days=ago)
        draft = Draft(
            kind="risk_notice",
            issuer="62",
            issuer_name="甘肃省综治中心",
            division="620102",
            title="关于城关区欠薪纠纷的风险提示函",
            body="近期欠薪纠纷增多。",
            demand="请排查。",
            receiver="城关区人社局",
            due=at.date() + dt.timedelta(days=7),
            dispute_type="D06",
        )
        letter_id = draft_letter(engine, kinds, replace(draft, **changed), Actor("王敏", at, "62"))
        for act in acts:
            actor = Actor("王敏" if act == "submit" else "李强", at, "62")
            do_act(engine, kinds, letter_id, Act(act, actor, "已排查"))
        return letter_id

    return write


def named(app, name: str):
    app.text_input(key="acting-name-field").set_value(name).run()
    return app


def button(app, label: str):
    return next(one for one in app.button if one.label == label)


def test_an_empty_page_says_how_to_begin(bare, open_page):
    app = open_page(bare, page=PAGE)
    assert not app.exception
    assert "没有在办的函" in texts(app)
    assert not app.dataframe


def test_the_list_shows_overdue_letters_first_with_the_word(bare, open_page, write):
    write("submit", "issue", ago=10)
    write("submit")
    app = open_page(bare, page=PAGE)
    assert not app.exception
    table = app.dataframe[0].value
    assert list(table["状态"]) == ["已发", "审核"]
    assert table["办理期限"].iloc[0].endswith("逾期 3 天")
    (tabs,) = [one for one in app.get("button_group") if one.key == "letters-tab"]
    assert any("在办 2" in option.content for option in tabs.proto.options)
    assert any("▲ 逾期 1" in option.content for option in tabs.proto.options)
    # The first of the list is open.
    assert "甘肃省综治风提〔" in texts(app)
    assert "▲ " in texts(app)


def test_tabs_and_links_choose_what_is_listed_and_open(bare, open_page, write):
    write("submit", "issue", ago=10)
    draft = write(kind="supervision")
    app = open_page(bare, page=PAGE, letter=str(draft), state="overdue")
    assert len(app.dataframe[0].value) == 1
    assert "问题督办函" in texts(app)
    assert "所选状态和函种下没有函" in texts(open_page(bare, page=PAGE, state="done"))


def test_keys_lead_through_the_list_and_a_letter_can_have_the_page_to_itself(bare, open_page, write):
    write()
    write()
    app = open_page(bare, page=PAGE)
    steps = {
        each.label: each.proto.shortcut for each in app.button if each.label in ("下一份", "上一份", "打开", "拟函")
    }
    assert [steps[label].upper() for label in ("下一份", "上一份", "打开", "拟函")] == ["J", "K", "O", "L"]
    assert "第 1 / 2 份" in texts(app)
    assert button(app, "上一份").disabled
    button(app, "下一份").click().run()
    assert "第 2 / 2 份" in texts(app)
    assert button(app, "下一份").disabled
    button(app, "打开").click().run()
    assert not app.dataframe
    button(app, "上一份").click().run()
    assert "第 1 / 2 份" in texts(app)
    assert not app.dataframe  # still alone
    button(app, "返回清单").click().run()
    assert len(app.dataframe[0].value) == 2


def test_nonsense_in_a_link_is_named_and_ignored(bare, open_page):
    app = open_page(bare, page=PAGE, state="burnt", letter="77", draft_for="YJ-2026-9999", kind="x", area="99")
    assert not app.exception
    for word in ("state=burnt", "letter=77", "draft\\_for=YJ-2026-9999", "kind=x", "area=99"):
        assert word in texts(app).replace("\\-", "-")


def test_a_letter_is_led_from_draft_to_closed_by_its_buttons(bare, open_page, engine, write):
    letter_id = write()
    app = open_page(bare, page=PAGE)
    assert button(app, "提交审核").disabled
    assert "请先在右上角“处置人”里填写您的姓名" in texts(app)
    named(app, "王敏")
    button(app, "提交审核").click().run()
    button(app, "签发").click().run()
    assert "王敏参与了拟稿" in texts(app)
    named(app, "李强")
    button(app, "签发").click().run()
    button(app, "签收").click().run()
    button(app, "确定反馈").click().run()
    assert "“反馈”要写明反馈内容" in texts(app)
    next(one for one in app.text_area if one.label == "反馈内容").set_value("已化解 9 户").run()
    button(app, "确定反馈").click().run()
    assert "已化解 9 户" in texts(app)
    button(app, "销号").click().run()
    assert not app.exception
    assert find_letter(engine, "62", letter_id).state == "closed"
    assert app.query_params["letter"] == str(letter_id)


def test_somebody_else_was_quicker_and_the_reason_is_said(bare, open_page, engine, write):
    letter_id = write("submit")
    app = named(open_page(bare, page=PAGE), "李强")
    do_act(engine, read_letter_settings(bare), letter_id, Act("issue", Actor("赵军", pd.Timestamp.now("UTC"), "62")))
    button(app, "签发").click().run()
    assert "现在是“已发”,不能“签发”" in texts(app)


def test_a_letter_drafted_from_an_alert_has_its_evidence_and_saves(bare, open_page, engine, monkeypatch):
    raised = alert(division="620102001")
    monkeypatch.setattr("dashboard.letters.screen.find_alert", lambda _engine, _scope, _number: raised)
    app = open_page(bare, page=PAGE, draft_for="YJ-2026-0001", kind="supervision")
    assert not app.exception
    assert "&lt;5 → 19 件" in texts(app)
    assert "劳动争议、欠薪纠纷的问题督办函" in next(one for one in app.text_input if one.label == "标题").value
    named(app, "王敏")
    next(one for one in app.text_input if one.label == "收函单位").set_value("城关区人社局").run()
    due = app.date_input[0].value
    assert f"{due.month}月{due.day}日" in next(one for one in app.text_area if one.label == "要求").value
    later = due + dt.timedelta(days=3)
    app.date_input[0].set_value(later).run()
    assert f"{later.month}月{later.day}日" in next(one for one in app.text_area if one.label == "要求").value
    button(app, "保存拟稿").click().run()
    assert not app.exception
    (letter_id,) = list_letters(engine, LetterFilter("62", dt.date(2026, 1, 1)))["id"]
    draft = find_letter(engine, "62", int(letter_id)).draft
    assert (draft.alert, draft.division, draft.due) == ("YJ-2026-0001", "620102001", later)
    assert dict(draft.evidence)["上期 → 本期"].startswith("<5 → 19 件")
    assert draft.kind == "supervision"
    assert app.query_params["letter"] == str(letter_id)


def test_a_draft_is_changed_and_what_was_typed_survives_another_deadline(bare, open_page, engine, write):
    letter_id = write()
    app = named(open_page(bare, page=PAGE, letter=str(letter_id)), "王敏")
    button(app, "修改").click().run()
    next(one for one in app.text_area if one.label == "正文").set_value("新的正文。").run()
    app.date_input[0].set_value(app.date_input[0].value + dt.timedelta(days=1)).run()
    button(app, "保存拟稿").click().run()
    assert not app.exception
    assert find_letter(engine, "62", letter_id).draft.body == "新的正文。"
    assert "新的正文。" in texts(app)


def test_a_free_letter_is_about_a_chosen_place(bare, open_page, engine):
    app = named(open_page(bare, page=PAGE, new="1", area="620102"), "王敏")
    assert not app.exception
    assert "关于兰州市城关区各类纠纷的风险提示函" in next(one for one in app.text_input if one.label == "标题").value
    button(app, "保存拟稿").click().run()
    (letter_id,) = list_letters(engine, LetterFilter("62", dt.date(2026, 1, 1)))["id"]
    assert find_letter(engine, "62", int(letter_id)).draft.division == "620102"


def test_what_people_wrote_is_shown_as_text(bare, open_page, write):
    write("void", title=EVIL, body=EVIL, receiver=EVIL)
    app = open_page(bare, page=PAGE, state="done")
    assert not app.exception
    shown = "\n".join(element.proto.body for element in app.get("html"))
    assert "<img" not in shown
    assert shown.count("&lt;img") >= 3


def test_a_document_is_taken_out_under_a_name_and_that_is_kept(bare, open_page, engine, write):
    from data.letters.reading import acts_of

    letter_id = write("submit", "issue")
    app = open_page(bare, page=PAGE)
    assert button(app, "打印").disabled
    named(app, "李强")
    button(app, "打印").click().run()
    assert not app.exception
    (frame,) = app.get("iframe")
    assert "导出人 李强 · " in frame.proto.srcdoc
    last = acts_of(engine, "62", letter_id).iloc[-1]
    assert (last["act"], last["person"], last["note"]) == ("export", "李强", "打印")


def test_departments_are_called_come_and_finish_on_the_page(bare, open_page, engine):
    app = open_page(bare, page=PAGE, view="whistles")
    assert "还没有吹过哨" in texts(app)
    assert button(app, "吹哨").disabled
    named(app, "王敏")
    next(one for one in app.text_area if one.label == "事由").set_value("工地欠薪").run()
    app.multiselect[0].set_value(["公安"]).run()
    button(app, "吹哨").click().run()
    assert "未报到,已等 不到 1 分钟" in texts(app)
    button(app, "报到").click().run()
    assert "办理中" in texts(app)
    next(one for one in app.text_area if one.label == "办理结果").set_value("已约谈").run()
    button(app, "确定办结").click().run()
    assert not app.exception
    assert "✓ 全部办结" in texts(app)
    assert not list_whistles(engine, WhistleFilter("62"))["is_open"].any()


def test_a_department_that_has_not_come_for_a_day_stands_out(bare, open_page, engine):
    at = pd.Timestamp.now(tz=bare.timezone) - pd.Timedelta(hours=30)
    blow_whistle(engine, Whistle("620102", EVIL, ("公安",)), Actor("王敏", at, "62"))
    app = open_page(bare, page=PAGE, view="whistles")
    assert "▲ 未报到,已等 30 小时" in texts(app)
    assert "<img" not in "\n".join(element.proto.body for element in app.get("html"))


def test_a_file_of_the_office_that_is_wrong_is_named(bare, open_page):
    (bare.var / "letters.yaml").write_text("kinds: 5", encoding="utf-8")
    app = open_page(bare, page=PAGE)
    assert not app.exception
    assert "函件设置 letters.yaml" in app.error[0].value


def test_a_store_that_fails_is_said_without_a_traceback(demo, open_page, tmp_path):
    broken = Settings(var=tmp_path / "broken")
    broken.var.mkdir()
    broken.geography.symlink_to(demo.geography)
    (broken.var / "store.sqlite").write_text("not a database, but long enough to be taken for one " * 50)
    app = open_page(broken, page=PAGE)
    assert not app.exception
    assert "暂时取不到数据" in texts(app)
