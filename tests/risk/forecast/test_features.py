"""Features: what is known before a week, and nothing else."""

import numpy as np
import pytest

from risk.backtest.leak import LeakError, check_no_leak
from risk.forecast.counts import WeeklyCounts
from risk.forecast.features import PlaceFeatures
from risk.forecast.forecaster import WARM_UP_WEEKS, expected_in, rows_of
from risk.forecast.regression import Blend
from tests.risk.forecast.city import small_city

HISTORY, AROUND = small_city(weeks=70)
WEEK = 55


def features(kinds: tuple[str, ...] | None = None) -> PlaceFeatures:
    return PlaceFeatures(kinds=kinds).fit(HISTORY.before(WEEK))


@pytest.mark.parametrize("kinds", [None, ("rare",)])
def test_no_feature_moves_by_a_bit_when_the_future_is_noise(kinds: tuple[str, ...] | None) -> None:
    check_no_leak(lambda history: features(kinds).transform(history, AROUND).values, HISTORY, week=WEEK)


@pytest.mark.parametrize("horizon", [1, 4])
def test_no_base_moves_by_a_bit_when_the_future_is_noise(horizon: int) -> None:
    check_no_leak(lambda history: features().transform(history, AROUND).base[horizon], HISTORY, week=WEEK)


@pytest.mark.parametrize("horizon", [1, 4])
def test_no_forecast_moves_by_a_bit_when_the_future_is_noise(horizon: int) -> None:
    def forecast(history: WeeklyCounts) -> np.ndarray:
        known = features().transform(history, AROUND)
        rows = rows_of(
            known, history.of(history.kinds), horizon=horizon, start=WARM_UP_WEEKS, origin=WEEK, most=10**6, seed=0
        )
        model = Blend(rounds=10).fit(rows.features, rows.outcome / rows.base, sample_weight=rows.base)
        return expected_in(known, model, horizon=horizon, weeks=slice(0, history.weeks + 1))

    check_no_leak(forecast, HISTORY, week=WEEK)


def test_a_planted_leak_is_found() -> None:
    def leaking(history: WeeklyCounts) -> np.ndarray:
        values = features().transform(history, AROUND).values.copy()
        values[:, :-1, 0] += np.log1p(history.of(history.kinds)) * 1e-3  # the week itself
        return values

    with pytest.raises(LeakError, match=f"week {WEEK} "):
        check_no_leak(leaking, HISTORY, week=WEEK)


def test_a_leak_through_the_training_rows_is_found() -> None:
    def leaking(history: WeeklyCounts) -> np.ndarray:
        known = features().transform(history, AROUND)
        rows = rows_of(known, history.of(history.kinds), horizon=1, start=30, origin=WEEK + 3, most=10**6, seed=0)
        model = Blend(rounds=0, boosted=0.0).fit(rows.features, rows.outcome / rows.base, sample_weight=rows.base)
        return expected_in(known, model, horizon=1, weeks=slice(0, history.weeks + 1))

    with pytest.raises(LeakError):
        check_no_leak(leaking, HISTORY, week=WEEK)


def test_a_shorter_history_gives_the_same_features_as_a_longer_one_cut_off() -> None:
    whole = features().transform(HISTORY, AROUND)
    cut = features().transform(HISTORY.before(WEEK), AROUND)
    np.testing.assert_array_equal(cut.values, whole.values[:, : WEEK + 1])
    np.testing.assert_array_equal(cut.base[4], whole.base[4][:, : WEEK + 1])


def test_only_the_last_weeks_are_kept_but_all_are_remembered() -> None:
    whole = features().transform(HISTORY, AROUND)
    kept = PlaceFeatures(weeks_kept=20).fit(HISTORY.before(WEEK)).transform(HISTORY, AROUND)
    assert kept.first_week == 50
    np.testing.assert_array_equal(kept.values, whole.values[:, 50:])


def test_rows_are_complete_before_the_origin_and_of_places_seen_by_then() -> None:
    known = features().transform(HISTORY, AROUND)
    counts = HISTORY.of(HISTORY.kinds)
    rows = rows_of(known, counts, horizon=4, start=30, origin=WEEK, most=10**6, seed=0)
    assert np.isfinite(rows.outcome).all()
    assert len(rows.base) == known.seen[:, 30 : WEEK - 3].sum()


def test_places_without_rings_and_regions_have_features_too() -> None:
    alone = features().transform(HISTORY)
    assert np.isfinite(alone.values).all()
    assert alone.values.shape[:2] == (len(HISTORY.places), HISTORY.weeks + 1)
