"""Weekly counts: whole weeks, zeros included, nothing of others."""

import numpy as np
import pandas as pd
import pytest

from risk.forecast.counts import WeeklyCounts, count_weekly, learnt_from


def day(text: str) -> int:
    return int((pd.Timestamp(text) - pd.Timestamp("1970-01-01")).days)


def incidents(*rows: tuple[int, str, str]) -> pd.DataFrame:
    return pd.DataFrame([(place, kind, day(when)) for place, kind, when in rows], columns=["place", "kind", "day"])


def test_weeks_begin_on_monday_and_the_last_partial_week_is_dropped() -> None:
    table = incidents(
        (7, "a", "2024-01-06"),  # a Saturday, before the first Monday: the place is known, the week is not counted
        (9, "a", "2024-01-08"),
        (9, "b", "2024-01-14"),
        (9, "a", "2024-01-15"),
        (9, "a", "2024-01-22"),  # the week of this Monday is not over
    )
    found = count_weekly(table)
    assert found.first_day == day("2024-01-08")
    assert found.weeks == 2
    assert found.places.tolist() == [7, 9]
    assert found.of(("a",)).tolist() == [[0, 0], [1, 1]]
    assert found.of(("b",)).tolist() == [[0, 0], [1, 0]]


def test_a_place_without_incidents_is_a_row_of_zeros() -> None:
    found = count_weekly(incidents((9, "a", "2024-01-08"), (9, "a", "2024-01-21")), places=np.array([3, 9]))
    assert found.counts.sum(axis=(0, 2)).tolist() == [0, 2]


def test_incidents_without_a_place_and_of_other_places_are_left_out() -> None:
    table = incidents((0, "a", "2024-01-08"), (4, "a", "2024-01-08"), (9, "a", "2024-01-21"))
    assert count_weekly(table, places=np.array([9])).counts.sum() == 1


def test_patrols_are_not_learnt_from() -> None:
    table = pd.DataFrame({"source": ["hotline", "grid_patrol", "petition"]})
    assert learnt_from(table)["source"].tolist() == ["hotline", "petition"]


def test_less_than_a_week_is_an_error_that_says_so() -> None:
    with pytest.raises(ValueError, match="at least one whole week"):
        count_weekly(incidents((9, "a", "2024-01-09")))


def test_an_unknown_kind_is_an_error_naming_what_there_is() -> None:
    with pytest.raises(ValueError, match="expected some of"):
        count_weekly(incidents((9, "a", "2024-01-08"), (9, "a", "2024-01-21"))).of(("c",))


def test_the_share_reported_of_several_kinds_goes_by_what_had_been_seen_before() -> None:
    counts = np.array([[[9.0, 0.0, 50.0]], [[1.0, 10.0, 7.0]]])
    reported = np.array([[1.0, 1.0, 0.5], [1.0, 0.8, 0.3]])
    weekly = WeeklyCounts(counts, np.array([4]), ("a", "b"), 0, reported)
    assert weekly.reported_of(("a", "b")).tolist() == pytest.approx([1.0, 0.98, (9 * 0.5 + 11 * 0.3) / 20])
    assert weekly.before(2).reported_of(("b",)).tolist() == pytest.approx([1.0, 0.8])
    assert count_weekly(incidents((9, "a", "2024-01-08"), (9, "a", "2024-01-14"))).reported_of(("a",)).tolist() == [1.0]


def test_shares_reported_of_other_weeks_are_refused() -> None:
    with pytest.raises(ValueError, match="shares reported"):
        WeeklyCounts(np.zeros((1, 1, 3)), np.array([4]), ("a",), 0, np.ones((1, 2)))
