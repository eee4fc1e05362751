"""Regressions on top of a base: the offset is exact, the ratio is learnt."""

import numpy as np
import pytest
from sklearn.base import clone

from risk.forecast.regression import RATIO_LIMIT, Blend, Quantised


def rows(size: int = 6000, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(size, 3)).astype(np.float32)
    base = np.exp(rng.normal(-0.5, 1.0, size))
    return features, base, rng.poisson(base * np.exp(0.3 * features[:, 0])).astype(float)


@pytest.mark.parametrize(("rounds", "boosted"), [(0, 0.0), (60, 1.0), (60, 0.5)])
def test_the_ratio_to_the_base_is_learnt(rounds: int, boosted: float) -> None:
    features, base, counts = rows()
    model = Blend(penalty=1e-4, rounds=rounds, boosted=boosted).fit(features, counts / base, sample_weight=base)
    told = np.log(model.predict(features))
    assert np.corrcoef(told, features[:, 0])[0, 1] > 0.95
    assert abs(np.polyfit(features[:, 0], told, 1)[0] - 0.3) < 0.08


def test_an_exact_offset_changes_nothing_when_the_base_is_right() -> None:
    features, base, _ = rows()
    model = Blend(rounds=0, boosted=0.0).fit(features, np.ones(len(base)), sample_weight=base)
    np.testing.assert_allclose(model.predict(features), 1, atol=1e-6)


def test_it_is_a_regressor_like_any_other() -> None:
    model = clone(Blend(penalty=0.5, rounds=7, boosted=0.2, seed=3))
    assert model.get_params() == {"penalty": 0.5, "rounds": 7, "boosted": 0.2, "seed": 3}


def test_no_ratio_leaves_its_limits() -> None:
    features, base, counts = rows()
    model = Blend(penalty=1e-4, rounds=0, boosted=0.0).fit(features, counts / base, sample_weight=base)
    assert model.predict(np.full((1, 3), 100, np.float32))[0] == pytest.approx(RATIO_LIMIT)


def test_classes_keep_the_order_of_values() -> None:
    features, _, _ = rows()
    classes = Quantised(classes=8).fit(features).transform(features)
    order = np.argsort(features[:, 1])
    assert (np.diff(classes[order, 1]) >= 0).all()
    assert np.unique(classes).tolist() == list(range(8))
