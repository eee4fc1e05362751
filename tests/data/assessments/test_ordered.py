"""Orders in words become parameters, or are refused."""

import datetime as dt

import pytest

from data.assessments.ordered import Order, assess_pool
from data.assessments.parameters import DEFAULT_LAYERS, DEFAULT_TYPES


def test_defaults_are_all_levels_all_types_up_to_the_last_complete_day(as_of):
    made = Order("", "", "62").parameters(None, as_of)
    assert made.layers == DEFAULT_LAYERS
    assert made.dispute_types == DEFAULT_TYPES
    assert len(made.dispute_types) == 21
    assert made.as_of == dt.date(2026, 11, 24)
    assert made.cut.period.days == 104 * 7


def test_words_are_understood(as_of):
    made = Order("county, cell7", "total,D06", "6201", "2026-10-31", unit="month", steps=12, scan=False).parameters(
        as_of, as_of
    )
    assert made.layers == ("county", "cell7")
    assert made.dispute_types == ("", "D06")
    assert made.as_of == dt.date(2026, 10, 31)
    assert made.scan.layer == ""


def test_days_whose_reports_still_come_in_can_be_left_out(as_of):
    assert Order("", "", "62", left_out=7).parameters(as_of, as_of).as_of == dt.date(2026, 11, 17)


@pytest.mark.parametrize(
    "wrong",
    [
        {"levels": "street"},
        {"types": "D77"},
        {"unit": "year"},
        {"as_of": "gestern"},
        {"as_of": "2026-11-25"},
    ],
)
def test_what_makes_no_sense_is_refused(as_of, wrong):
    with pytest.raises(ValueError):
        Order(**({"levels": "", "types": "", "scope": "62"} | wrong)).parameters(None, as_of)


def test_an_empty_pool_is_assessed_as_one(settings, as_of):
    order = Order("county", "total", "62", scan=False, forecast=False)
    seen = []

    def show(*step):
        seen.append(step)

    assert assess_pool(settings, order, now=as_of, on_progress=show).hotspots.new
    assert not assess_pool(settings, order, now=as_of, on_progress=show).hotspots.new
    assert seen
