"""Shares of units in their place."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from risk.forecast.allocation import Worth, choose_worth, unit_shares

PLACE = np.array([0, 0, 0, 1, 1, 2])
SPREAD = np.array([1.0, 1.0, 0.0, 1e-6, 0.0, 1.0])
LITTLE = Worth(np.full(1, 2.0), 1.0)


@given(arrays(np.int64, (4, 6), elements=st.integers(0, 50)))
def test_shares_of_a_places_units_sum_to_one_for_every_kind(counts):
    shares = unit_shares(counts.astype(float), PLACE, places=3, spread=SPREAD, worth=LITTLE)
    assert (shares >= 0).all()
    for row in shares:
        np.testing.assert_allclose(np.bincount(PLACE, weights=row), 1.0)


def test_a_unit_with_more_incidents_has_a_larger_share():
    shares = unit_shares(np.array([[9.0, 1, 0, 0, 0, 0]]), PLACE, places=3, spread=SPREAD, worth=LITTLE)[0]
    assert shares[0] > shares[1] > shares[2]


def test_a_kind_without_incidents_follows_all_kinds_together():
    counts = np.array([[8.0, 0, 0, 0, 0, 0], [0.0] * 6])
    shares = unit_shares(counts, PLACE, places=3, spread=SPREAD, worth=LITTLE)
    assert shares[1, 0] > 0.8
    assert 0 < shares[1, 1] < shares[1, 0]


def test_where_nothing_was_seen_the_spread_decides():
    shares = unit_shares(np.zeros((1, 6)), PLACE, places=3, spread=SPREAD, worth=LITTLE)[0]
    np.testing.assert_allclose(shares, [0.5, 0.5, 0, 1, 0, 1])


def chosen(earlier: np.ndarray, later: np.ndarray) -> Worth:
    units = earlier.shape[1]
    return choose_worth(earlier, later, np.zeros(units, np.int64), places=1, spread=np.ones(units))


def test_a_kind_that_wanders_follows_the_others_and_one_that_stays_is_believed():
    rng = np.random.default_rng(0)
    map_of_all = rng.dirichlet(np.ones(40))
    stays = np.zeros(40)
    stays[7] = 1.0
    earlier = np.stack([rng.multinomial(300, map_of_all), rng.multinomial(10, map_of_all), rng.multinomial(30, stays)])
    later = np.stack([rng.multinomial(100, map_of_all), rng.multinomial(40, map_of_all), rng.multinomial(10, stays)])
    worth = chosen(earlier.astype(float), later.astype(float))
    assert worth.own[1] >= 30
    assert worth.own[2] == 2


def test_where_most_comes_to_new_units_more_is_kept_for_those_never_hit():
    earlier, later = np.zeros((1, 60)), np.zeros((1, 60))
    earlier[0, :10] = 1
    later[0, 20:50] = 1
    assert chosen(earlier, later).unseen > chosen(earlier, 5 * earlier).unseen
