"""Every figure is compared with a plain loop over the stored rows."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import select

from data.counting import Counting
from data.counts import Counts
from data.filter import IncidentFilter, Period, day_number
from data.tables import incidents
from tests.pools import Pool

ASKED = IncidentFilter(scope="62", period=Period(dt.date(2026, 10, 29), dt.date(2026, 11, 26)))


def fill(pool: Pool) -> None:
    rng = np.random.default_rng(1)
    for source in ("hotline", "police", "grid_patrol"):
        accepted = pd.Timestamp("2026-11-25 08:00") - pd.to_timedelta(rng.integers(0, 150 * 24, 400), unit="h")
        longitude = rng.choice(["103.5", "104.5", ""], 400)
        table = pd.DataFrame(
            {
                "编号": np.arange(400),
                "纠纷类型": rng.choice(["邻里", "其他"], 400, p=[0.9, 0.1]),
                "受理时间": accepted.strftime("%Y-%m-%d %H:%M:%S"),
                "区划代码": rng.choice(["620102001001", "", "620171", "620102002"], 400),
                "经度": longitude,
                "纬度": np.where(longitude == "", "", "36.5"),
            }
        )
        pool.take_in(table, source)


@pytest.fixture
def counts(pool_of):
    return pool_of(fill).counts.quality


@pytest.fixture
def stored(pool_of) -> pd.DataFrame:
    with pool_of(fill).engine.connect() as connection:
        rows = pd.DataFrame(connection.execute(select(incidents)).mappings().all())
    moments = pd.to_datetime(rows["accepted_at"], unit="s", utc=True).dt.tz_convert("Asia/Shanghai")
    return rows.assign(day=moments.dt.date)


def inside(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[[ASKED.period.start <= day < ASKED.period.end for day in rows["day"]]]


def test_every_figure_of_a_source_equals_a_loop(counts, stored):
    table = counts.by_source(ASKED)
    for source, row in table.iterrows():
        own = inside(stored[stored["source"] == source])
        assert row["incident_count"] == len(own)
        for name, code in (("nowhere", 0), ("by_code", 1), ("by_geometry", 2)):
            assert row[name] == (own["located_by"] == code).sum()
        assert row["conflicts"] == own["conflict"].sum()
        assert row["others"] == (own["dispute_type"] == "D99").sum()


def test_volumes_name_every_day_of_every_source(counts, stored):
    last = day_number(dt.date(2026, 11, 24))
    table = counts.volumes(ASKED, last_day=last)
    assert len(table) == 3 * 28
    for row in table.itertuples():
        day = dt.date(1970, 1, 1) + dt.timedelta(days=int(row.day))
        assert row.incident_count == ((stored["source"] == row.source) & (stored["day"] == day)).sum()


def test_conflicts_are_listed_by_township_under_their_county_and_small_ones_withheld(counts, stored):
    table = counts.conflicts(ASKED)
    own = inside(stored[stored["conflict"]])
    assert table["county_count"].iloc[0] == len(own)
    exact = (own["place"] // 10**6).value_counts()
    for row in table.itertuples():
        if not pd.isna(row.incident_count):
            assert row.incident_count == exact[int(row.code)]
    period = Period(dt.date(2026, 11, 24), dt.date(2026, 11, 26))
    few = counts.conflicts(replace(ASKED, period=period))
    assert not few["incident_count"].between(1, 4).fillna(False).any()


def test_a_reader_of_a_township_gets_no_small_figure(counts):
    asked = IncidentFilter("620102001", Period(dt.date(2026, 11, 22), dt.date(2026, 11, 26)))
    assert not counts.by_source(asked).isin([1, 2, 3, 4]).any().any()
    volumes = counts.volumes(asked, last_day=day_number(dt.date(2026, 11, 24)))
    assert not volumes["incident_count"].isin([1, 2, 3, 4]).any()
    assert volumes["expected"].isna().all()


def test_reporting_says_who_reported_and_what_the_county_counts(counts, stored):
    codes = ["620102001001001", "620102002001001", "620102002001002"]
    table = counts.reporting(ASKED, codes, level=6)
    own = inside(stored)
    for code, row in table.iterrows():
        here = own[own["place"] == int(code)]
        assert row["reported"] == (len(here) > 0)
        assert row["patrolled"] == (here["source"] == "grid_patrol").any()
    assert not table["reported"].iloc[2]
    deep = own[(own["place"] // 10**9 == 620102) & (own["place"] % 1000 != 0)]
    assert (table["county_count"] == len(deep)).all()
    assert (table["county_patrol"] == (deep["source"] == "grid_patrol").sum()).all()


def test_an_empty_pool_has_nothing_to_say(engine, settings):
    counting = Counting(engine, settings)
    quality = Counts(engine, counting).quality
    assert quality.by_source(ASKED).empty
    assert quality.volumes(ASKED, last_day=20_000).empty
    assert quality.conflicts(ASKED).empty
    assert not quality.reporting(ASKED, ["620102001001001"], level=6)["reported"].any()
    counting.close()
