"""The forecast of many sparse kinds: their sums are neither too high nor too even."""

import numpy as np
import pytest

from risk.forecast.coherence import rake
from risk.forecast.counts import WeeklyCounts
from risk.forecast.pooled import PooledForecaster
from tests.risk.forecast.city import MONDAY

WEEKS, PLACES, KINDS = 90, 120, 8


@pytest.fixture(scope="module")
def sparse() -> tuple[WeeklyCounts, np.ndarray]:
    """Eight kinds, each a few a week in the whole area and at few of its places ever; and their true rates."""
    rng = np.random.default_rng(5)
    place = np.exp(rng.normal(0, 1.2, PLACES))
    kind = np.exp(rng.normal(0, 1.0, KINDS))
    rate = 24.0 * np.outer(kind / kind.sum(), place / place.sum())
    counts = rng.poisson(np.repeat(rate[:, :, None], WEEKS, axis=2)).astype(float)
    return WeeklyCounts(counts, np.arange(PLACES), tuple(f"kind {n}" for n in range(KINDS)), MONDAY), rate


@pytest.fixture(scope="module")
def model(sparse) -> PooledForecaster:
    return PooledForecaster(most_rows=20_000).fit(sparse[0])


@pytest.fixture(scope="module")
def expected(sparse, model):
    return model.expect(sparse[0])


def said_of(expected, chosen) -> float:
    """Weekly mean of what had been said of the weeks held back."""
    return float(expected.said[1][chosen].sum() / expected.said[1].shape[2])


def test_kinds_sum_to_what_the_area_has(sparse, expected) -> None:
    _, rate = sparse
    assert said_of(expected, np.s_[:]) == pytest.approx(rate.sum(), rel=0.1)


def test_rare_kinds_are_not_foretold_too_often(sparse, expected) -> None:
    _, rate = sparse
    rare = np.argsort(rate.sum(axis=1))[: KINDS // 2]
    assert said_of(expected, rare) == pytest.approx(rate[rare].sum(), rel=0.2)


def test_quiet_places_are_not_foretold_too_much(sparse, expected) -> None:
    _, rate = sparse
    quiet = np.argsort(rate.sum(axis=0))[: PLACES // 2]
    assert said_of(expected, np.s_[:, quiet]) < 1.25 * rate[:, quiet].sum()


def test_what_is_reported_yet_is_what_is_laid_beside_the_counts(sparse, model, expected) -> None:
    history, _ = sparse
    reported = np.ones((KINDS, WEEKS))
    reported[:, -1] = 0.5
    late = WeeklyCounts(history.counts, history.places, history.kinds, history.first_day, reported)
    whole, part = (each.said[1][:, :, -1].sum() for each in (expected, model.expect(late)))
    assert part == pytest.approx(0.5 * whole, rel=0.02)


def test_raked_counts_have_the_sums_of_places_exactly_and_of_kinds_nearly() -> None:
    rng = np.random.default_rng(0)
    raw = rng.gamma(1.0, 1.0, (3, 20, 2))
    kinds, places = raw.sum(axis=1) * np.array([[2.0], [1.0], [0.5]]), raw.sum(axis=0) * 0.8
    found = rake(raw, kinds, places)
    np.testing.assert_allclose(found.sum(axis=0), places)
    share = found.sum(axis=1) / found.sum(axis=(0, 1))
    np.testing.assert_allclose(share, kinds / kinds.sum(axis=0), rtol=0.02)
    assert np.isfinite(rake(np.zeros((2, 3, 1)), np.zeros((2, 1)), np.ones((3, 1)))).all()
