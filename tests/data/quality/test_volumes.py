import datetime as dt

import numpy as np
import pytest

from data.filter import day_number
from data.quality.volumes import FEW, HISTORY, MANY, UNKNOWN, is_holiday, judge_volumes, kind_of_day

LAST = day_number(dt.date(2026, 11, 24))
DAYS = 28 + HISTORY


def office(mean: float, *, seed: int, days: int = DAYS) -> np.ndarray:
    """Poisson counts of an office that rests on Sundays and holidays."""
    kinds = kind_of_day(np.arange(LAST - days + 1, LAST + 1))
    return np.random.default_rng(seed).poisson(np.where(kinds == 6, 0.02 * mean, mean))


def marks(counts: np.ndarray, **other) -> dict[int, str]:
    table = judge_volumes(counts, last_day=LAST, **other)
    return {int(day): mark for day, mark in zip(table["day"], table["mark"], strict=True) if mark}


@pytest.mark.parametrize("mean", [25, 60, 900])
def test_a_day_without_anything_is_too_few(mean):
    for seed in range(20):
        counts = office(mean, seed=seed)
        counts[-1] = 0
        assert marks(counts)[LAST] == FEW


@pytest.mark.parametrize(("factor", "mark"), [(0.3, FEW), (3, MANY)])
def test_planted_drops_and_surges_are_found_whenever_they_come(factor, mark):
    found = 0
    for seed in range(20):
        for back in (1, 5, 8, 20):
            counts = office(100, seed=seed)
            assert kind_of_day(np.array([LAST + 1 - back]))[0] != 6
            counts[-back] = int(factor * counts[-back])
            found += marks(counts).get(LAST + 1 - back) == mark
    assert found >= 0.97 * 80


def test_ordinary_days_are_hardly_ever_marked():
    days = 400 + HISTORY
    marked = judged = 0
    for seed, mean in enumerate([3, 8, 25, 80, 300] * 4):
        table = judge_volumes(office(mean, seed=seed, days=days), last_day=LAST, judged=400)
        marked += int(table["mark"].isin([FEW, MANY]).sum())
        judged += int((table["mark"] != UNKNOWN).sum())
    assert judged > 7_500
    assert marked <= 0.002 * judged


def test_a_day_that_was_lost_once_does_not_hide_the_next_loss():
    counts = office(100, seed=4)
    counts[-8] = counts[-15] = counts[-22] = 0
    counts[-1] = 0
    assert marks(counts)[LAST] == FEW


def test_a_small_feed_can_not_be_judged_by_zeros():
    assert FEW not in marks(office(3, seed=1)).values()


def test_a_new_source_is_unknown_until_it_has_been_there_four_times():
    counts = office(50, seed=2)
    counts[:-20] = 0
    found = marks(counts)
    assert set(found.values()) == {UNKNOWN}
    assert judge_volumes(np.zeros(DAYS, dtype=np.int64), last_day=LAST)["mark"].eq(UNKNOWN).all()


def test_days_of_rest_are_compared_with_sundays_and_the_rush_after_them_with_nothing():
    assert is_holiday(dt.date(2026, 2, 17))
    assert is_holiday(dt.date(2026, 2, 16))
    assert not is_holiday(dt.date(2026, 2, 24))
    days = [day_number(dt.date(2026, 10, day)) for day in (1, 7, 8, 9, 10)]
    assert kind_of_day(np.array(days)).tolist() == [6, 6, -1, -1, 5]


def test_the_table_has_every_judged_day_with_what_was_expected():
    table = judge_volumes(office(100, seed=3), last_day=LAST)
    assert table["day"].tolist() == list(range(LAST - 27, LAST + 1))
    known = table[table["mark"] != UNKNOWN]
    assert known["expected"].between(0, 130).all()
