from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.division_names import SEVERAL
from data.feeds.profile import FeedProfile
from data.readers.columns import HEADERS
from data.readers.parse import Rules, parse_rows
from data.readers.times import epoch_seconds
from data.readers.words import WORDS
from geo.datum import Datum
from tests.examples import few

AS_OF = pd.Timestamp("2026-11-25 09:42", tz="Asia/Shanghai")
RULES = Rules("hotline", Datum.WGS84, AS_OF, (92.0, 32.0, 109.0, 43.0))
GOOD = {
    "external_id": "A1",
    "dispute_type": "邻里",
    "accepted_at": "2026-11-01 10:00:00",
    "occurred_at": "2026-10-31 22:00:00",
    "closed_at": "",
    "status": "调处中",
    "longitude": "103.5",
    "latitude": "36.5",
    "division_code": "620102",
    "scale": "12",
}


def parse(**changes: str):
    return parse_rows(pd.DataFrame([GOOD | changes], index=[2], dtype="str"), RULES)


def test_a_good_row_is_typed():
    row = parse().rows.iloc[0]
    assert row["dispute_type"] == "D02"
    assert row["channel"] == "direct"
    assert row["status"] == "mediating"
    assert row["scale"] == "2"
    assert row["accepted_at"] == int(pd.Timestamp("2026-11-01 10:00", tz="Asia/Shanghai").timestamp())


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"external_id": ""}, "编号", "空白"),
        ({"external_id": "=1+1"}, "编号", "公式"),
        ({"external_id": "a\x00b"}, "编号", "控制字符"),
        ({"dispute_type": ""}, "纠纷类型", "空白"),
        ({"status": "搁着"}, "状态", "写法不认识:“搁着”"),
        ({"accepted_at": "去年冬天"}, "受理时间", "日期写法不认识:“去年冬天”"),
        ({"accepted_at": ""}, "受理时间", "空白"),
        ({"accepted_at": "1899-12-31 00:00:00", "occurred_at": ""}, "受理时间", "2000"),
        ({"occurred_at": "2199-01-01"}, "发生时间", "当前时间"),
        ({"occurred_at": "2026-11-02 00:00:00"}, "受理时间", "早于发生"),
        ({"status": "办结", "closed_at": "2026-10-01"}, "办结时间", "早于受理"),
        ({"longitude": "0", "latitude": "0"}, "经度", "坐标为 0"),
        ({"longitude": "36.5", "latitude": "103.5"}, "经度", "写反"),
        ({"longitude": "120.1"}, "经度", "超出"),
        ({"latitude": "十"}, "纬度", "不是数字"),
        ({"latitude": ""}, "纬度", "有经度而没有纬度"),
        ({"longitude": "nan", "latitude": "inf"}, "经度", "不是数字"),
        ({"division_code": "62-01"}, "区划代码", "数字"),
        ({"scale": "-3"}, "涉及人数", "大于 0"),
        ({"version": "最新"}, "版本", "应为整数或时间"),
        ({"withdrawn": "也许"}, "是否撤销", "应为“是”或“否”"),
    ],
)
def test_a_wrong_row_is_rejected_with_line_column_and_reason(changes, column, reason):
    found = parse(**changes)
    assert found.rows.empty
    assert found.rejected[["line", "column"]].to_numpy().tolist() == [[2, column]]
    assert reason in found.rejected["reason"].iloc[0]


def test_an_unknown_type_is_kept_as_other_and_its_word_listed():
    found = parse(dispute_type="鱼塘纠纷")
    assert found.rows["dispute_type"].tolist() == ["D99"]
    assert found.unmapped == {"鱼塘纠纷": 1}


@pytest.mark.parametrize("said", [{"withdrawn": "是"}, {"status": "撤回"}, {"withdrawn": "TRUE", "status": "办结"}])
def test_a_row_may_take_an_incident_back_without_repeating_what_it_was(said):
    (row,) = parse(dispute_type="", accepted_at="", occurred_at="", **said).rows.to_dict("records")
    assert row["withdrawn"] is True
    assert row["accepted_at"] == row["occurred_at"] == int(AS_OF.timestamp())
    assert not parse().rows["withdrawn"].any()


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("7", 7),
        ("20260102030405", 20260102030405),
        ("2026-01-02 03:04:05", 1767294245000),
        ("2026-01-02 03:04:05.25", 1767294245250),
        ("2026-01-02T03:04:05.250Z", 1767323045250),
    ],
)
def test_a_version_is_a_number_or_a_moment_in_milliseconds(text, version):
    assert parse(version=text).rows["version"].tolist() == [version]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-02 03:04:05", "2026-01-02 03:04:05+08:00"),
        ("2026/1/2 3:04", "2026-01-02 03:04:00+08:00"),
        ("2026-01-02", "2026-01-02 00:00:00+08:00"),
        ("2026年01月02日", "2026-01-02 00:00:00+08:00"),
        ("2026-01-02T03:04:05Z", "2026-01-02 03:04:05+00:00"),
        ("2026-01-02T03:04:05+08:00", "2026-01-02 03:04:05+08:00"),
        ("20260102", "2026-01-02 00:00:00+08:00"),
        ("2026-01-02T03:04:05+0800", "2026-01-02 03:04:05+08:00"),
        ("2026-01-02 03:04:05-03:30", "2026-01-02 03:04:05-03:30"),
        (" 2026-01-02 03:04 ", "2026-01-02 03:04:00+08:00"),
        ("2024-02-29 23:59:59", "2024-02-29 23:59:59+08:00"),
    ],
)
def test_dates_are_read_as_feeds_write_them(text, moment):
    found = epoch_seconds(pd.Series([text, ""], dtype="str"), zone="Asia/Shanghai")
    assert found.iloc[0] == int(pd.Timestamp(moment).timestamp())
    assert pd.isna(found.iloc[1])


@pytest.mark.parametrize(
    "text",
    [
        "2025-02-29",
        "2026-13-01 00:00",
        "2026-01-02 24:00",
        "2026-01-02 03:60:00",
        "2026-01/02",
        "2026-01-00",
        "0x26-01-02",
    ],
)
def test_a_moment_that_never_was_is_not_read(text):
    assert epoch_seconds(pd.Series([text], dtype="str"), zone="Asia/Shanghai").isna().all()


@settings(max_examples=few(200), deadline=None)
@given(st.datetimes(pd.Timestamp("1899-01-01"), pd.Timestamp("2199-12-31")), st.sampled_from(["-", "/"]))
def test_plain_moments_are_read_as_the_careful_reader_reads_them(moment, mark):
    text = moment.strftime(f"%Y{mark}%m{mark}%d %H:%M:%S")
    found = epoch_seconds(pd.Series([text], dtype="str"), zone="UTC")
    assert found.tolist() == [int(pd.Timestamp(moment.replace(microsecond=0), tz="UTC").timestamp())]


ANY_TEXT = st.text(max_size=12) | st.sampled_from(["", "0", "103.5", "36", "邻里", "2026-01-01", "620102"])


@settings(max_examples=few(60), deadline=None)
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(HEADERS, ANY_TEXT)), min_size=1, max_size=6))
def test_every_row_is_either_kept_or_rejected_whatever_it_says(rows):
    frame = pd.DataFrame(rows, dtype="str")
    found = parse_rows(frame, RULES)
    assert sorted([*found.rows.index, *found.rejected["line"]]) == list(frame.index)


DISTRICTS = {"城关区": SEVERAL, "兰州市城关区": "620102", "安宁区": "620105"}
BY_NAMES = FeedProfile(
    "patrol",
    "巡查",
    "grid_patrol",
    Datum.WGS84,
    timezone="UTC",
    words=WORDS | {"dispute_type": {"漏水": "D10"}, "status": {"已销": "closed"}},
    withdrawn_status=("销号",),
    blank={"channel": "police", "status": "assigned"},
    date_formats=("%d/%m/%Y %H:%M",),
    division="words",
)


def by_names(**changes: str):
    said = GOOD | {"division_code": "", "status": "", "dispute_type": "漏水", "occurred_at": ""} | changes
    rules = replace(RULES, profile=BY_NAMES, codes_by_name=DISTRICTS)
    return parse_rows(pd.DataFrame([said], index=[2], dtype="str"), rules)


def test_a_feed_is_read_by_its_profile():
    row = by_names(accepted_at="25/10/2026 08:30", division_name="兰州市城关区").rows.iloc[0]
    told = row[["dispute_type", "status", "channel", "division_code", "accepted_at"]].tolist()
    assert told == ["D10", "assigned", "police", "620102", int(pd.Timestamp("2026-10-25 08:30Z").timestamp())]
    assert by_names(status="销号").rows["withdrawn"].tolist() == [True]
    assert by_names(dispute_type="邻里").rows["type_word"].tolist() == ["邻里"]


@pytest.mark.parametrize(
    ("name", "code", "reason"),
    [
        ("安宁区", "", ""),
        ("城关区", "", "有几个区划同名"),
        ("月牙区", "", "没有这个区划:“月牙区”"),
        ("月牙区", "620102", ""),
    ],
)
def test_a_division_may_be_named_by_words_where_no_code_is_given(name, code, reason):
    found = by_names(division_name=name, division_code=code)
    if reason:
        assert reason in found.rejected["reason"].iloc[0]
    else:
        assert found.rows["division_code"].tolist() == [code or "620105"]
