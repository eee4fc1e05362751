"""Counts by source beside their total tell no small one."""

import pandas as pd
import pytest

from dashboard.alerts.evidence_part import guarded


@pytest.mark.parametrize(
    ("parts", "whole", "shown"),
    [
        ([12, None, None, 0], 20, [12, None, None, 0]),  # 8 over two: neither can be told
        ([12, None, 0], 15, [None, None, 0]),  # one alone would be the rest
        ([12, 6, None, None], 20, [12, None, None, None]),  # two that sum to 2 would be one each
        ([12, 7], 19, [12, 7]),
        ([12, None], None, [12, None]),  # nothing can be told from a total that is withheld
        ([None, None], 3, [None, None]),
    ],
)
def test_further_ones_are_withheld_until_nothing_can_be_told(parts, whole, shown):
    found = guarded(pd.Series(parts, dtype="Int64"), whole, 5)
    assert [None if pd.isna(each) else int(each) for each in found] == shown
