"""What is drawn of the coming weeks, and why nothing is."""

import datetime as dt
from dataclasses import replace

import pytest

from dashboard.palette import LIGHT
from dashboard.pool import Pool
from dashboard.trends.asked import TrendsAsked
from dashboard.trends.forecast import Band, read_band
from dashboard.trends.weeks_chart import _forecast
from data.store import open_store

TODAY = dt.date(2026, 11, 25)
PLAIN = TrendsAsked("62")
BAND = Band(dt.date(2026, 11, 24), (12.0, 6.0, 19.0), (40.0, 20.0, 60.0), ("hotline",), summed=False)


@pytest.fixture
def pool(settings):
    engine = open_store(settings)
    yield Pool(settings, engine, counting=None, counts=None, geography=None)
    engine.dispose()


def test_four_weeks_are_drawn_as_their_mean_and_the_next_week_by_itself():
    area, line, rule, dot = (layer["data"]["values"] for layer in _forecast(BAND, LIGHT, zero=False))
    assert [row["at"][:10] for row in line] == ["2026-11-25", "2026-12-16"]
    assert {(row["count"], row["low"], row["high"]) for row in area} == {(10.0, 5.0, 15.0)}
    assert [(row["count"], row["low"], row["high"]) for row in rule] == [(12.0, 6.0, 19.0)]
    assert dot[0]["预计"] == "12 件,90% 区间 6–19"


@pytest.mark.parametrize(
    "narrowed",
    [{"source": "police"}, {"channel": "court"}, {"status": "closed"}, {"hour": "9"}, {"settled": "village"},
     {"counting": "reports"}],
)  # fmt: skip
def test_a_filter_that_forecasts_do_not_know_is_told_before_anything_is_read(pool, narrowed):
    band, why = read_band(pool, replace(PLAIN, **narrowed), today=TODAY, last_day=TODAY)
    assert band is None
    assert "取消来源" in why


def test_without_a_forecast_the_page_says_what_to_run(pool):
    band, why = read_band(pool, PLAIN, today=TODAY, last_day=TODAY)
    assert band is None
    assert "manage.py assess" in why
