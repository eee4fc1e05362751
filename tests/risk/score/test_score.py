"""The score: known answers, laws, and the words for it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control, poisson

from risk.emerging import EmergingClass
from risk.score.drivers import Facts, drivers
from risk.score.reference import burden_points, full_burden, level_of, limits_of, recurrence_points
from risk.score.score import Parts, score
from risk.score.settings import LEVELS, Level, ScoreSettings
from risk.score.surprise import adjusted, either, tail

NOTHING = EmergingClass.NO_PATTERN


def parts(burden=0.0, surprise=1.0, kind=NOTHING, recurrence=0.0) -> Parts:
    return Parts(*(np.array([each]) for each in (burden, surprise, kind, recurrence)))


def scored(one: Parts) -> float:
    return float(score(one, full_burden=100.0, settings=ScoreSettings())["score"].iloc[0])


def test_tail_is_poissons_where_there_is_no_dispersion():
    observed, expected = np.array([0, 1, 4, 9]), np.array([0.5, 1.0, 1.5, 2.0])
    found = tail(observed, expected, np.full(4, 1e-8))
    np.testing.assert_allclose(found, poisson.sf(observed - 1, expected), rtol=1e-5)


def test_dispersion_makes_many_incidents_less_of_a_surprise():
    many = np.array([9])
    assert tail(many, np.array([2.0]), np.array([1.0])) > 10 * tail(many, np.array([2.0]), np.array([1e-3]))


def test_adjusted_p_values_are_scipys_of_any_shape():
    p = np.random.default_rng(1).uniform(size=(20, 7)) ** 3
    np.testing.assert_allclose(adjusted(p), false_discovery_control(p.ravel()).reshape(p.shape))


def test_no_p_values_have_no_adjusted_ones():
    assert adjusted(np.array([])).size == 0


def test_the_less_likely_of_two_windows_is_paid_for():
    assert either(np.array([0.01, 0.9]), np.array([0.2, 0.8])).tolist() == [0.02, 1.0]


@given(st.floats(0, 1e6), st.floats(1e-12, 1), st.sampled_from(list(EmergingClass)), st.floats(0, 1e5))
def test_a_score_lies_between_0_and_100(burden, surprise, kind, recurrence):
    assert 0 <= scored(parts(burden, surprise, kind, recurrence)) <= 100 + 1e-9


def test_each_part_raises_the_score():
    least = scored(parts())
    assert least == 0
    assert scored(parts(burden=5)) > least
    assert scored(parts(surprise=0.001)) > least
    assert scored(parts(kind=EmergingClass.NEW_HOT)) > least
    assert scored(parts(recurrence=400)) > least


def test_everything_at_once_is_full_marks():
    assert scored(parts(1000, 1e-9, EmergingClass.INTENSIFYING_HOT, 1e5)) == pytest.approx(100)


def test_cold_spots_and_old_clusters_add_nothing():
    assert scored(parts(kind=EmergingClass.NEW_COLD, recurrence=30)) == 0


def test_full_burden_is_the_reference_years_rare_one():
    year = np.concatenate([np.zeros(10_000), np.arange(1, 1001)])
    assert full_burden(year) == pytest.approx(1000 * 0.999, abs=1)
    assert full_burden(np.zeros(5)) == 1
    assert burden_points(np.array([0.0, 999.0]), full_burden(year)).tolist() == [0, pytest.approx(1, abs=1e-3)]


def test_recurrence_counts_from_a_month_to_ten_years():
    assert recurrence_points(np.array([0, 36.5, 365, 3650, 1e6])).tolist() == [0, 0, pytest.approx(0.5), 1, 1]


def test_level_limits_hold_the_shares_they_were_made_for():
    scores = np.random.default_rng(2).uniform(0, 100, 100_000)
    limits = limits_of(scores, ScoreSettings())
    assert limits[-1] == 0
    assert list(limits) == sorted(limits, reverse=True)
    levels = level_of(scores, limits)
    for number, level in enumerate(LEVELS[:-1]):
        assert (levels <= number).mean() <= level.share + 0.001


def test_a_type_that_hardly_ever_comes_is_not_grave_by_its_highest_score():
    scores = np.where(np.arange(10_000) < 20, 4.0, 0.0)
    assert limits_of(scores, ScoreSettings()) == (30, 20, 10, 0)


def test_level_limits_stay_apart_where_nothing_ever_happens():
    levels = tuple(replace(level, least=0) for level in LEVELS)
    assert limits_of(np.zeros(1000), ScoreSettings(levels=levels)) == (3, 2, 1, 0)
    assert level_of(np.array([0, 1, 2.5, 3, 100]), (3, 2, 1, 0)).tolist() == [3, 2, 1, 0, 0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"severity": {"D77": 1.0}},
        {"severity": {"D06": 0.0}},
        {"parts": {"burden": 1.0}},
        {"parts": {"burden": 0.5, "surprise": 0.4, "emergence": 0.3}},
        {"false_discovery": 0.0},
        {"levels": (Level("a", "重大", "红", 0.5), Level("b", "低", "蓝", 0.1))},
    ],
)
def test_settings_that_make_no_scale_are_refused(wrong):
    with pytest.raises(ValueError, match="expected"):
        ScoreSettings(**wrong)


def facts(**changed) -> Facts:
    given_ = {
        "kind": "欠薪", "month_count": 9, "month_said": 2.1, "week_count": 4, "week_said": 0.5, "expected": 3.0,
        "low": 0, "high": 8, "surprising": True, "emerging_class": 1, "recurrence_days": 438.0, "severity": 1.6,
    }  # fmt: skip
    return Facts(**given_ | changed)


def test_drivers_say_what_came_what_was_expected_and_how_rare_it_is():
    said = drivers(facts(), below=5)
    assert said[0] == "近 4 周欠薪 9 起,此前预计 2.1 起"
    assert "近 7 天 4 起,此前预计 0.5 起" in said
    assert "时空聚集:新增热点" in said
    assert "扫描聚集区,约 1.2 年才会偶然出现一次" in said
    assert said[-2:] == ["未来 4 周预计 3.0 起(90% 区间 0–8)", "欠薪按每起 1.6 计权"]


def test_drivers_keep_a_withheld_count_back():
    said = "".join(drivers(facts(month_count=None, week_count=None), below=5))
    assert "<5 起" in said
    assert "9 起" not in said


def test_a_quiet_place_is_told_its_forecast_alone():
    said = drivers(facts(surprising=False, emerging_class=0, recurrence_days=0.0, severity=1.0), below=5)
    assert said == ["未来 4 周预计 3.0 起(90% 区间 0–8)"]
