"""The area's total: level, season, festival, and nothing of the future."""

from datetime import date

import numpy as np

from risk.forecast.season import expected_totals
from risk.holidays import FIXED, SPRING_FESTIVALS, WINDOWS, festival_shares

MONDAY = 16804  # 2016-01-04


def foretold(totals: np.ndarray, *, festivals: bool = False, horizon: int = 1) -> np.ndarray:
    return expected_totals(totals, first_day=MONDAY, horizons=(1, 4), festivals=festivals)[horizon]


def test_a_constant_total_is_foretold() -> None:
    found = foretold(np.full(60, 300.0))
    np.testing.assert_allclose(found[20:], 300, rtol=0.02)
    np.testing.assert_allclose(foretold(np.full(60, 300.0), horizon=4)[20:], 1200, rtol=0.02)


def test_a_season_is_foretold_better_than_by_the_last_weeks() -> None:
    weeks = np.arange(160)
    mean = 900 * np.exp(0.25 * np.cos(2 * np.pi * weeks / 52.18))
    totals = np.random.default_rng(0).poisson(mean).astype(float)
    found = foretold(totals, horizon=4)[104:157]
    came = np.array([totals[t : t + 4].sum() for t in range(104, 157)])
    last = np.array([totals[t - 4 : t].sum() for t in range(104, 157)])
    assert np.abs(found - came).mean() < 0.6 * np.abs(last - came).mean()


def test_totals_of_zero_and_an_empty_history_are_finite() -> None:
    assert np.isfinite(foretold(np.zeros(30))).all()
    assert foretold(np.zeros(30))[-1] < 0.5
    assert np.isfinite(foretold(np.zeros(0))).all()


def test_the_slump_of_spring_festival_is_learnt_although_it_moves() -> None:
    shares = festival_shares(MONDAY, 300)
    slump = shares[:, list(WINDOWS).index("festival week")]
    totals = np.random.default_rng(3).poisson(400 * np.exp(-1.0 * slump)).astype(float)
    deep = np.flatnonzero(slump > 0.6)
    last = deep[deep > 150]
    assert len(last)
    with_festival, without = foretold(totals, festivals=True), foretold(totals)
    assert np.abs(with_festival[last] - totals[last]).mean() < 0.5 * np.abs(without[last] - totals[last]).mean()


def test_every_festival_lies_between_the_solar_terms_that_bound_it() -> None:
    assert all(date(day.year, 1, 21) <= day <= date(day.year, 2, 20) for day in SPRING_FESTIVALS)
    gaps = np.diff([day.toordinal() for day in SPRING_FESTIVALS])
    assert set(gaps.tolist()) <= {353, 354, 355, 383, 384, 385}  # twelve or thirteen moons


def test_a_week_is_shared_out_among_the_windows() -> None:
    first = date(2024, 2, 10).toordinal() - date(1970, 1, 1).toordinal()
    before, festival = festival_shares(first - 7, 2)
    assert before.tolist() == [0, 1, 0, 0, 0, 0]
    assert festival.tolist() == [0, 0, 1, 0, 0, 0]


def test_holidays_of_the_solar_calendar_have_windows_of_their_own() -> None:
    first = date(2024, 9, 30).toordinal() - date(1970, 1, 1).toordinal()
    week, after = festival_shares(first, 2)[:, len(WINDOWS) + list(FIXED).index("National Day")]
    assert (week, after) == (6 / 7, 1 / 7)
    first = date(2023, 5, 1).toordinal() - date(1970, 1, 1).toordinal()
    assert festival_shares(first, 1)[0, len(WINDOWS) + list(FIXED).index("May Day")] == 5 / 7
