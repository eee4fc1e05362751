import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import partition
from tests.examples import few

HOOK = shapely.Polygon([(0, 0), (4, 0), (4, 4), (3, 4), (3, 1), (1, 1), (1, 4), (0, 4)])
RING = shapely.Polygon(shapely.box(0, 0, 3, 3).exterior, [shapely.box(1, 1, 2, 2).exterior])
ISLANDS = shapely.multipolygons([shapely.box(0, 0, 2, 2), shapely.box(5, 5, 5.2, 5.2)])


@settings(max_examples=few(60), deadline=None)
@given(
    seed=st.integers(0, 10_000),
    number=st.integers(1, 25),
    parent=st.sampled_from([HOOK, RING, ISLANDS]),
    wiggle=st.booleans(),
)
def test_pieces_fill_their_parent_and_meet_edge_to_edge(seed, number, parent, wiggle):
    rng = np.random.default_rng(seed)
    seeds = partition.scatter(parent, number, rng, centre=np.array([1.0, 1.0]), radius=np.inf)
    pieces = np.array(partition.divide(parent, seeds, rng, wiggle=wiggle))
    assert len(pieces) == number
    assert shapely.is_valid(pieces).all()
    assert shapely.coverage_is_valid(pieces)
    assert shapely.symmetric_difference(shapely.union_all(pieces), parent).area < 1e-6 * parent.area
    assert abs(shapely.area(pieces).sum() - parent.area) < 1e-6 * parent.area
    if parent is not ISLANDS:
        assert (shapely.get_type_id(pieces) == 3).all()


def test_straight_pieces_hold_their_own_seeds():
    rng = np.random.default_rng(1)
    seeds = partition.scatter(HOOK, 20, rng, centre=np.zeros(2), radius=np.inf)
    pieces = partition.divide(HOOK, seeds, rng, wiggle=False)
    assert shapely.intersects_xy(pieces, seeds[:, 0], seeds[:, 1]).all()


def test_two_seeds_in_one_place_are_a_wrong_call():
    with pytest.raises(ValueError, match="distinct seeds"):
        partition.divide(HOOK, np.array([[0.5, 0.5], [0.5, 0.5]]), np.random.default_rng(0), wiggle=False)


@pytest.mark.parametrize("radius", [np.inf, 0.5, 1e-3])
def test_scattered_points_lie_inside_whatever_the_shape(radius):
    rng = np.random.default_rng(2)
    points = partition.scatter(RING, 300, rng, centre=np.array([1.5, 1.5]), radius=radius)
    assert points.shape == (300, 2)
    assert shapely.intersects_xy(RING, points[:, 0], points[:, 1]).all()


def test_settled_seeds_are_spread_out_and_keep_away_from_fixed_ones():
    rng = np.random.default_rng(3)
    samples = rng.uniform(0, 1, (800, 2))
    fixed = np.array([[0.5, 0.5]])
    seeds = partition.settle(samples, 15, fixed=fixed)
    everyone = np.concatenate([seeds, fixed])
    apart = np.hypot(*(everyone[:, None] - everyone[None]).transpose(2, 0, 1))
    apart[np.diag_indices(16)] = 1
    assert apart.min() > 0.1  # a square of 16 has a spacing of 0.25
    assert (samples[:, None] == seeds[None]).all(axis=2).any(axis=0).all()
