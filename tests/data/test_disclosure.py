import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.disclosure import smallest_shown, withhold
from data.filter import IncidentFilter, Period

PERIOD = Period(dt.date(2026, 1, 1), dt.date(2026, 2, 1))


@given(st.lists(st.integers(0, 30), min_size=1, max_size=12), st.sampled_from([5, 10]))
def test_what_is_shown_never_gives_a_small_count_away(values, k):
    shown = withhold(pd.Series(values), k)
    assert not shown.between(1, k - 1).fillna(False).any()
    assert all(shown[at] == 0 for at, value in enumerate(values) if value == 0)
    hidden = [value for at, value in enumerate(values) if pd.isna(shown[at])]
    rest = [value for value in values if value > 0]
    if hidden and len(hidden) < len(rest):
        assert len(hidden) >= 2
        assert sum(hidden) >= k


@pytest.mark.parametrize(("kinds", "k"), [((), 5), (("D02",), 5), (("D01",), 10), (("D02", "D11"), 10)])
def test_family_and_medical_disputes_need_ten(kinds, k):
    assert smallest_shown(IncidentFilter(scope="62", period=PERIOD, dispute_types=kinds)) == k


@given(st.lists(st.integers(0, 12), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_the_parts_changes_nothing(values, random):
    counts = pd.Series(values, index=[f"62010200{at:04}" for at in range(len(values))])
    shuffled = counts.index.tolist()
    random.shuffle(shuffled)
    pd.testing.assert_series_equal(withhold(counts[shuffled], 5)[counts.index], withhold(counts, 5))
