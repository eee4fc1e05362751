"""Every count is compared with a plain loop over the stored rows."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import select

from data.counting import Counting
from data.counts import Counts, Settled
from data.filter import IncidentFilter, OutOfScopeError, Period, day_number
from data.tables import incidents
from tests.pools import Pool

PERIOD = Period(dt.date(2026, 10, 29), dt.date(2026, 11, 26))
PROVINCE = IncidentFilter(scope="62", period=PERIOD)
TYPES = ["邻里", "婚姻家庭", "劳动争议、欠薪"]


def feed(rng: np.random.Generator, size: int) -> pd.DataFrame:
    accepted = pd.Timestamp("2026-11-25 08:00") - pd.to_timedelta(rng.integers(0, 420 * 24, size), unit="h")
    closed = accepted + pd.to_timedelta(rng.integers(1, 80, size), unit="D")
    over = closed < pd.Timestamp("2026-11-25")
    longitude = rng.choice(["103.5", "104.5", "103.7", ""], size)
    return pd.DataFrame(
        {
            "编号": np.arange(size),
            "纠纷类型": rng.choice(TYPES, size),
            "状态": np.where(over, "办结", "调处中"),
            "办理结果": np.where(over, rng.choice(["成功", "不成功"], size), ""),
            "对接渠道": rng.choice(["诉调", "警调"], size),
            "受理时间": accepted.strftime("%Y-%m-%d %H:%M:%S"),
            "办结时间": np.where(over, closed.strftime("%Y-%m-%d %H:%M:%S"), ""),
            "区划代码": rng.choice(["620102", "", "620171", "6201"], size),
            "经度": longitude,
            "纬度": np.where(longitude == "", "", "36.5"),
        }
    )


def fill(pool: Pool) -> None:
    rows = feed(np.random.default_rng(1), 1200)
    pool.take_in(rows[:800], "hotline")
    pool.take_in(rows[800:], "police")


@pytest.fixture
def filled(pool_of) -> Counts:
    return pool_of(fill).counts


@pytest.fixture
def stored(pool_of) -> pd.DataFrame:
    with pool_of(fill).engine.connect() as connection:
        rows = pd.DataFrame(connection.execute(select(incidents)).mappings().all())
    for name in ("occurred_at", "accepted_at", "closed_at"):
        moments = pd.to_datetime(rows[name].astype("Int64"), unit="s", utc=True).dt.tz_convert("Asia/Shanghai")
        rows[name] = moments.dt.date
    return rows


def inside(rows: pd.DataFrame, period: Period, column: str = "occurred_at") -> pd.DataFrame:
    keep = [pd.notna(day) and period.start <= day < period.end for day in rows[column]]
    return rows[keep]


def test_counts_by_child_equal_a_loop_over_the_rows(filled, stored):
    table = filled.by_child(replace(PROVINCE, division="6201"), ["620102", "620103", "620171"])
    for code in ("620102", "620103", "620171"):
        own = stored[stored["place"] // 10**9 == int(code)]
        assert table.loc[code, "incident_count"] == len(inside(own, PERIOD))
        assert table.loc[code, "previous_count"] == len(inside(own, PERIOD.previous))
        assert table.loc[code, "last_year_count"] == len(inside(own, PERIOD.last_year))
    assert table.loc["6201", "incident_count"] == len(inside(stored[stored["place"] == 620100000000000], PERIOD))


def test_children_and_cells_give_the_same_total(filled, stored):
    total = filled.totals(PROVINCE).current
    assert total == len(inside(stored, PERIOD))
    assert filled.by_child(PROVINCE, ["6201"])["incident_count"].sum() == total
    cells = filled.by_cell(PROVINCE, 5)
    assert cells["incident_count"].notna().all()
    assert cells["incident_count"].sum() == total


def test_rates_are_per_ten_thousand_people_where_a_population_is_known(filled):
    table = filled.by_child(replace(PROVINCE, division="6201"), ["620102"])
    assert table.loc["620102", "rate"] == pytest.approx(table.loc["620102", "incident_count"] / 1_484_016 * 10_000)
    assert np.isnan(table.loc["6201", "rate"])


def test_filters_narrow_every_count(filled, stored):
    asked = replace(PROVINCE, dispute_types=("D02",), sources=("police",), channels=("court",), statuses=("closed",))
    kept = stored[
        (stored["dispute_type"] == "D02")
        & (stored["source"] == "police")
        & (stored["channel"] == "court")
        & (stored["status"] == "closed")
    ]
    assert filled.totals(asked).current == len(inside(kept, PERIOD))
    assert filled.by_cell(asked, 5)["incident_count"].fillna(0).sum() <= len(inside(kept, PERIOD))


def test_the_series_ends_with_the_period_and_counts_zeros(filled, stored):
    series = filled.series(PROVINCE, steps=28)
    assert series.index[-1] == dt.date(2026, 11, 25)
    for day, count in series.items():
        assert count == (stored["occurred_at"] == day).sum()
    weeks = filled.series(PROVINCE, steps=4, days=7)
    assert weeks.sum() == series.sum()


def test_settled_gives_numerator_and_denominator_by_channel_and_the_median(filled, stored):
    now, before = filled.settled(PROVINCE)
    channels, median = now.channels, now.median_days
    earlier = inside(stored, PERIOD.previous, "closed_at")
    assert sum(each.closed for each in before.channels.values()) == len(earlier)
    ended = inside(stored, PERIOD, "closed_at")
    for channel in ("court", "police"):
        own = ended[ended["channel"] == channel]
        assert channels[channel].closed == len(own)
        assert channels[channel].successes == (own["outcome"] == "success").sum()
    days = sorted((row.closed_at - row.accepted_at).days for row in ended.itertuples())
    assert median == days[(len(days) + 1) // 2 - 1]


def test_overdue_counts_what_was_open_past_its_limit_on_a_day(filled, stored):
    days = [dt.date(2026, 11, 25), dt.date(2026, 10, 28)]
    for day, found in zip(days, filled.overdue(PROVINCE, [day_number(day) for day in days]), strict=True):
        still = [
            row
            for row in stored.itertuples()
            if row.accepted_at <= day and (pd.isna(row.closed_at) or row.closed_at > day)
        ]
        assert found.open == len(still)
        assert found.overdue == sum((day - row.accepted_at).days > 30 for row in still)


def test_small_counts_are_withheld_below_the_county_everywhere(filled):
    asked = replace(
        PROVINCE, division="620102", dispute_types=("D01",), period=Period(dt.date(2026, 11, 20), PERIOD.end)
    )
    table = filled.by_child(asked, ["620102001", "620102002"])
    assert not table["incident_count"].between(1, 9).fillna(False).any()
    assert not filled.by_cell(asked, 8)["incident_count"].between(1, 9).fillna(False).any()
    total = filled.totals(replace(asked, division="620102001"))
    assert total.current is None or total.current == 0 or total.current >= 10


def test_incidents_of_a_place_are_listed_as_they_are_stored_newest_first(filled, stored):
    listed = filled.incidents(replace(PROVINCE, division="620102", counting="reports"), limit=5_000)
    own = inside(stored[stored["place"] // 10**9 == 620102], PERIOD)
    own = own[own["dispute_type"] != "D01"]  # left out where they are few
    listed = listed[listed["dispute_type"] != "D01"]
    assert len(listed) == len(own) > 0
    assert listed["occurred_at"].is_monotonic_decreasing
    assert sorted(listed["status"]) == sorted(own["status"])


def test_a_division_outside_the_scope_is_refused():
    with pytest.raises(OutOfScopeError):
        IncidentFilter(scope="6201", period=PERIOD, division="6202")
    with pytest.raises(ValueError, match="scope"):
        IncidentFilter(scope="", period=PERIOD)


def test_an_empty_pool_counts_zero(engine, settings):
    counting = Counting(engine, settings)
    counts = Counts(engine, counting)
    assert counts.totals(PROVINCE).current == 0
    assert counts.by_child(PROVINCE, ["6201"])["incident_count"].tolist() == [0]
    assert counts.by_cell(PROVINCE, 5).empty
    assert counts.settled(PROVINCE)[0] == Settled({}, None)
    assert counts.latest() == {}
    assert counts.incidents(replace(PROVINCE, division="620102001001")).empty
    counting.close()


def test_a_new_publication_is_counted_by_a_reader_that_was_already_there(copy_of):
    pool = copy_of(fill)
    filled = pool.counts
    before, version = filled.totals(PROVINCE).current, filled.version()
    row = {"编号": "neu", "纠纷类型": "邻里", "受理时间": "2026-11-24 10:00:00", "区划代码": "620102"}
    pool.take_in(pd.DataFrame([row]), "walk_in")
    assert filled.totals(PROVINCE).current == before + 1
    assert filled.version() > version
