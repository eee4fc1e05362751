"""Sums over the past agree with plain loops and never hold the week itself."""

import numpy as np
import pytest

from risk.forecast.memory import between, coming, decayed, so_far

SERIES = np.random.default_rng(1).poisson(2.0, (3, 20)).astype(float)


def test_decayed_sums_agree_with_a_plain_loop() -> None:
    found = decayed(SERIES, 4.0)
    for week in range(21):
        told = sum(SERIES[:, past] * 0.5 ** ((week - 1 - past) / 4.0) for past in range(week))
        np.testing.assert_allclose(found[:, week], told, atol=1e-12)


def test_sums_between_lags_agree_with_a_plain_loop() -> None:
    found = between(SERIES, 3, 5)
    for week in range(21):
        np.testing.assert_allclose(found[:, week], SERIES[:, max(0, week - 5) : max(0, week - 2)].sum(axis=1))


def test_what_is_coming_is_unknown_near_the_end() -> None:
    found = coming(SERIES, 4)
    np.testing.assert_array_equal(found[:, 16], SERIES[:, 16:20].sum(axis=1))
    assert np.isnan(found[:, 17:]).all()
    np.testing.assert_array_equal(coming(SERIES, 1)[:, :20], SERIES)


def test_the_last_column_is_for_the_week_to_come() -> None:
    np.testing.assert_array_equal(so_far(SERIES)[:, -1], SERIES.sum(axis=1))


def test_a_lag_of_zero_would_be_the_week_itself_and_is_refused() -> None:
    with pytest.raises(ValueError, match="nearest"):
        between(SERIES, 0, 4)
