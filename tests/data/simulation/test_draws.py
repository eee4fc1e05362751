import numpy as np

from data.simulation.draws import draw_one, draw_rows


def test_rows_are_drawn_by_their_own_probabilities() -> None:
    table = np.array([[0.2, 0.8, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
    rng = np.random.default_rng(0)
    row = rng.integers(0, 3, 30_000)
    drawn = draw_rows(table, row, rng)
    shares = np.array([np.bincount(drawn[row == at], minlength=3) / (row == at).sum() for at in range(3)])
    assert np.abs(shares - table).max() < 0.015
    assert (shares[table == 0] == 0).all()


def test_a_distribution_is_drawn_as_stated() -> None:
    drawn = draw_one(np.array([0.1, 0.0, 0.9]), 20_000, np.random.default_rng(1))
    assert abs((drawn == 0).mean() - 0.1) < 0.01
    assert not (drawn == 1).any()


def test_nothing_is_drawn_for_no_rows() -> None:
    assert draw_one(np.array([0.5, 0.5]), 0, np.random.default_rng(2)).size == 0
