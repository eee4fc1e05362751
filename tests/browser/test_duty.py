"""A duty officer's night: a hotspot became an alert; it is acknowledged, assigned, answered by letter and closed."""

import re

import pytest
from playwright.sync_api import Page, expect

from data.alerts.reading import AlertFilter, list_alerts
from data.store import open_store

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk")]


def give_name(page: Page, name: str) -> None:
    """Say who acts; a page that is opened anew asks again."""
    page.get_by_role("button", name=re.compile("处置人")).click()
    field = page.get_by_label("处置人姓名")
    field.fill(name)
    field.press("Enter")
    expect(page.get_by_role("button", name=re.compile(f"处置人:{name}"))).to_be_visible()
    page.keyboard.press("Escape")
    expect(field).to_be_hidden()


def press(page: Page, button: str, said: str | None = None) -> None:
    page.get_by_role("button", name=re.compile(button)).first.click()
    if said:
        expect(page.get_by_text(re.compile(said)).first).to_be_visible()


def test_an_alert_is_led_through_its_letter_to_its_end(watched, desk, alerted):
    page = watched.page
    engine = open_store(alerted)
    number = str(list_alerts(engine, AlertFilter(alerted.root_code))["number"].iloc[0])
    page.goto(f"{desk}/alerts?alert={number}")
    expect(page.get_by_text(number).first).to_be_visible()
    give_name(page, "王敏")
    # The name stands on the button before the acts further down are open; a key pressed between the two is for nobody.
    expect(page.get_by_role("button", name=re.compile("确认预警"))).to_be_enabled()
    page.keyboard.press("a")
    expect(page.get_by_text(re.compile(f"已确认 {number}"))).to_be_visible()
    press(page, "派单")
    page.get_by_label("派给哪个单位").fill("雁南街道综治中心")
    press(page, "^提交", f"{number} 已派给雁南街道综治中心")

    page.goto(f"{desk}/letters?draft_for={number}&kind=risk_notice")
    give_name(page, "王敏")
    page.get_by_label("收函单位").fill("区人力资源和社会保障局")
    press(page, "保存拟稿", "可以提交审核")
    press(page, "提交审核", "已提交审核")
    page.goto(page.url)
    give_name(page, "李强")
    press(page, "签发", "已签发")
    expect(page.get_by_text(re.compile(r"〔20\d\d〕1号|第 ?1 ?号")).first).to_be_visible()
    press(page, "签收", "已签收")
    press(page, "^反馈")
    page.get_by_role("textbox", name="反馈内容").fill("已约谈用工单位,欠薪分两批发放。")
    press(page, "确定反馈", "已反馈")
    press(page, "销号", "已销号")

    page.goto(f"{desk}/alerts?alert={number}")
    give_name(page, "王敏")
    press(page, "办结")
    page.get_by_role("textbox", name="怎样化解的").fill("经调解,欠薪已全部发放。")
    press(page, "^提交", f"{number} 已办结")
    closed = list_alerts(engine, AlertFilter(alerted.root_code))
    assert closed.set_index("number").loc[number, "state"] == "closed"
    engine.dispose()
