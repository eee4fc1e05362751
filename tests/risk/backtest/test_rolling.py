"""A whole back-test on a made-up city."""

from dataclasses import replace

import numpy as np
import pytest

from risk.backtest.rolling import BackTest, Protocol, back_test, peeking
from risk.forecast.counts import WeeklyCounts
from risk.forecast.features import PlaceFeatures
from tests.risk.forecast.city import small_city

HISTORY, AROUND = small_city(weeks=104)
PROTOCOL = Protocol(rounds=20)


def run_test_weeks(history: WeeklyCounts = HISTORY) -> dict[int, BackTest]:
    return back_test(history, AROUND, features=PlaceFeatures(), protocol=PROTOCOL)


@pytest.fixture(scope="module")
def result() -> dict[int, BackTest]:
    return run_test_weeks()


def test_every_origin_of_the_test_is_forecast_once(result) -> None:
    assert result[1].origins == range(78, 104)
    assert result[4].origins == range(78, 101)
    for test in result.values():
        shape = (len(HISTORY.places), len(test.origins))
        assert test.model.shape == test.observed.shape == shape
        assert all(each.shape == shape for each in test.simple.values())
        assert np.isfinite(test.observed).all()


def test_the_model_beats_simple_rules_where_places_wander(result) -> None:
    for test in result.values():
        assert test.deviance(test.model) < test.deviance(test.simple[test.best_simple()])


def test_it_does_not_beat_a_smoother_that_peeks_by_much(result) -> None:
    assert result[1].deviance(result[1].model) > 0.9 * peeking(HISTORY.of(HISTORY.kinds), result[1])


def test_a_forecast_of_the_test_does_not_know_the_weeks_after_it(result) -> None:
    counts = HISTORY.counts.copy()
    counts[:, :, 85:] = np.random.default_rng(9).poisson(5.0, counts[:, :, 85:].shape)
    changed = run_test_weeks(replace(HISTORY, counts=counts))
    np.testing.assert_array_equal(changed[1].model[:, :8], result[1].model[:, :8])
    np.testing.assert_array_equal(changed[4].model[:, :8], result[4].model[:, :8])
    assert changed[1].settings.get_params() == result[1].settings.get_params()


def test_a_history_that_is_too_short_is_an_error() -> None:
    with pytest.raises(ValueError, match="more weeks"):
        run_test_weeks(HISTORY.before(60))
