"""Measures with answers known beforehand."""

import numpy as np
import pytest
from sklearn.metrics import mean_poisson_deviance

from risk.backtest.bootstrap import ratio_interval
from risk.backtest.measures import coverage, hits, poisson_deviance, ranking, reliability


def test_the_deviance_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    mean = rng.uniform(0.1, 5, 500)
    counts = rng.poisson(mean).astype(float)
    assert poisson_deviance(counts, mean).mean() == pytest.approx(mean_poisson_deviance(counts, mean))


def test_a_forecast_of_zero_is_very_wrong_but_finite() -> None:
    found = poisson_deviance(np.array([0.0, 1.0]), np.array([0.0, 0.0]))
    assert found[0] == pytest.approx(2e-6)
    assert 20 < found[1] < 30


def test_hits_are_counted_week_by_week() -> None:
    observed = np.array([[5.0, 0], [1, 1], [0, 4], [0, 0]])
    expected = np.array([[9.0, 9], [1, 1], [0, 0], [0, 0]])
    assert hits(observed, expected, 0.25).tolist() == [5, 0]


def test_hit_rate_pai_and_pei_of_a_worked_example() -> None:
    observed = np.zeros((100, 1))
    observed[:4, 0] = [6, 2, 1, 1]
    expected = -np.arange(100.0)[:, None] + 100
    expected[[0, 50], 0] = expected[[50, 0], 0]  # the best place is missed by the first five
    row = ranking(observed, expected, (0.05,)).iloc[0]
    assert row["hit_rate"] == pytest.approx(0.4)
    assert row["pai"] == pytest.approx(8)
    assert row["pei"] == pytest.approx(0.4)


def test_a_perfect_order_has_pei_one() -> None:
    counts = np.random.default_rng(1).poisson(2.0, (50, 6)).astype(float)
    assert (ranking(counts, counts)["pei"] == 1).all()


def test_coverage_counts_the_middle() -> None:
    assert coverage(np.array([0.01, 0.05, 0.5, 0.95, 0.99])) == pytest.approx(0.6)


def test_reliability_puts_said_beside_seen() -> None:
    mean = np.linspace(0.1, 6, 20_000)
    table = reliability(np.random.default_rng(2).poisson(mean).astype(float), mean)
    assert len(table) == 10
    np.testing.assert_allclose(table["observed"], table["expected"], rtol=0.15)


def test_the_interval_of_equal_losses_holds_one_and_of_a_clear_gain_does_not() -> None:
    rng = np.random.default_rng(3)
    other = rng.uniform(90, 110, 26)
    low, high = ratio_interval(other + rng.normal(0, 1, 26), other)
    assert low < 1 < high
    low, high = ratio_interval(0.97 * other, other)
    assert low == pytest.approx(0.97)
    assert high == pytest.approx(0.97)


def test_the_interval_needs_the_same_weeks() -> None:
    with pytest.raises(ValueError, match="same weeks"):
        ratio_interval(np.ones(3), np.ones(4))
