import datetime as dt
from itertools import pairwise

import pytest

from dashboard.asked import Asked, read_asked
from dashboard.map.time_slider import DAYS, WEEKS, periods_of, steps_of

TODAY = dt.date(2026, 11, 25)
CUSTOM = {"window": "custom", "start": "2026-10-01", "end": "2026-10-10"}


@pytest.mark.parametrize(
    ("asked", "count", "stride"),
    [
        (Asked("62", window="7d"), DAYS, 1),
        (Asked("62"), WEEKS, 7),
        (Asked("62", **CUSTOM), DAYS, 1),
        (Asked("62", window="ytd"), 46, 7),
    ],
)
def test_the_slider_ends_with_the_newest_day_and_steps_evenly(asked, count, stride):
    steps = steps_of(asked, TODAY)
    assert steps[-1] == asked.newest_day(TODAY)
    assert len(steps) == count + 1
    assert {(later - earlier).days for earlier, later in pairwise(steps)} == {stride}


def test_periods_of_the_slider_are_as_long_as_the_one_meant():
    assert {period.days for period in periods_of(Asked("62"), TODAY)} == {28}
    assert {period.days for period in periods_of(Asked("62", **CUSTOM), TODAY)} == {10}


def test_a_year_to_date_begins_with_the_year_of_its_last_day():
    assert Asked("62", window="ytd", at="2025-03-05").period(TODAY).start == dt.date(2025, 1, 1)


def test_a_step_of_a_link_that_is_no_step_of_today_is_offered_too():
    asked = Asked("62", at="2026-11-02")
    assert dt.date(2026, 11, 2) in steps_of(asked, TODAY)
    assert asked.period(TODAY).end == dt.date(2026, 11, 3)


def test_a_step_after_the_newest_day_is_the_newest():
    assert Asked("62", at="2027-01-01").period(TODAY) == Asked("62").period(TODAY)


@pytest.mark.parametrize("compare", ["previous", "last_year", "custom"])
def test_the_period_beside_is_as_long(compare):
    asked = Asked("62", compare=compare, since="2025-02-03" if compare == "custom" else "")
    other = asked.other_period(TODAY)
    assert other is not None
    assert other.days == 28
    assert Asked("62").other_period(TODAY) is None


def test_what_makes_no_sense_in_time_is_named():
    asked, wrong = read_asked({"at": "yesterday", "compare": "moon"}, root="62", known=lambda code: code == "62")
    assert asked == Asked("62")
    assert set(wrong) == {"at=yesterday", "compare=moon"}
