"""Overdue letters over the map and on the desk."""

import datetime as dt
from types import SimpleNamespace

import pandas as pd
import pytest

from dashboard.letters.overlay import NONE, by_child, overdue_overlay
from dashboard.palette import LIGHT
from geo.geography import open_geography

FOUND = pd.DataFrame(
    {
        "division": ["620102", "620102001", "6202", "62", "620171", "629999"],
        "count": [2, 1, 1, 1, 1, 1],
        "earliest": [dt.date(2026, 11, day) for day in (3, 2, 4, 5, 6, 7)],
    }
)


@pytest.fixture
def pool(demo, monkeypatch):
    monkeypatch.setattr("dashboard.letters.overlay.overdue_by_division", lambda _engine, _scope, _day: FOUND)
    return SimpleNamespace(
        engine=None,
        settings=demo,
        geography=open_geography(demo.geography),
        now=lambda: dt.datetime(2026, 11, 25, tzinfo=dt.UTC),
    )


def test_letters_are_summed_for_the_divisions_just_below(pool):
    county = by_child(FOUND[FOUND["division"].str.startswith("6201")], pool.geography.unit("6201"))
    assert county["count"].to_dict() == {"620102": 3, "620171": 1}
    assert county.loc["620102", "earliest"] == dt.date(2026, 11, 2)
    whole = by_child(FOUND, pool.geography.unit("62"))
    assert whole["count"].to_dict() == {"62": 1, "6201": 4, "6202": 1, "6299": 1}


def test_they_are_drawn_where_they_are_with_number_and_deadline(pool):
    (layer,), words = overdue_overlay(pool, pool.geography.unit("6201"), LIGHT)
    assert words == "▲ 逾期未反馈的函 4 份"
    (row,) = layer.data  # 620171 has no outline
    assert row["s"] == "▲函 3"
    assert row["m"] == "逾期未反馈的函 3 份"
    assert row["d"] == "最早 2026-11-02 到期"
    assert pool.geography.unit("620102").geometry.envelope.buffer(0.01).contains(_point(row["p"]))


def test_a_unit_without_any_says_so(pool):
    assert overdue_overlay(pool, pool.geography.unit("6203"), LIGHT) == ([], NONE)


def _point(place: list[float]):
    import shapely

    return shapely.Point(place)
