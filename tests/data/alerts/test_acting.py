"""What officers do is one transaction each, kept with who and when; the second of two is told."""

import threading

import pandas as pd
import pytest
from sqlalchemy import func, select

from data.alerts.acting import By, act_on
from data.alerts.desk import BadViewError, drop_view, keep_view, last_look, note_look, views_of
from data.alerts.history import acts_of, changes_since, false_alarm_share, similar_alerts, tally
from data.alerts.life import IllegalStepError
from data.alerts.reading import find_alert, live_places
from data.tables import alert_acts

AT = pd.Timestamp("2026-11-25 09:42", tz="Asia/Shanghai")
MIN, LI = By("王敏", AT, "62"), By("李强", AT + pd.Timedelta(minutes=3), "62")


def state_of(engine, number: str) -> str:
    found = find_alert(engine, "62", number)
    assert found is not None
    return found.state


def test_an_alert_is_led_to_its_end_and_every_step_is_kept(engine, raise_alert):
    number = raise_alert(engine)
    assert act_on(engine, number, "acknowledge", MIN) == "acknowledged"
    assert act_on(engine, number, "note", LI, note="已电话核实") == "acknowledged"
    assert act_on(engine, number, "assign", MIN, unit="雁南街道综治中心") == "assigned"
    assert act_on(engine, number, "assign", LI, unit="城关区人社局", note="改派") == "assigned"
    assert act_on(engine, number, "close", LI, note="工资已发放") == "closed"
    found = find_alert(engine, "62", number)
    assert found is not None
    assert (found.assigned_to, found.is_live, found.changed_at) == ("城关区人社局", False, int(LI.at.timestamp()))
    acts = acts_of(engine, found)
    assert acts["act"].tolist() == ["acknowledge", "note", "assign", "assign", "close"]
    assert acts["person"].tolist() == ["王敏", "李强", "王敏", "李强", "李强"]
    assert acts["to_state"].tolist() == ["acknowledged", "acknowledged", "assigned", "assigned", "closed"]
    assert acts["note"].iloc[3] == "派给城关区人社局。改派"
    assert live_places(engine, "62").empty


def test_the_second_of_two_is_told_who_was_first(engine, raise_alert):
    number = raise_alert(engine)
    act_on(engine, number, "acknowledge", MIN)
    with pytest.raises(IllegalStepError, match="王敏 已于 11-25 09:42 确认"):
        act_on(engine, number, "acknowledge", LI)


def test_of_many_at_once_exactly_one_acknowledges(engine, raise_alert):
    number = raise_alert(engine)
    told: list[str] = []
    gate = threading.Barrier(6)

    def acknowledge(name: str) -> None:
        gate.wait()
        try:
            act_on(engine, number, "acknowledge", By(name, AT, "62"))
            told.append("")
        except IllegalStepError as error:
            told.append(str(error))

    threads = [threading.Thread(target=acknowledge, args=(f"值班员{at}",)) for at in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told.count("") == 1
    (first,) = acts_of(engine, find_alert(engine, "62", number))["person"]  # type: ignore[arg-type]
    assert all(first in words for words in told if words)


@pytest.mark.parametrize(
    ("act", "words"),
    [("assign", "请先确认"), ("close", "请先确认")],
)
def test_a_step_too_far_changes_nothing(engine, raise_alert, act, words):
    number = raise_alert(engine)
    with pytest.raises(IllegalStepError, match=words):
        act_on(engine, number, act, MIN, note="情况", unit="某单位")
    assert state_of(engine, number) == "new"
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(alert_acts)).scalar_one() == 0


@pytest.mark.parametrize(
    ("act", "given", "words"),
    [
        ("false_alarm", {}, "理由"),
        ("note", {"note": " \n "}, "情况"),
        ("assign", {}, "哪个单位"),
        ("note", {"note": "长" * 201}, "最多 200 字"),
        ("note", {"note": "联系 13812345678"}, "个人信息"),
        ("note", {"note": "证号62010219800101123X"}, "个人信息"),
    ],
)
def test_words_that_are_missing_too_long_or_personal_are_refused(engine, raise_alert, act, given, words):
    number = raise_alert(engine, state="acknowledged")
    with pytest.raises(IllegalStepError, match=words):
        act_on(engine, number, act, MIN, **given)
    assert state_of(engine, number) == "acknowledged"


def test_nobody_acts_without_a_name_or_outside_the_own_division(engine, raise_alert):
    number = raise_alert(engine)
    with pytest.raises(IllegalStepError, match="姓名"):
        act_on(engine, number, "acknowledge", By(" ", AT, "62"))
    with pytest.raises(IllegalStepError, match="辖区"):
        act_on(engine, number, "acknowledge", By("王敏", AT, "6202"))
    with pytest.raises(IllegalStepError, match="YJ-2026-0815"):
        act_on(engine, "YJ-2026-0815", "acknowledge", MIN)


def test_false_alarms_are_counted(engine, raise_alert):
    first = raise_alert(engine, 1)
    raise_alert(engine, 2, home=620102002000000)
    raise_alert(engine, 3, state="closed")
    act_on(engine, first, "false_alarm", MIN, note="重复上报")
    counts = tally(engine, "62")
    assert counts.set_index("state")["alerts"].to_dict() == {"closed": 1, "false_alarm": 1, "new": 1}
    assert false_alarm_share(counts) == (1, 2)
    assert tally(engine, "6202").empty


def test_what_changed_since_a_look_is_counted_once_an_alert(engine, raise_alert):
    number = raise_alert(engine, state="assigned")
    before = int(AT.timestamp())
    assert changes_since(engine, "62", before) == changes_since(engine, "6202", 0)
    act_on(engine, number, "note", LI, note="一")
    act_on(engine, number, "close", LI, note="已化解")
    found = changes_since(engine, "62", before)
    assert (found.raised, found.escalated, found.settled) == (0, 0, 1)
    assert changes_since(engine, "62", int(LI.at.timestamp())).settled == 0
    assert changes_since(engine, "6202", before).settled == 0


def test_similar_cases_are_closed_ones_of_the_county_else_of_the_city(engine, raise_alert):
    own = find_alert(engine, "62", raise_alert(engine, 1))
    assert own is not None
    assert similar_alerts(engine, "62", own).empty
    city = raise_alert(engine, 2, home=620105001000000, within=620105001000000, state="assigned")
    act_on(engine, city, "close", MIN, note="联合约谈")
    found = similar_alerts(engine, "62", own)
    assert found[["number", "note", "near"]].to_numpy().tolist() == [[city, "联合约谈", "city"]]
    county = raise_alert(engine, 3, home=620102002000000, within=620102002000000, state="assigned")
    act_on(engine, county, "close", LI, note="专班发放")
    found = similar_alerts(engine, "62", own)
    assert found[["number", "note", "near"]].to_numpy().tolist() == [[county, "专班发放", "county"]]
    raise_alert(engine, 4, dispute_type="D02", state="closed")
    assert len(similar_alerts(engine, "620102", own)) == 1


def test_views_are_kept_replaced_and_dropped(engine):
    keep_view(engine, "王敏", " 欠薪 ", {"type": "D06"}, at=AT)
    keep_view(engine, "王敏", "市区", {"code": "620102"}, at=AT)
    keep_view(engine, "王敏", "欠薪", {"type": "D06", "level": "0"}, at=AT)
    keep_view(engine, "李强", "欠薪", {}, at=AT)
    assert views_of(engine, "王敏") == {"欠薪": {"type": "D06", "level": "0"}, "市区": {"code": "620102"}}
    drop_view(engine, "王敏", "欠薪")
    assert list(views_of(engine, "王敏")) == ["市区"]
    assert list(views_of(engine, "李强")) == ["欠薪"]
    with pytest.raises(BadViewError, match="名称"):
        keep_view(engine, "王敏", " ", {}, at=AT)


def test_views_have_an_end(engine, monkeypatch):
    monkeypatch.setattr("data.alerts.desk.MOST_VIEWS", 2)
    for at in range(2):
        keep_view(engine, "王敏", f"视图{at}", {}, at=AT)
    with pytest.raises(BadViewError, match="最多"):
        keep_view(engine, "王敏", "再一个", {}, at=AT)


def test_a_look_is_noted_once_a_minute(engine):
    assert last_look(engine, "王敏") is None
    note_look(engine, "王敏", at=AT)
    note_look(engine, "王敏", at=AT + pd.Timedelta(seconds=30))
    assert last_look(engine, "王敏") == int(AT.timestamp())
    note_look(engine, "王敏", at=AT + pd.Timedelta(seconds=61))
    assert last_look(engine, "王敏") == int(AT.timestamp()) + 61
