"""Dates as files write them, and study periods in steps."""

import numpy as np
import pytest

from risk.scan.period import DateError, cut, longest_window, read_date, whole


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("1977", "1977-01-01", "year"),
        ("77", "1977-01-01", "year"),
        ("07", "2007-01-01", "year"),
        ("2017/12", "2017-12-01", "month"),
        ("12/2017", "2017-12-01", "month"),
        ("2017/12/31", "2017-12-31", "day"),
        ("2017-1-5", "2017-01-05", "day"),
        ("12/31/2017", "2017-12-31", "day"),
    ],
)
def test_dates_are_read_with_their_precision(text, day, precision):
    date = read_date(text)
    assert (str(date.day.date()), date.precision) == (day, precision)


@pytest.mark.parametrize("text", ["", "spring", "2017/13", "2017/02/30", "1/2/3/4"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(DateError):
        read_date(text)


def test_steps_are_counted_back_from_the_end_and_only_the_first_is_shorter():
    period = cut("2017/10/02", "2017/12/31", length=7)
    assert period.steps == 13
    period = cut("2017/10/01", "2017/12/31", length=7)
    assert period.steps == 14
    assert (period.first_day(0), period.last_day(0)) == ("2017/10/01", "2017/10/01")
    assert period.last_day(13) == "2017/12/31"


def test_months_keep_their_ends_and_years_end_with_the_year():
    months = cut("2016/01/01", "2016/03/31", unit="month")
    assert [months.last_day(step) for step in range(3)] == ["2016/01/31", "2016/02/29", "2016/03/31"]
    assert cut("1973", "1991", unit="year").steps == 19


def test_days_fall_into_half_open_steps():
    period = cut("2017/01/01", "2017/01/04", length=2)
    days = np.array(["2016-12-31", "2017-01-01", "2017-01-02", "2017-01-03", "2017-01-05"], dtype="datetime64[D]")
    assert period.step_of(days).tolist() == [-1, 0, 0, 1, -1]


@pytest.mark.parametrize(
    ("text", "unit", "length", "steps"),
    [
        ("0.5", "day", 1, 45),
        ("50%", "day", 1, 45),
        ("28d", "day", 1, 28),
        ("4w", "day", 7, 4),
        ("1m", "month", 1, 1),
        ("365d", "day", 1, 91),
        ("0.5", "day", 7, 6),
    ],
)
def test_windows_are_shares_or_lengths(text, unit, length, steps):
    assert longest_window(text, cut("2017/10/02", "2017/12/31", unit=unit, length=length)) == steps


@pytest.mark.parametrize("text", ["half", "0", "1.5", "3d"])
def test_a_window_that_cannot_be_is_refused(text):
    with pytest.raises(ValueError, match=r"window|share"):
        longest_window(text, cut("2017/10/02", "2017/12/31", length=7))


def test_a_period_that_ends_before_it_starts_is_refused():
    with pytest.raises(ValueError, match="before it starts"):
        cut("2017/02/01", "2017/01/01")
    with pytest.raises(ValueError, match="before it starts"):
        whole("2017", "2016")
    with pytest.raises(ValueError, match="must be some days"):
        cut("2017", "2018", length=0)
