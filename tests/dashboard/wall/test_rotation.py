"""Scenes follow the clock: every projector shows the same, whenever it was switched on."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.wall.rotation import stepped, turn_at

SECONDS = st.lists(st.integers(5, 600), min_size=1, max_size=24)
MOMENTS = st.integers(0, 4_000_000_000)


@given(SECONDS, MOMENTS)
def test_in_one_round_every_scene_is_shown_as_long_as_it_should(seconds, moment):
    start = moment - moment % sum(seconds)
    shown = []
    at = start
    while at < start + sum(seconds):
        turn = turn_at(at, seconds)
        shown.append((turn.index, turn.left))
        at += turn.left
    assert shown == list(enumerate(seconds))
    assert at == start + sum(seconds)


@given(SECONDS, MOMENTS, st.floats(0, 0.999))
def test_what_is_left_is_more_than_nothing_and_ends_with_the_next_scene(seconds, moment, fraction):
    turn = turn_at(moment + fraction, seconds)
    assert 0 < turn.left <= seconds[turn.index]
    following = turn_at(moment + fraction + turn.left + 0.01, seconds)
    assert following.index == stepped(turn.index, 1, len(seconds))


@given(SECONDS, MOMENTS)
def test_a_round_later_the_same_scene_is_shown(seconds, moment):
    assert turn_at(moment + sum(seconds), seconds) == turn_at(moment, seconds)


@given(SECONDS, MOMENTS)
def test_the_time_zone_of_a_screen_plays_no_part(seconds, moment):
    here = dt.datetime.fromtimestamp(moment, ZoneInfo("Asia/Shanghai"))
    there = here.astimezone(ZoneInfo("America/New_York"))
    assert turn_at(here.timestamp(), seconds) == turn_at(there.timestamp(), seconds)


def test_the_hour_that_summer_time_repeats_is_two_hours_long():
    # New York, 2026-11-01: 01:30 comes twice.
    zone = ZoneInfo("America/New_York")
    first = dt.datetime(2026, 11, 1, 1, 30, tzinfo=zone, fold=0).timestamp()
    second = dt.datetime(2026, 11, 1, 1, 30, tzinfo=zone, fold=1).timestamp()
    assert second - first == 3600
    seconds = [3000, 3000]
    assert turn_at(first, seconds).index != turn_at(second, seconds).index
    seen = [turn_at(first + past, seconds).index for past in range(0, 7200, 60)]
    assert seen.count(0) == pytest.approx(60, abs=12)


@given(SECONDS, MOMENTS, st.integers(0, 30))
def test_a_held_scene_stays_whatever_the_clock_says(seconds, moment, held):
    turn = turn_at(moment, seconds, held=held)
    assert turn.index == min(held, len(seconds) - 1)
    assert turn.left is None


@given(st.integers(1, 24), st.integers(0, 23), st.integers(-3, 3))
def test_steps_go_round(count, index, step):
    index %= count
    there = stepped(index, step, count)
    assert 0 <= there < count
    assert stepped(there, -step, count) == index


@pytest.mark.parametrize("seconds", [[], [10, 0], [10, -5]])
def test_scenes_that_last_no_time_are_a_wrong_call(seconds):
    with pytest.raises(ValueError, match="last some seconds"):
        turn_at(0, seconds)
