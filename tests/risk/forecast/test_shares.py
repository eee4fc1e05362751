"""Shares of places: known answers, plain-loop twins."""

import numpy as np

from risk.forecast.shares import filtered_share, gamma_share, prior_share
from risk.forecast.surroundings import region_matrix


def history(places: int = 12, weeks: int = 60, seed: int = 0) -> np.ndarray:
    rate = np.linspace(0.1, 4.0, places)[:, None]
    return np.random.default_rng(seed).poisson(rate, (places, weeks)).astype(float)


def test_gamma_shares_agree_with_a_plain_loop() -> None:
    counts = history()
    prior = prior_share(counts, None)
    found = gamma_share(counts, prior, half_life=10, shape=2.0)
    weight = 0.5 ** (np.arange(29, -1, -1) / 10)
    seen, exposure = (counts[:, :30] * weight).sum(axis=1), (counts[:, :30].sum(axis=0) * weight).sum()
    told = (seen + 2.0) / (exposure + 2.0 * 12)
    np.testing.assert_allclose(found[:, 30], told / told.sum(), rtol=1e-10)


def test_shares_sum_to_one_in_every_week() -> None:
    counts = history()
    for share in (
        gamma_share(counts, prior_share(counts, None), half_life=52, shape=1.0),
        filtered_share(counts, level=2.0, deviation=0.2, persistence=0.95),
    ):
        assert share.shape == (12, 61)
        np.testing.assert_allclose(share.sum(axis=0), 1)


def test_both_find_the_shares_that_made_the_counts() -> None:
    counts = history(weeks=400)
    true = counts.sum(axis=1) / counts.sum()
    gamma = gamma_share(counts, prior_share(counts, None), half_life=1e6, shape=1.0)[:, -1]
    followed = filtered_share(counts, level=2.0, deviation=0.05, persistence=0.9)[:, -1]
    np.testing.assert_allclose(gamma, true, rtol=0.03)
    np.testing.assert_allclose(followed, true, rtol=0.15)


def test_the_filter_follows_a_place_that_changes() -> None:
    counts = np.full((5, 80), 10.0)
    counts[0, 40:] = 40.0
    share = filtered_share(counts, level=2.0, deviation=0.3, persistence=0.97)[0]
    assert abs(share[40] - 0.2) < 0.01
    assert share[60] > 0.42


def test_a_busy_week_everywhere_moves_no_place() -> None:
    counts = np.full((4, 30), 5.0)
    counts[:, 20] = 50.0
    np.testing.assert_allclose(filtered_share(counts, level=2.0, deviation=0.2, persistence=0.9)[:, 21], 0.25)


def test_a_place_without_history_takes_after_its_surroundings() -> None:
    counts = np.zeros((6, 30))
    counts[:3] = 9.0
    together = region_matrix(np.array([0, 0, 0, 1, 1, 1]))
    around = (together.T @ together).tocsr()
    around.setdiag(0)
    counts[2] = 0
    prior = prior_share(counts, around)[:, -1]
    assert prior[2] > 5 * prior[5]
