"""Levels add up."""

import numpy as np
import pandas as pd
import pytest

from risk.forecast.coherence import add_up, scale_to_parents


def test_parents_are_the_sums_of_their_children() -> None:
    forecast = pd.DataFrame(
        {"place": [1, 2, 3, 1, 2, 3], "horizon": [1, 1, 1, 4, 4, 4], "expected_count": [1.0, 2, 4, 5, 6, 7]}
    )
    found = add_up(forecast, pd.Series({1: 10, 2: 10, 3: 20}))
    assert found["place"].tolist() == [10, 10, 20, 20]
    assert found["expected_count"].tolist() == [3, 11, 4, 7]


def test_a_place_without_a_parent_is_an_error() -> None:
    forecast = pd.DataFrame({"place": [1], "horizon": [1], "expected_count": [1.0]})
    with pytest.raises(ValueError, match="parent"):
        add_up(forecast, pd.Series({2: 10}))


def test_children_are_scaled_to_their_parents() -> None:
    row = np.array([0, 0, 1, 1, 2])
    found = scale_to_parents(np.array([1.0, 3.0, 0.0, 0.0, 2.0]), row, np.array([8.0, 6.0, 1.0]))
    np.testing.assert_allclose(found, [2, 6, 3, 3, 1])
