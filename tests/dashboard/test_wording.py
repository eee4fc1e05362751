import math
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from dashboard import wording
from dashboard.wording import Change

NOW = datetime(2026, 11, 25, 9, 42, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_a_count_has_thousands_separators_and_a_missing_one_is_suppressed():
    assert [wording.count_text(value) for value in (7479, 0, np.int64(1326), pd.NA, math.nan, None)] == [
        "7,479", "0", "1,326", "<5", "<5", "<5",
    ]  # fmt: skip
    assert wording.count_text(pd.NA, below=10) == "<10"


def test_a_wall_counts_in_ten_thousands_only_from_a_hundred_thousand():
    assert [wording.wall_count_text(value) for value in (99_999, 102_841, pd.NA)] == [
        "99,999",
        "10.3 万",
        "<5",
    ]


def test_a_change_names_its_direction_and_both_counts():
    assert wording.change_between(7479, 7029) == Change("▲ 6.4%", "上期 7,029 → 本期 7,479", 1)
    assert wording.change_between(312, 340) == Change("▼ 8.2%", "上期 340 → 本期 312", -1)
    assert wording.change_between(1004, 1000).text == "持平"


def test_a_change_on_the_map_is_signed_to_save_room():
    assert [wording.signed_change_text(change) for change in (6.43, -8.2, 0.1, math.nan)] == [
        "+6.4%", "−8.2%", "持平", "—",
    ]  # fmt: skip


@pytest.mark.parametrize(("current", "previous"), [(9, 30), (30, 9), (pd.NA, 30), (30, pd.NA), (30, 0)])
def test_no_percentage_is_made_from_fewer_than_ten(current: object, previous: object):
    change = wording.change_between(current, previous)
    assert (change.text, change.direction) == ("—", 0)
    assert "→" in change.both


def test_a_change_on_a_suppressed_period_does_not_give_its_count_away():
    assert wording.change_between(19, pd.NA).both == "上期 <5 → 本期 19"


def test_a_change_on_last_year_says_so():
    assert wording.change_between(20, 10, then="去年同期").both == "去年同期 10 → 本期 20"


def test_a_share_comes_with_both_counts():
    assert wording.share_text(4310, 5218) == "82.6%"
    assert wording.share_counts(4310, 5218) == "4,310 / 5,218 件"
    assert wording.share_text(3, 9) == "—"
    assert wording.share_text(0, 0) == "—"
    assert wording.share_counts(0, 0) == "没有可计算的数"


def test_a_share_changes_in_percentage_points():
    assert wording.share_change((826, 1000), (815, 1000)).text == "▲ 1.1 个百分点"
    assert wording.share_change((815, 1000), (826, 1000), wall=True).text == "▼ 1.1 点"
    assert wording.share_change((1, 9), (5, 1000)).direction == 0


def test_a_rate_without_people_says_why_it_is_empty():
    assert wording.rate_text(3.256) == "3.26"
    assert wording.rate_text(math.nan) == "无人口数"


def test_an_interval_is_written_with_an_en_dash():
    assert wording.interval_text(0.029, 0.039) == "95% 区间 2.9–3.9%"


def test_a_moment_is_as_short_as_it_stays_clear():
    assert wording.moment_text(NOW, NOW) == "09:42"
    assert wording.moment_text(NOW - timedelta(days=1), NOW) == "11月24日 09:42"
    assert wording.moment_text(NOW - timedelta(days=400), NOW) == "2025-10-21"
    assert wording.table_moment_text(NOW) == "11-25 09:42"


def test_a_moment_is_told_in_local_time():
    moment = datetime(2026, 11, 24, 17, tzinfo=UTC)
    assert wording.moment_text(moment, NOW) == "01:00"
    assert wording.moment_text(moment, NOW.astimezone(ZoneInfo("Asia/Urumqi"))) == "11月24日 23:00"


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (-3, "0 秒前"),
        (12, "12 秒前"),
        (38 * 60, "38 分钟前"),
        (119 * 60, "119 分钟前"),
        (7200, "2 小时前"),
        (200_000, "2 天前"),
    ],
)
def test_an_age_is_told_in_one_unit(age: int, words: str):
    assert wording.age_text(timedelta(seconds=age)) == words


def test_a_half_open_period_is_told_by_its_last_day():
    assert wording.period_text(date(2026, 10, 27), date(2026, 11, 25)) == "10月27日–11月24日"
    assert wording.period_text(date(2026, 11, 24), date(2026, 11, 25)) == "11月24日"
    assert wording.period_text(date(2025, 12, 1), date(2026, 2, 1)) == "2025-12-01–2026-01-31"


def test_an_error_has_a_number_instead_of_a_traceback():
    assert wording.error_number(NOW) == "E-1125-0942"


@pytest.mark.parametrize(
    ("name", "table", "on_map"),
    [
        ("兰州市", "兰州市", "兰州"),
        ("临夏回族自治州", "临夏州", "临夏州"),
        ("甘南藏族自治州", "甘南州", "甘南州"),
        ("积石山保安族东乡族撒拉族自治县", "积石山县", "积石山县"),
        ("东乡族自治县", "东乡县", "东乡县"),
        ("阿克塞哈萨克族自治县", "阿克塞县", "阿克塞县"),
        ("张掖路街道", "张掖路街道", "张掖路"),
        ("城关区", "城关区", "城关区"),
        ("甘肃省监狱企业集团", "甘肃省监狱企业集团", "甘肃省监狱…"),
        ("畅家巷社区居委会", "畅家巷社区居委会", "畅家巷"),
    ],
)
def test_names_are_shortened_as_people_shorten_them(name: str, table: str, on_map: str):
    assert (wording.table_name(name), wording.map_name(name)) == (table, on_map)
