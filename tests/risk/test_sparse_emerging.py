"""The sparse form says what the full one says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom

from geo.neighbours import of_pairs
from risk.emerging import EmergingSettings, emerging
from risk.series import Series
from risk.sparse_emerging import COLUMNS, emerging_places
from tests.examples import few


def series_of(counts: np.ndarray) -> Series:
    place, step = np.nonzero(counts)
    return Series(place.astype(np.int64), step.astype(np.int64), counts[place, step].astype(np.int64))


def row_of(size: int):
    one = np.arange(size - 1)
    return of_pairs(np.r_[one, one + 1], np.r_[one + 1, one], places=size)


def assert_as_in_full(counts: np.ndarray, chosen: EmergingSettings) -> None:
    neighbours = row_of(len(counts))
    full = emerging(counts, neighbours, settings=chosen)
    sparse = emerging_places(series_of(counts), neighbours, steps=counts.shape[1], settings=chosen)
    expected = full.table[full.table["emerging_class"] != 0]
    assert sparse.table["position"].tolist() == expected["place"].tolist()
    for name in ("emerging_class", "hot_steps", "cold_steps", "first_hot", "last_run"):
        assert sparse.table[name].tolist() == expected[name].tolist(), name
    for name in ("last_z", "trend_z", "trend_p"):
        np.testing.assert_allclose(sparse.table[name].astype(float), expected[name], atol=1e-9)
    assert (sparse.state == full.state[expected["place"]]).all()


@settings(max_examples=few(60), deadline=None)
@given(
    seed=st.integers(0, 10_000),
    rate=st.sampled_from([0.01, 0.1, 1.0, 4.0]),
    look_back=st.integers(0, 2),
    sporadic=st.sampled_from(["current", "older"]),
)
def test_sparse_and_full_agree(seed, rate, look_back, sporadic):
    rng = np.random.default_rng(seed)
    counts = rng.poisson(rate, (60, 12)).astype(float)
    counts[10:14, rng.integers(0, 12) :] += rng.poisson(6, (4, 1))
    assert_as_in_full(counts, EmergingSettings(look_back=look_back, sporadic=sporadic, alpha=0.2))


def test_quiet_places_may_be_cold_and_are_then_all_listed():
    counts = np.full((60, 12), 9.0)
    counts[20:30] = 0.0
    counts[40, 3] = 10.0
    assert_as_in_full(counts, EmergingSettings())
    found = emerging_places(series_of(counts), row_of(60), steps=12, settings=EmergingSettings()).table
    assert set(range(21, 29)) <= set(found[found["emerging_class"] < 0]["position"])


@pytest.mark.parametrize(
    "counts",
    [
        np.zeros((0, 4)),
        np.zeros((3, 0)),
        np.zeros((5, 4)),
        np.full((5, 4), 3.0),
        np.ones((1, 1)),
        np.full((1, 6), 2.0),
    ],
    ids=["no places", "no steps", "all zeros", "constant", "one place, one step", "one constant place"],
)
def test_a_cube_without_information_gives_an_empty_table_with_all_columns(counts):
    steps = counts.shape[1]
    found = emerging_places(series_of(counts), row_of(len(counts)), steps=steps, settings=EmergingSettings())
    assert found.table.empty
    assert list(found.table.columns) == list(COLUMNS)
    assert found.state.shape == (0, steps)


def test_a_place_alone_and_constant_series_beside_a_burst_give_no_missing_value():
    alone = np.array([[0, 0, 0, 9.0]])
    constant = np.full((20, 6), 2.0)
    constant[7, -1] = 40.0
    for counts in (alone, constant):
        found = emerging_places(
            series_of(counts), row_of(len(counts)), steps=counts.shape[1], settings=EmergingSettings()
        )
        assert np.isfinite(found.table.to_numpy(float)).all()
        assert_as_in_full(counts, EmergingSettings())


def test_few_incidents_are_not_called_hot():
    counts = np.zeros((200, 12))
    counts[50, -1] = 2
    counts[150, -1] = 9
    strict = emerging_places(series_of(counts), row_of(200), steps=12, settings=EmergingSettings(), least_cases=3)
    loose = emerging_places(series_of(counts), row_of(200), steps=12, settings=EmergingSettings())
    assert 150 in strict.table["position"].tolist()
    assert set(strict.table["position"]) & {49, 50, 51} == set()
    assert set(loose.table["position"]) > set(strict.table["position"])


def test_evidence_is_the_tail_of_a_negative_binomial():
    counts = np.zeros((200, 12))
    counts[150] = [0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 4, 5]
    found = emerging_places(series_of(counts), row_of(200), steps=12, settings=EmergingSettings())
    own = found.table.set_index("position").loc[150]
    shape, exposure = 2 + 3 * counts.mean(), 11
    tail = nbinom.sf(8, shape, exposure / (exposure + 2))
    assert own["evidence"] == pytest.approx(-np.log10(tail), rel=1e-9)


def test_other_settings_are_refused():
    with pytest.raises(ValueError, match="moments"):
        emerging_places(series_of(np.ones((2, 2))), row_of(2), steps=2, settings=EmergingSettings(moments="step"))
