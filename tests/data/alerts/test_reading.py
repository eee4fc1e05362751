"""Alerts are read by scope, and no small count with them."""

import datetime as dt

import pytest
from sqlalchemy.exc import IntegrityError

from data.alerts.reading import AlertFilter, find_alert, list_alerts, live_places
from data.filter import OutOfScopeError

OWN, NEXT, FAR = 620102001000000, 620102002000000, 620201000000000


def test_an_empty_store_has_no_alerts(engine):
    assert find_alert(engine, "62", "YJ-2026-0001") is None
    table = list_alerts(engine, AlertFilter("62"))
    assert table.empty
    assert {"number", "division", "places", "current", "reasons"} <= set(table.columns)
    assert live_places(engine, "62").empty


def test_an_alert_is_found_by_its_number(engine, raise_alert):
    found = find_alert(engine, "62", raise_alert(engine))
    assert found is not None
    assert (found.number, found.division, found.places) == ("YJ-2026-0001", "620102001", ("620102001",))
    assert (found.first_seen, found.last_seen) == (dt.date(2026, 11, 3), dt.date(2026, 11, 24))
    assert (found.current, found.previous) == (19, None)
    assert found.reasons[0] == "所在乡镇街道近 4 周 19 件,前 4 周 <5 件。"
    assert found.is_live


def test_alerts_are_listed_gravest_first_and_by_filter(engine, raise_alert):
    raise_alert(engine, 1, level=2)
    raise_alert(engine, 2, level=0, home=NEXT, within=NEXT)
    raise_alert(engine, 3, level=1, dispute_type="D02", state="closed")
    assert list_alerts(engine, AlertFilter("62"))["number"].tolist() == ["YJ-2026-0002", "YJ-2026-0003", "YJ-2026-0001"]
    assert list_alerts(engine, AlertFilter("62", dispute_types=("D02",)))["id"].tolist() == [3]
    assert list_alerts(engine, AlertFilter("62", states=("new",), levels=(2,)))["id"].tolist() == [1]
    assert list_alerts(engine, AlertFilter("62", "620102002"))["id"].tolist() == [2]


def test_an_alert_elsewhere_is_not_there_for_the_reader(engine, raise_alert):
    number = raise_alert(engine)
    assert find_alert(engine, "6202", number) is None
    assert list_alerts(engine, AlertFilter("6202")).empty
    with pytest.raises(OutOfScopeError):
        AlertFilter("6202", "6201")


def test_of_an_alert_that_reaches_beyond_the_scope_only_the_own_places_are_told(engine, raise_alert):
    number = raise_alert(engine, places=[("township", OWN), ("township", FAR)], within=62 * 10**13)
    found = find_alert(engine, "6202", number)
    assert found is not None
    assert found.places == ("620201000",)
    assert (found.current, found.previous) == (None, None)
    assert "19" not in "".join(found.reasons)
    whole = find_alert(engine, "62", number)
    assert whole is not None
    assert whole.current == 19


def test_a_place_and_type_has_at_most_one_live_alert(engine, raise_alert):
    raise_alert(engine, 1)
    with pytest.raises(IntegrityError):
        raise_alert(engine, 2)
    raise_alert(engine, 3, dispute_type="D02")
    raise_alert(engine, 4, state="closed")
    assert live_places(engine, "62")["number"].tolist() == ["YJ-2026-0001", "YJ-2026-0003"]


def test_where_counts_are_withheld_beside_a_sum_it_is_a_least_one(engine, raise_alert):
    found = find_alert(engine, "62", raise_alert(engine, last_is_floor=True, dispute_type="D01"))
    assert found is not None
    assert found.reasons[0] == "所在乡镇街道近 4 周 ≥19 件,前 4 周 <10 件。"
