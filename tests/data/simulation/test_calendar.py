import numpy as np
import pandas as pd
import pytest

from data.simulation.calendar import (
    DAY,
    HOUR,
    SPRING_FESTIVALS,
    Window,
    day_weights,
    draw_clock,
    from_spring_festival,
    is_holiday,
    is_workday,
    season,
    to_office_hours,
)
from data.simulation.profiles import SOURCE_CODES, TYPE_CODES

SYNODIC_MONTH = 29.530588


def day(text: str) -> int:
    return int(np.datetime64(text, "D").astype(np.int64))


def days_of(year: int) -> np.ndarray:
    return np.arange(day(f"{year}-01-01"), day(f"{year + 1}-01-01"))


def test_spring_festivals_lie_twelve_or_thirteen_moons_apart() -> None:
    moons = np.diff(SPRING_FESTIVALS) / SYNODIC_MONTH
    assert set(np.round(moons)) == {12, 13}
    assert np.abs(np.diff(SPRING_FESTIVALS) - np.round(moons) * SYNODIC_MONTH).max() < 1.5


def test_spring_festivals_lie_between_21_january_and_20_february() -> None:
    dates = pd.DatetimeIndex(SPRING_FESTIVALS.astype("datetime64[D]"))
    assert ((dates.month == 1) & (dates.day >= 21) | (dates.month == 2) & (dates.day <= 20)).all()


def test_spring_festivals_fall_on_new_moons() -> None:
    # A new moon was on 2000-01-06 18:14 UTC; the mean moon strays from the true one by up to 14 hours.
    since = SPRING_FESTIVALS + 0.5 - (day("2000-01-06") + 18.23 / 24 + 8 / 24)
    phase = since / SYNODIC_MONTH
    assert (np.abs(phase - np.round(phase)) * SYNODIC_MONTH).max() < 1.3


def test_days_count_from_the_nearest_spring_festival() -> None:
    asked = np.array([day("2026-02-16"), day("2026-02-17"), day("2026-03-01"), day("2026-12-31")])
    assert from_spring_festival(asked).tolist() == [-1, 0, 12, -37]


def test_national_day_and_spring_festival_are_no_workdays() -> None:
    asked = np.array([day("2026-10-01"), day("2026-02-18"), day("2026-10-10"), day("2026-10-12")])
    assert is_holiday(asked).tolist() == [True, True, False, False]
    assert is_workday(asked).tolist() == [False, False, False, True]


def test_wages_peak_before_spring_festival() -> None:
    days = days_of(2026)
    curve, offset = season("D06", days), from_spring_festival(days)
    rush = curve[(offset >= -30) & (offset <= -8)].mean()
    assert rush > 2.5 * curve[(offset > 120)].mean()
    assert curve[(offset >= 0) & (offset <= 6)].max() < 1


def test_heating_disputes_belong_to_the_cold_half_year() -> None:
    days = days_of(2026)
    month = pd.DatetimeIndex(days.astype("datetime64[D]")).month
    curve = season("D10", days)
    assert curve[month.isin([11, 12, 1, 2])].mean() > 2.5 * curve[month.isin([5, 6, 7, 8, 9])].mean()


def test_day_weights_are_probabilities_for_every_source_and_type() -> None:
    weights = day_weights(days_of(2025))
    assert weights.shape == (len(SOURCE_CODES), len(TYPE_CODES), 365)
    assert (weights >= 0).all()
    assert np.allclose(weights.sum(axis=2), 1)


def test_courts_sleep_at_night_and_the_police_do_not() -> None:
    rng = np.random.default_rng(1)
    hours = {code: draw_clock(np.full(5000, SOURCE_CODES.index(code)), rng) // HOUR for code in ("court", "police")}
    assert hours["court"].min() >= 7
    assert hours["court"].max() <= 20
    assert np.isin(hours["police"], [22, 23, 0, 1]).mean() > 0.1


def test_office_hours_only_ever_move_a_moment_later_and_onto_workdays() -> None:
    rng = np.random.default_rng(2)
    moments = rng.integers(day("2025-12-01") * DAY, day("2026-03-01") * DAY, 4000)
    served = to_office_hours(moments, rng)
    assert (served >= moments).all()
    assert is_workday(served // DAY).all()
    assert (served % DAY >= 9 * HOUR).all()
    assert (served % DAY < 18 * HOUR).all()


def test_a_window_ends_exactly_at_its_end_whatever_the_time_zone() -> None:
    shanghai = Window.before(pd.Timestamp("2026-03-20 10:30", tz="Asia/Shanghai"), days=200)
    utc = Window.before(pd.Timestamp("2026-03-20 02:30", tz="UTC"), days=200)
    assert shanghai == utc
    assert np.datetime64(utc.end, "s") == np.datetime64("2026-03-20T10:30:00")
    assert len(utc.days) == 201


@pytest.mark.parametrize(
    ("end", "days", "expected"),
    [
        (pd.Timestamp("2026-03-20"), 730, "time zone"),
        (pd.Timestamp("2026-03-20", tz="Asia/Shanghai"), 119, "at least 120"),
        (pd.Timestamp("2041-03-20", tz="Asia/Shanghai"), 730, "2040-02-12"),
        (pd.Timestamp("2016-03-20", tz="Asia/Shanghai"), 730, "2015-02-19"),
    ],
)
def test_a_wrong_span_is_refused_with_its_reason(end: pd.Timestamp, days: int, expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        Window.before(end, days=days)
