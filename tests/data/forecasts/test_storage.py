"""Which runs are kept."""

import datetime as dt
from pathlib import Path

from data.forecasts.storage import KEPT, KEPT_WEEKS, ForecastRun, spare_runs


def run(number: int, as_of: dt.date) -> ForecastRun:
    return ForecastRun(number, "62", 0, 1, 0, as_of, {}, {}, Path("x.parquet"), 0, 0)


def test_the_newest_runs_and_one_a_week_before_them_are_kept():
    today = dt.date(2026, 11, 24)
    days = [today - dt.timedelta(days=hour // 24) for hour in range(24 * 21)]
    runs = [run(1000 - at, day) for at, day in enumerate(days)]
    spare = {each.id for each in spare_runs(runs)}
    kept = [each for each in runs if each.id not in spare]
    assert kept[:KEPT] == runs[:KEPT]
    weeks = [(each.as_of - dt.date(1970, 1, 1)).days // 7 for each in kept[KEPT:]]
    assert len(weeks) == len(set(weeks)) == 4


def test_weeks_long_gone_are_forgotten():
    today = dt.date(2026, 11, 24)
    runs = [run(1000 - week, today - dt.timedelta(weeks=week)) for week in range(60)]
    assert len(runs) - len(spare_runs(runs)) == KEPT + KEPT_WEEKS
