"""Words of the letters' page."""

import datetime as dt

import pandas as pd
import pytest

from dashboard.letters.asked import LettersAsked, read_letters_asked
from dashboard.letters.list_part import tab_numbers
from dashboard.letters.overdue_line import overdue_words
from dashboard.letters.words import due_colour, due_words, span_text
from dashboard.palette import LIGHT

TODAY = dt.date(2026, 11, 25)


@pytest.mark.parametrize(
    ("due", "over", "awaited", "words"),
    [
        (None, 0, False, "未定"),
        (dt.date(2026, 11, 22), 3, True, "11-22 逾期 3 天"),
        (dt.date(2026, 11, 25), 0, True, "11-25 今天到期"),
        (dt.date(2026, 11, 27), 0, True, "11-27 还剩 2 天"),
        (dt.date(2026, 11, 28), 0, True, "11-28"),
        (dt.date(2026, 11, 22), 0, False, "11-22"),
        (dt.date(2027, 1, 5), 0, True, "2027-01-05"),
    ],
)
def test_a_deadline_says_how_near_or_late_it_is(due, over, awaited, words):
    assert due_words(due, over, today=TODAY, awaited=awaited) == words


def test_a_deadline_has_a_colour_only_where_words_say_the_same():
    assert due_colour("11-22 逾期 3 天", LIGHT) == LIGHT.worse
    assert due_colour("11-25 今天到期", LIGHT) == LIGHT.late
    assert due_colour("11-28", LIGHT) == ""


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "不到 1 分钟"),
        (59, "不到 1 分钟"),
        (60 * 35, "35 分钟"),
        (3600 * 2, "2 小时"),
        (3600 * 30 + 300, "30 小时 5 分"),
        (86400 * 2, "2 天"),
        (86400 * 3 + 7200, "3 天 2 小时"),
    ],
)
def test_how_long_something_took_is_said_in_two_units_at_most(seconds, words):
    assert span_text(seconds) == words


def test_the_line_of_overdue_letters_names_the_most_and_the_earliest():
    found = pd.DataFrame(
        {
            "division": ["1", "2", "3", "4"],
            "count": [1, 3, 1, 2],
            "earliest": [dt.date(2026, 11, 20), dt.date(2026, 11, 22), dt.date(2026, 11, 23), dt.date(2026, 11, 24)],
        }
    )
    names = {"1": "甲", "2": "乙", "3": "丙", "4": "丁"}
    assert overdue_words(found, names) == "7 份函逾期未反馈:乙 3 份、丁 2 份、甲 1 份等,最早 11月20日到期"
    assert overdue_words(found.head(1), names) == "1 份函逾期未反馈:甲 1 份,最早 11月20日到期"


def test_tabs_count_letters_of_their_states_and_overdue_ones_once_more():
    counted = pd.DataFrame(
        [("a", "draft", 2, 0), ("a", "issued", 3, 1), ("b", "closed", 4, 0), ("b", "void", 1, 0)],
        columns=["kind", "state", "letters", "overdue"],
    )
    numbers = tab_numbers(counted)
    assert (numbers[""], numbers["overdue"], numbers["done"], numbers["all"]) == (5, 1, 5, 10)
    assert tab_numbers(counted, "b")[""] == 0


def test_the_address_is_read_and_nonsense_named():
    params = {"state": "overdue", "draft_for": "YJ-2026-0001", "kind": "risk_notice", "letter": "1e5", "area": "63"}
    asked, wrong = read_letters_asked(params, root="62", kinds={"risk_notice": 1}, known=lambda _code: True)
    assert asked == LettersAsked(state="overdue", draft_for="YJ-2026-0001", kind="risk_notice")
    assert wrong == ["letter=1e5", "area=63"]
    assert asked.is_drafting
    assert asked.listing() == LettersAsked(state="overdue", kind="risk_notice")


def test_a_whistle_about_an_alert_opens_the_whistles():
    asked, wrong = read_letters_asked({"whistle_for": "YJ-2026-0001"}, root="62", kinds={}, known=lambda _code: True)
    assert (asked.view, wrong) == ("whistles", [])
