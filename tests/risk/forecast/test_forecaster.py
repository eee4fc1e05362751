"""The forecaster: beats its base, falls back, meets new and empty places."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from risk.backtest.measures import poisson_deviance
from risk.forecast.counts import WeeklyCounts
from risk.forecast.features import PlaceFeatures
from risk.forecast.forecaster import BASELINE, REGRESSION, CountForecaster
from risk.forecast.regression import Blend
from tests.risk.forecast.city import MONDAY, small_city

HISTORY, AROUND = small_city(weeks=90)
QUICK = {1: Blend(rounds=15), 4: Blend(rounds=0, boosted=0.0)}


def fitted(history: WeeklyCounts) -> CountForecaster:
    return CountForecaster(regressors=QUICK).fit(history, AROUND)


def test_a_forecast_has_every_place_both_horizons_and_ordered_bounds() -> None:
    table = fitted(HISTORY).predict(HISTORY, AROUND)
    assert len(table) == 2 * len(HISTORY.places)
    assert sorted(table["horizon"].unique()) == [1, 4]
    assert (table["expected_count"] > 0).all()
    assert (table["low_90"] <= table["low_50"]).all()
    assert (table["low_50"] <= table["high_50"]).all()
    assert (table["high_50"] <= table["high_90"]).all()


def test_the_next_weeks_are_near_what_comes() -> None:
    table = fitted(HISTORY.before(86)).predict(HISTORY.before(86), AROUND)
    came = HISTORY.of(HISTORY.kinds)[:, 86:]
    for horizon, total in ((1, came[:, 0]), (4, came[:, :4].sum(axis=1))):
        part = table[table["horizon"] == horizon].set_index("place").loc[HISTORY.places]
        expected = part["expected_count"].to_numpy()
        assert (
            poisson_deviance(total, expected).mean() < poisson_deviance(total, np.full(len(total), total.mean())).mean()
        )
        inside = (total >= part["low_90"]) & (total <= part["high_90"])
        assert inside.mean() > 0.8


def test_a_short_history_falls_back_to_the_stated_base() -> None:
    short = HISTORY.before(20)
    forecaster = fitted(short)
    assert forecaster.method_ == BASELINE
    table = forecaster.predict(short, AROUND)
    base = forecaster.features_.transform(short, AROUND).base[1][:, -1]
    np.testing.assert_array_equal(table[table["horizon"] == 1]["expected_count"], base)
    assert fitted(HISTORY).method_ == REGRESSION


@pytest.mark.parametrize("weeks", [1, 3, 30])
def test_very_short_and_empty_histories_give_finite_forecasts(weeks: int) -> None:
    nothing = WeeklyCounts(np.zeros((1, 5, weeks)), np.arange(1, 6), ("a",), MONDAY)
    forecaster = CountForecaster().fit(nothing)
    assert forecaster.method_ == BASELINE
    table = forecaster.predict(nothing)
    assert np.isfinite(table["expected_count"]).all()
    assert (table["low_90"] == 0).all()


def test_places_that_are_new_since_the_fit_are_forecast() -> None:
    forecaster = CountForecaster(regressors=QUICK).fit(HISTORY.only(np.arange(60)))
    table = forecaster.predict(HISTORY)
    assert set(table["place"]) == set(HISTORY.places)
    assert np.isfinite(table["expected_count"]).all()


def test_a_place_never_hit_is_expected_to_have_little_but_not_nothing() -> None:
    counts = HISTORY.counts.copy()
    counts[:, 7] = 0
    history = WeeklyCounts(counts, HISTORY.places, HISTORY.kinds, HISTORY.first_day)
    table = fitted(history).predict(history, AROUND)
    quiet = table[(table["place"] == HISTORY.places[7]) & (table["horizon"] == 1)]["expected_count"].iloc[0]
    assert 0 < quiet < table[table["horizon"] == 1]["expected_count"].quantile(0.1)


def test_the_same_history_gives_the_same_forecast() -> None:
    pd.testing.assert_frame_equal(fitted(HISTORY).predict(HISTORY, AROUND), fitted(HISTORY).predict(HISTORY, AROUND))


def test_it_is_an_estimator_like_any_other() -> None:
    forecaster = clone(CountForecaster(features=PlaceFeatures(kinds=("rare",)), seed=4))
    assert forecaster.get_params()["features__kinds"] == ("rare",)
    assert forecaster.fit(HISTORY, AROUND).method_ == REGRESSION
