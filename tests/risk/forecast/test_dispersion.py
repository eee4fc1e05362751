"""Intervals: the dispersion that made the counts is found again."""

import numpy as np
import pytest

from risk.backtest.measures import coverage, coverage_by_volume, randomised_pit
from risk.forecast.dispersion import learn_dispersion


def drawn(alpha: np.ndarray, mean: np.ndarray, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.poisson(rng.gamma(1 / alpha, alpha * mean)).astype(float)


def test_a_dispersion_that_falls_with_volume_is_found() -> None:
    mean = np.exp(np.random.default_rng(1).uniform(-2, 4, 30_000))
    true = 0.5 * mean**-0.4
    found = learn_dispersion(drawn(true, mean), mean)
    at = np.array([0.5, 3.0, 20.0])
    np.testing.assert_allclose(found.alpha(at), 0.5 * at**-0.4, rtol=0.25)


def test_coverage_is_as_promised_overall_and_in_every_decile() -> None:
    mean = np.exp(np.random.default_rng(2).uniform(-3, 3, 40_000))
    counts = drawn(np.full(len(mean), 0.3), mean)
    transform = randomised_pit(counts, mean, learn_dispersion(counts, mean), seed=5)
    assert coverage(transform) == pytest.approx(0.9, abs=0.01)
    assert all(0.87 < each < 0.93 for each in coverage_by_volume(transform, mean))


def test_poisson_counts_have_almost_no_dispersion() -> None:
    mean = np.full(20_000, 4.0)
    counts = np.random.default_rng(0).poisson(mean).astype(float)
    assert learn_dispersion(counts, mean).alpha(np.array([4.0]))[0] < 0.02


def test_bounds_are_ordered_and_hold_the_expected_count() -> None:
    mean = np.linspace(0.05, 30, 50)
    found = learn_dispersion(drawn(np.full(50, 0.2), mean), mean)
    low, high = found.quantile(mean, 0.05), found.quantile(mean, 0.95)
    assert (low <= mean).all()
    assert (high >= np.floor(mean)).all()
    assert (np.diff(high) >= 0).all()


@pytest.mark.parametrize("rows", [0, 1, 5])
def test_fewer_rows_than_groups_make_as_many_groups_as_rows(rows):
    assert coverage_by_volume(np.full((rows, 1), 0.5), np.arange(rows, dtype=float)[:, None]) == [1.0] * rows
