"""Every figure of the trends is compared with a plain loop over the stored rows, and with the other doors."""

import datetime as dt
from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import select

from data.counting import Counting
from data.counts import Counts
from data.filter import IncidentFilter, Period
from data.tables import incidents
from data.trends.figures import BANDS, WEEKS, windows_of
from risk.incident import CLOSED_STATUSES
from tests.pools import Pool

TODAY = dt.date(2026, 11, 25)
PERIOD = Period(dt.date(2026, 10, 29), dt.date(2026, 11, 26))
PROVINCE = IncidentFilter(scope="62", period=PERIOD)
CITY = replace(PROVINCE, division="6201")
TOWNSHIP = replace(PROVINCE, division="620102001")
DAY = dt.timedelta(days=1)


def feed(rng: np.random.Generator, size: int) -> pd.DataFrame:
    accepted = pd.Timestamp("2026-11-25 08:00") - pd.to_timedelta(rng.integers(0, 800 * 24, size), unit="h")
    closed = accepted + pd.to_timedelta(rng.integers(1, 80, size), unit="D")
    over = closed < pd.Timestamp("2026-11-25")
    deep = rng.random(size) < 0.6
    return pd.DataFrame(
        {
            "编号": np.arange(size),
            "纠纷类型": rng.choice(["邻里", "婚姻家庭", "劳动争议、欠薪"], size),
            "状态": np.where(over, rng.choice(["办结", "回访", "归档"], size), rng.choice(["受理", "重启"], size)),
            "办理结果": np.where(over, rng.choice(["成功", "不成功"], size), ""),
            "化解层级": np.where(over, rng.choice(["村级", "乡镇级", "县级"], size), ""),
            "对接渠道": rng.choice(["诉调", "警调"], size),
            "受理时间": accepted.strftime("%Y-%m-%d %H:%M:%S"),
            "办结时间": np.where(over, closed.strftime("%Y-%m-%d %H:%M:%S"), ""),
            "区划代码": np.where(deep, "", rng.choice(["620102", "620171", "6201"], size)),
            "经度": np.where(deep, rng.choice(["103.5", "104.5"], size, p=[0.9, 0.1]), ""),
            "纬度": np.where(deep, "36.5", ""),
        }
    )


def fill(pool: Pool) -> None:
    rows = feed(np.random.default_rng(3), 600)
    pool.take_in(rows[:400], "hotline")
    pool.take_in(rows[400:], "police")


@pytest.fixture
def filled(pool_of) -> Counts:
    return pool_of(fill).counts


@pytest.fixture
def stored(pool_of) -> pd.DataFrame:
    with pool_of(fill).engine.connect() as connection:
        rows = pd.DataFrame(connection.execute(select(incidents)).mappings().all())
    for name in ("occurred", "accepted", "closed"):
        moments = pd.to_datetime(rows[f"{name}_at"].astype("Int64"), unit="s", utc=True)
        rows[name] = moments.dt.tz_convert("Asia/Shanghai")
    return rows


def inside(rows: pd.DataFrame, period: Period, column: str = "occurred") -> pd.DataFrame:
    return rows[[pd.notna(moment) and period.start <= moment.date() < period.end for moment in rows[column]]]


def test_windows_are_the_totals_of_their_periods_at_every_level(filled):
    for asked in (PROVINCE, CITY, replace(PROVINCE, division="620102"), TOWNSHIP):
        windows = filled.trends.rhythm(asked, today=TODAY).windows
        for name, period in windows_of(TODAY).items():
            assert windows[name] == filled.totals(replace(asked, period=period))


def test_weeks_days_and_hours_are_those_of_a_loop_over_the_rows(filled, stored):
    found = filled.trends.rhythm(PROVINCE, today=TODAY)
    for start, row in found.weeks.iterrows():
        week = Period(start, start + 7 * DAY)
        year = Period(start - WEEKS * 7 * DAY, start - (WEEKS - 1) * 7 * DAY)
        assert (row["incident_count"], row["last_year_count"]) == (len(inside(stored, week)), len(inside(stored, year)))
    for day, count in found.days.items():
        assert count == len(inside(stored, Period(day, day + DAY)))
    loop = Counter((moment.weekday(), moment.hour) for moment in inside(stored, PERIOD)["occurred"])
    assert {(at, hour): n for at, row in found.hours.iterrows() for hour, n in row.items() if n} == dict(loop)


def test_hours_add_up_to_the_total_whatever_hour_is_chosen_and_the_rest_follows_the_choice(filled, stored):
    asked = replace(PROVINCE, weekdays=(2,), hours=(9, 10))
    found = filled.trends.rhythm(asked, today=TODAY)
    assert found.hours.to_numpy().sum() == filled.totals(PROVINCE).current
    chosen = stored[[moment.weekday() == 2 and moment.hour in (9, 10) for moment in stored["occurred"]]]
    assert found.windows["ytd"].current == len(inside(chosen, windows_of(TODAY)["ytd"])) > 0
    assert found.weeks["incident_count"].iloc[-4:].sum() == filled.totals(asked).current == len(inside(chosen, PERIOD))


def test_the_matrix_adds_up_to_the_totals_of_each_type_and_of_each_child(filled):
    matrix = filled.trends.matrix(replace(CITY, dispute_types=("D02",)), ["620102"])
    totals = filled.totals(CITY)
    sums = [int(table.to_numpy().sum()) for table in (matrix.current, matrix.previous, matrix.last_year)]
    assert sums == [totals.current, totals.previous, totals.last_year]
    for kind in ("D01", "D02", "D06"):
        assert matrix.current.loc[kind].sum() == filled.totals(replace(CITY, dispute_types=(kind,))).current
    children = filled.by_child(CITY, ["620102"])["incident_count"]
    assert {code: int(n) for code, n in matrix.current.sum().items()} == {c: int(n) for c, n in children.items()}


def test_levels_channels_and_days_are_those_of_a_loop_over_what_was_closed(filled, stored):
    found = filled.trends.settling(PROVINCE)
    ended, before = (inside(stored, period, "closed") for period in (PERIOD, PERIOD.previous))
    levels = found.levels[found.levels["incident_count"] > 0]["incident_count"]
    assert dict(levels) == dict(Counter(ended["resolved_level"]))
    for channel in ("court", "police"):
        for part, rows in zip(found.channels[channel], (ended, before), strict=True):
            own = rows[rows["channel"] == channel]
            assert (part.part, part.whole) == ((own["outcome"] == "success").sum(), len(own))
    days = sorted((row.closed.date() - row.accepted.date()).days for row in ended.itertuples())
    assert found.durations.count == len(days) == found.durations.bands.sum()
    for share, value in found.durations.quantiles.items():
        assert value == days[int(np.ceil(share * len(days))) - 1]
    lower = [first for first, _ in BANDS]
    assert found.durations.bands.iloc[1] == sum(lower[1] <= day < lower[2] for day in days)


def test_a_figure_keeps_all_its_own_values_when_one_of_them_is_chosen(filled):
    every = filled.trends.settling(PROVINCE)
    chosen = filled.trends.settling(replace(PROVINCE, resolved_levels=("village",), channels=("court",)))
    court = every.channels["court"][0]
    assert chosen.channels["police"][0].whole > 0
    assert chosen.channels["court"][0].whole < court.whole == chosen.levels["incident_count"].sum()
    assert chosen.durations.count == chosen.channels["court"][0].whole == chosen.levels.loc["village", "incident_count"]


def test_progress_by_source_and_status_is_that_of_a_loop_and_reopened_is_of_what_had_been_closed(filled, stored):
    found = filled.trends.progress(replace(PROVINCE, sources=("hotline",)))
    rows = inside(stored, PERIOD)
    own = rows[rows["source"] == "hotline"]
    assert found.sources.loc["police", "incident_count"] == (rows["source"] == "police").sum() > 0
    for status in ("accepted", "reopened", "closed"):
        assert found.statuses.loc[status, "incident_count"] == (own["status"] == status).sum()
    reopened = (own["status"] == "reopened").sum()
    assert (found.reopened.part, found.reopened.whole) == (
        reopened,
        reopened + own["status"].isin(CLOSED_STATUSES).sum(),
    )


def test_below_the_county_no_small_count_is_told_by_any_figure(filled):
    for division in ("620102001", "620102002"):
        asked = replace(PROVINCE, division=division)
        rhythm = filled.trends.rhythm(asked, today=TODAY)
        settling, progress = filled.trends.settling(asked), filled.trends.progress(asked)
        tables = [rhythm.weeks, rhythm.hours, settling.levels, progress.sources, progress.statuses]
        told = [*(value for table in tables for value in table.to_numpy().ravel()), *settling.durations.bands]
        told += [value for pair in settling.channels.values() for part in pair for value in (part.part, part.whole)]
        told += [progress.reopened.part, progress.reopened.whole, settling.durations.count]
        assert not [value for value in told if not pd.isna(value) and 0 < value < 5]
        assert rhythm.days is None
    matrix = filled.trends.matrix(replace(PROVINCE, division="620102"), ["620102001", "620102002"])
    for kind, k in (("D01", 10), ("D02", 5)):
        assert not matrix.current.loc[kind].between(1, k - 1).fillna(False).any()


def test_an_empty_pool_gives_zeros(engine, settings):
    counting = Counting(engine, settings)
    trends = Counts(engine, counting).trends
    assert trends.rhythm(PROVINCE, today=TODAY).weeks.to_numpy().sum() == 0
    assert trends.matrix(PROVINCE, ["6201"]).current.to_numpy().sum() == 0
    settling = trends.settling(PROVINCE)
    assert (settling.durations.count, settling.durations.quantiles, settling.channels) == (0, {}, {})
    assert trends.progress(PROVINCE).reopened.whole == 0
    counting.close()
