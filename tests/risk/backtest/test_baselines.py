"""The rulers that the model is held against."""

import numpy as np
import pytest

from risk.backtest.baselines import baselines, ring_of, two_sided
from risk.backtest.leak import LeakError, check_no_leak
from risk.forecast.counts import WeeklyCounts
from tests.risk.forecast.city import small_city

HISTORY, AROUND = small_city(weeks=80)
COUNTS = HISTORY.of(HISTORY.kinds)
NAMES = tuple(baselines(COUNTS, ring_of(COUNTS, AROUND), horizon=1))


def test_there_are_eight_and_they_are_what_they_are_called() -> None:
    found = baselines(COUNTS, ring_of(COUNTS, AROUND), horizon=1)
    assert len(found) == 8
    week = 70
    np.testing.assert_allclose(found["last week"][:, week], COUNTS[:, 69])
    np.testing.assert_allclose(found["mean of 13 weeks"][:, week], COUNTS[:, 57:70].mean(axis=1))
    np.testing.assert_allclose(found["all history"][:, week], COUNTS[:, :70].mean(axis=1))
    np.testing.assert_allclose(found["same weeks last year"][:, week], COUNTS[:, 18])
    weight = 0.5 ** (np.arange(69, -1, -1) / 13)
    np.testing.assert_allclose(found["EWMA 13 weeks"][:, week], (COUNTS[:, :70] * weight).sum(axis=1) / weight.sum())


def test_four_weeks_are_four_times_a_mean_and_a_total_of_last_year() -> None:
    found = baselines(COUNTS, ring_of(COUNTS, AROUND), horizon=4)
    np.testing.assert_allclose(found["last week"][:, 70], 4 * COUNTS[:, 69])
    np.testing.assert_allclose(found["same weeks last year"][:, 70], COUNTS[:, 18:22].sum(axis=1))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("horizon", [1, 4])
def test_no_baseline_sees_the_future(name: str, horizon: int) -> None:
    def said(history: WeeklyCounts) -> np.ndarray:
        counts = history.of(history.kinds)
        return baselines(counts, ring_of(counts, AROUND), horizon=horizon)[name]

    check_no_leak(said, HISTORY, week=60)


def test_the_smoother_peeks_and_is_caught() -> None:
    with pytest.raises(LeakError):
        check_no_leak(lambda history: two_sided(history.of(history.kinds), half_life=13), HISTORY, week=60)


def test_the_smoother_does_not_see_the_count_itself() -> None:
    changed = COUNTS.copy()
    changed[3, 40] += 50
    was, now = two_sided(COUNTS, half_life=13), two_sided(changed, half_life=13)
    assert now[3, 40] == pytest.approx(was[3, 40])
    assert now[3, 41] > was[3, 41]
