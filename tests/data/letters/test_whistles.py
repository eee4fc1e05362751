import pandas as pd
import pytest

from data.filter import OutOfScopeError
from data.letters.whistle_reading import WhistleFilter, list_whistles
from data.letters.whistles import Whistle, blow_whistle, note_arrival, note_result
from data.letters.wording import LetterRefusedError
from tests.data.letters.conftest import AS_OF, by

WHISTLE = Whistle("620102001", "工地欠薪,请到场会商", ("公安", "人力资源社会保障"), "D06", "YJ-2026-0001")


def test_departments_are_called_come_and_finish_and_each_time_is_kept(engine):
    whistle_id = blow_whistle(engine, WHISTLE, by("王敏"))
    note_arrival(engine, whistle_id, "公安", by("李强", days=1))
    note_result(engine, whistle_id, "公安", "已约谈项目部", by("赵军", days=2))
    table = list_whistles(engine, WhistleFilter("62")).set_index("department")
    start = int(AS_OF.timestamp())
    police, other = table.loc["公安"], table.loc["人力资源社会保障"]
    assert (police["whistled_at"], police["arrived_at"], police["finished_at"]) == (
        start,
        start + 86400,
        start + 172800,
    )
    assert (police["person"], police["arrived_person"], police["finished_person"]) == ("王敏", "李强", "赵军")
    assert police["result"] == "已约谈项目部"
    assert pd.isna(other["arrived_at"])
    assert table["is_open"].all()
    assert set(table["alert"]) == {"YJ-2026-0001"}


def test_open_whistles_stand_first_and_one_is_closed_by_its_last_result(engine):
    first = blow_whistle(engine, Whistle("620102", "甲", ("公安",)), by("王敏"))
    second = blow_whistle(engine, Whistle("620102", "乙", ("公安",)), by("王敏", days=1))
    assert list(list_whistles(engine, WhistleFilter("62"))["id"]) == [second, first]
    note_arrival(engine, second, "公安", by("李强", days=1))
    note_result(engine, second, "公安", "已办", by("李强", days=1))
    table = list_whistles(engine, WhistleFilter("62"))
    assert list(table["id"]) == [first, second]
    assert list(table["is_open"]) == [True, False]
    assert list(list_whistles(engine, WhistleFilter("62", only_open=True))["id"]) == [first]
    assert list(list_whistles(engine, WhistleFilter("62"), most=1)["id"]) == [first]


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_what_can_not_be_noted_is_refused_with_the_reason(engine):
    whistle_id = blow_whistle(engine, WHISTLE, by("王敏"))
    with pytest.raises(LetterRefusedError, match="公安还没有报到,不能办结"):
        note_result(engine, whistle_id, "公安", "已办", by("李强"))
    note_arrival(engine, whistle_id, "公安", by("李强"))
    with pytest.raises(LetterRefusedError, match="公安已经报到,由李强记录"):
        note_arrival(engine, whistle_id, "公安", by("赵军"))
    with pytest.raises(LetterRefusedError, match="请写明办理结果"):
        note_result(engine, whistle_id, "公安", " ", by("李强"))
    with pytest.raises(LetterRefusedError, match="早于报到时间"):
        note_result(engine, whistle_id, "公安", "已办", by("李强", days=-1))
    note_result(engine, whistle_id, "公安", "已办", by("李强"))
    with pytest.raises(LetterRefusedError, match="公安已经办结"):
        note_result(engine, whistle_id, "公安", "再办", by("赵军"))
    with pytest.raises(LetterRefusedError, match="没有叫到“消防”"):
        note_arrival(engine, whistle_id, "消防", by("李强"))


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_whistle_that_says_too_little_or_too_much_is_refused(engine):
    wrong = [
        (Whistle("620102", " ", ("公安",)), "请写明吹哨事由"),
        (Whistle("620102", "长" * 201, ("公安",)), "吹哨事由有 201 个字"),
        (Whistle("620102", "甲", (" ",)), "请选 1 至 20 个部门,现在是 0 个"),
        (Whistle("620102", "甲", tuple(f"部门{n}" for n in range(21))), "现在是 21 个"),
        (Whistle("620102", "甲", ("长" * 41,)), "部门名称有 41 个字"),
        (Whistle("620102", "甲", ("公安",), "D77"), "没有“D77”"),
    ]
    for whistle, told in wrong:
        with pytest.raises(LetterRefusedError, match=told):
            blow_whistle(engine, whistle, by("王敏"))
    assert list_whistles(engine, WhistleFilter("62")).empty


def test_scope_decides_who_sees_and_notes(engine):
    whistle_id = blow_whistle(engine, WHISTLE, by("王敏"))
    assert list_whistles(engine, WhistleFilter("6202")).empty
    assert len(list_whistles(engine, WhistleFilter("620102", division="620102001", alert="YJ-2026-0001"))) == 2
    with pytest.raises(LetterRefusedError, match="不在您的区划之内"):
        note_arrival(engine, whistle_id, "公安", by("李强", scope="6202"))
    with pytest.raises(OutOfScopeError):
        blow_whistle(engine, WHISTLE, by("王敏", scope="6202"))
