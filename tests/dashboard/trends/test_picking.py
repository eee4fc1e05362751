"""A click narrows, and the same click again takes it back."""

from dataclasses import replace

import pytest

from dashboard.asked import shared_filter
from dashboard.trends.asked import TrendsAsked, read_trends_asked
from dashboard.trends.picking import PICKS, picked

PLAIN = TrendsAsked("62")
DATA = {
    "weeks": {"start": "2026-11-13", "end": "2026-11-19"},
    "hours": {"weekday": 2, "hour": 9},
    "matrix": {"kind": "D06", "code": "62"},
    "levels": {"code": "village"},
    "channels": {"code": "court"},
    "sources": {"code": "police"},
    "statuses": {"code": "closed"},
}


@pytest.mark.parametrize("chart", list(PICKS))
def test_the_same_click_again_takes_the_first_back(chart):
    once = picked(chart, PLAIN, DATA[chart])
    assert once != PLAIN
    assert picked(chart, once, DATA[chart]) == PLAIN


@pytest.mark.parametrize("chart", list(PICKS))
def test_what_a_click_sets_can_be_read_from_the_url(chart):
    once = picked(chart, PLAIN, DATA[chart])
    params = {name: value for name, value in vars(once).items() if value}
    assert read_trends_asked(params, root="62", known=lambda code: code == "62") == (once, [])


def test_a_cell_leads_into_its_area():
    there = picked("matrix", PLAIN, {"kind": "D06", "code": "6201"})
    assert (there.type, there.code) == ("D06", "6201")


def test_the_filter_says_what_was_chosen_on_charts_and_the_map_is_told_only_what_it_knows():
    asked = replace(PLAIN, weekday="2", hour="9", settled="township", type="D06", measure="rate")
    assert asked.words()[-2:] == ["周三 9–10 时发生", "乡镇级化解"]
    assert shared_filter(asked) == {"code": "62", "type": "D06", "measure": "rate"}


def test_what_makes_no_sense_is_named_and_left_out():
    asked, wrong = read_trends_asked(
        {"weekday": "7", "hour": "24", "settled": "moon", "step": "day"}, root="62", known=bool
    )
    assert asked == TrendsAsked("62", step="day")
    assert wrong == ["weekday=7", "hour=24", "settled=moon"]
