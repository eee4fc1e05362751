"""Levels of hot places, and rules that make no sense."""

import pandas as pd
import pytest

from risk.alerts.levels import levels
from risk.alerts.rules import AlertRules
from risk.emerging import EmergingClass


def level_of(*, score: int | None, grade: int, days: float = 0.0, count: int = 4) -> int:
    row = pd.DataFrame({"score_level": pd.array([score], "Int64"), "grade": [grade], "recurrence_days": [days]})
    return int(levels(row, AlertRules(), count=count)[0])


def test_the_score_decides_and_the_evidence_where_there_is_none():
    assert level_of(score=2, grade=3) == 2
    assert [level_of(score=None, grade=grade) for grade in range(4)] == [3, 3, 2, 1]


def test_a_rare_cluster_lifts_by_one_and_never_beyond_the_gravest():
    assert level_of(score=2, grade=0, days=365) == 1
    assert level_of(score=2, grade=0, days=364) == 2
    assert level_of(score=0, grade=0, days=4000) == 0


def test_an_office_with_fewer_levels_has_no_level_beyond_them():
    assert level_of(score=None, grade=0, count=2) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"layers": ()},
        {"classes": ()},
        {"classes": (int(EmergingClass.NEW_COLD),)},
        {"classes": (99,)},
        {"least_grade": 4},
        {"least_level": -1},
        {"grade_levels": (1, 1, 1)},
        {"quiet_days": 0},
        {"settled_share": 0.0},
        {"settled_share": 1.5},
        {"graver_again": -1},
    ],
)
def test_rules_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match="expected"):
        AlertRules(**wrong)
