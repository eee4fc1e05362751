import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from data.trends.withholding import withhold_table

SHAPES = st.tuples(st.integers(1, 5), st.integers(1, 6))


@given(st.data(), SHAPES)
def test_no_line_of_a_table_gives_a_hidden_count_away(data, shape):
    values = data.draw(arrays.arrays(np.int64, shape, elements=st.integers(0, 20)))
    k = data.draw(st.lists(st.sampled_from([5, 10]), min_size=shape[0], max_size=shape[0]))
    shown = withhold_table(pd.DataFrame(values), k)
    hidden = shown.isna().to_numpy()
    for at in range(shape[0]):
        assert not ((values[at] > 0) & (values[at] < k[at]) & ~hidden[at]).any()
    assert not hidden[values == 0].any()
    for line, gone in [*zip(values, hidden, strict=True), *zip(values.T, hidden.T, strict=True)]:
        if gone.any() and (line[~gone] > 0).any():
            assert gone.sum() >= 2
            assert line[gone].sum() >= 5


def test_large_counts_stay_as_they_are():
    table = pd.DataFrame({"a": [12, 0], "b": [30, 5]})
    assert withhold_table(table, [10, 5]).equals(table.astype("Int64"))


def test_a_small_count_takes_its_row_and_its_column_along():
    table = pd.DataFrame({"a": [3, 50, 60], "b": [40, 70, 80], "c": [90, 91, 92]})
    assert withhold_table(table, [5, 5, 5]).isna().to_numpy().tolist() == [
        [True, True, False],
        [True, True, False],
        [False, False, False],
    ]


def test_a_table_needs_one_k_a_row():
    with pytest.raises(ValueError, match="one k"):
        withhold_table(pd.DataFrame({"a": [1, 2]}), [5])
