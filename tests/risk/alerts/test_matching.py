"""Neighbouring hot places are one finding, and a finding that touches an alert is that alert."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.neighbours import Neighbours, of_pairs
from risk.alerts.matching import Finding, match
from risk.alerts.rules import AlertRules
from tests.examples import few

RULES = AlertRules()
COLUMNS = ["layer", "dispute_type", "place", "home", "level", "since", "before"]
KNOWN = ["alert_id", "dispute_type", "layer", "place", "home", "live", "rank", "level", "last_day"]
DAY = 20_000


def in_line(_layer: str, places: np.ndarray) -> Neighbours:
    """Places that differ by one are next to each other."""
    first, second = np.nonzero(np.abs(places[:, None] - places[None, :]) == 1)
    return of_pairs(first, second, places=len(places))


def hot_of(*places: int, layer: str = "cell7", kind: str = "D06", level: int = 1, since: int = DAY) -> pd.DataFrame:
    """Cells, each in a township of its own."""
    rows = [(layer, kind, place, (620_000_001 + place) * 10**6, level, since, -1) for place in places]
    return pd.DataFrame(rows, columns=COLUMNS)


def known_of(alerts: dict[int, set[int]], *, live: bool = True, last_day: int = DAY, rank: int = 0) -> pd.DataFrame:
    rows = [
        (alert_id, "D06", "cell7", place, (620_000_001 + place) * 10**6, live, rank, 1, last_day)
        for alert_id, places in alerts.items()
        for place in places
    ]
    table = pd.DataFrame(rows, columns=KNOWN)
    return table.astype({"alert_id": "int64", "place": "int64", "home": "int64", "rank": "int64", "level": "int64"})


def found(hot: pd.DataFrame, known: pd.DataFrame | None = None) -> list[Finding]:
    return match(hot, known_of({}) if known is None else known, in_line, RULES)


def places_of(hot: pd.DataFrame, finding: Finding) -> set[int]:
    return set(hot["place"].iloc[finding.rows].tolist())


def test_neighbours_of_one_type_are_one_finding_and_others_are_not():
    hot = pd.concat([hot_of(1, 2, 3, 7), hot_of(2, 3, kind="D02")], ignore_index=True)
    groups = [(each.dispute_type, places_of(hot, each)) for each in found(hot)]
    assert groups == [("D02", {2, 3}), ("D06", {1, 2, 3}), ("D06", {7})]


def test_places_of_one_township_are_one_finding_whatever_their_layers():
    hot = pd.concat([hot_of(1, 50), hot_of(90, layer="township")], ignore_index=True)
    hot["home"] = 620_102_001 * 10**6
    assert len(found(hot)) == 1
    hot["home"] = 620_102_000 * 10**6  # known to the county only: no township that they could share
    assert len(found(hot)) == 3


def test_a_finding_next_to_an_alert_is_that_alert_grown():
    (only,) = found(hot_of(4), known_of({7: {1, 2, 3}}))
    assert (only.alert_id, only.absorbed) == (7, ())


def test_two_alerts_that_meet_are_one_and_the_farther_one_stays():
    known = known_of({7: {1}, 8: {3}})
    (only,) = found(hot_of(2), known)
    assert (only.alert_id, only.absorbed) == (7, (8,))
    known.loc[known["alert_id"] == 8, "rank"] = 2
    (only,) = found(hot_of(2), known)
    assert (only.alert_id, only.absorbed) == (8, (7,))


def test_an_alert_of_another_type_or_far_away_is_left_alone():
    assert [each.alert_id for each in found(hot_of(1, kind="D02"), known_of({7: {1}}))] == [None]
    assert [each.alert_id for each in found(hot_of(5), known_of({7: {1}}))] == [None]


def test_what_was_settled_is_known_again():
    settled = known_of({7: {1, 2}}, live=False, last_day=DAY + 6)
    (only,) = found(hot_of(1, 2), settled)
    assert (only.alert_id, only.settled_id) == (None, 7)


def test_a_new_onset_after_quiet_is_new():
    settled = known_of({7: {1, 2}}, live=False, last_day=DAY)
    (soon,) = found(hot_of(1, 2, since=DAY + 1 + 27), settled)
    (late,) = found(hot_of(1, 2, since=DAY + 1 + 28), settled)
    assert (soon.settled_id, late.settled_id) == (7, None)


def test_where_most_places_are_fresh_it_is_new():
    settled = known_of({7: {1}}, live=False)
    (half,) = found(hot_of(1, 2), settled)
    (third,) = found(hot_of(1, 2, 3), settled)
    assert (half.settled_id, third.settled_id) == (7, None)


def test_a_much_graver_finding_is_new():
    settled = known_of({7: {1}}, live=False).assign(level=2)
    assert [each.settled_id for each in found(hot_of(1, level=1), settled)] == [7]
    assert [each.settled_id for each in found(hot_of(1, level=0), settled)] == [None]


rarely = settings(max_examples=few(12), deadline=None, derandomize=True)
places = st.lists(st.integers(0, 14), min_size=1, max_size=8, unique=True)


@rarely
@given(places, st.randoms(use_true_random=False))
def test_every_place_is_in_one_finding_whatever_the_order(given_places, rng):
    hot = hot_of(*given_places)
    shuffled = given_places[:]
    rng.shuffle(shuffled)
    other = hot_of(*shuffled)
    groups = sorted(sorted(places_of(hot, each)) for each in found(hot))
    assert sorted(place for group in groups for place in group) == sorted(given_places)
    assert groups == sorted(sorted(places_of(other, each)) for each in found(other))


def went_through(runs: list[list[int]]) -> dict[int, set[int]]:
    """Live alerts after runs one after the other, kept as the store keeps them."""
    alerts: dict[int, set[int]] = {}
    for run in runs:
        hot = hot_of(*run)
        for finding in found(hot, known_of(alerts)):
            target = finding.alert_id or max(alerts, default=0) + 1
            covered = alerts.setdefault(target, set())
            for absorbed in finding.absorbed:
                covered |= alerts.pop(absorbed)
            covered |= places_of(hot, finding)
    return alerts


@rarely
@given(st.lists(places, min_size=1, max_size=3))
def test_alerts_that_grew_run_by_run_are_those_of_all_at_once(runs):
    grown = went_through(runs)
    everywhere = sorted({place for run in runs for place in run})
    assert sorted(map(sorted, grown.values())) == sorted(map(sorted, went_through([everywhere]).values()))


@rarely
@given(st.lists(places, min_size=1, max_size=3))
def test_going_through_the_same_again_changes_nothing(runs):
    once = went_through(runs)
    assert went_through([*runs, runs[-1]]) == once


@rarely
@given(st.lists(places, min_size=1, max_size=3))
def test_no_place_is_ever_in_two_live_alerts(runs):
    covered = [place for each in went_through(runs).values() for place in each]
    assert len(covered) == len(set(covered))


@rarely
@given(places, st.integers(0, 60))
def test_what_is_settled_never_comes_back_from_the_same_evidence(given_places, later):
    settled = known_of({7: set(given_places)}, live=False, last_day=DAY + later)
    assert {each.settled_id for each in found(hot_of(*given_places), settled)} == {7}
