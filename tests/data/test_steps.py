"""Steps end with the last complete day and have no gaps."""

import datetime as dt

import numpy as np
import pytest

from data.filter import day_number
from data.steps import last_complete_day, steps_until

DAY = dt.date(2026, 3, 30)


@pytest.mark.parametrize(("unit", "days"), [("day", 1), ("week", 7)])
def test_days_and_weeks_have_one_length_and_end_with_the_day(unit, days):
    steps = steps_until(DAY, unit=unit, count=4)
    assert steps.count == 4
    assert steps.period.end == DAY + dt.timedelta(days=1)
    assert {steps.of(step).days for step in range(4)} == {days}
    assert steps.of(-1) == steps.of(3)
    assert steps.names[-1] == (DAY - dt.timedelta(days=days - 1)).isoformat()


def test_months_are_counted_back_from_the_end():
    steps = steps_until(DAY, unit="month", count=3)
    assert steps.names == ["2025-12-31", "2026-01-31", "2026-02-28"]
    assert steps.period.end == dt.date(2026, 3, 31)


def test_each_day_falls_in_the_step_that_holds_it():
    steps = steps_until(DAY, unit="month", count=3)
    days = np.arange(steps.edges[0], steps.edges[-1])
    for day, step in zip(days, steps.step_of(days), strict=True):
        period = steps.of(int(step))
        assert day_number(period.start) <= day < day_number(period.end)


def test_a_day_that_is_not_over_is_left_out():
    now = dt.datetime(2026, 11, 25, 9, 42)  # noqa: DTZ001 - the zone plays no part
    assert last_complete_day(None, now) == dt.date(2026, 11, 24)
    assert last_complete_day(now - dt.timedelta(days=3), now) == dt.date(2026, 11, 21)
    assert last_complete_day(now + dt.timedelta(days=3), now, left_out=2) == dt.date(2026, 11, 22)


def test_no_steps_and_other_units_are_refused():
    with pytest.raises(ValueError, match="at least one"):
        steps_until(DAY, unit="week", count=0)
    with pytest.raises(ValueError, match="year"):
        steps_until(DAY, unit="year", count=2)  # type: ignore[arg-type]
