import datetime as dt
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from data.arrivals import arrivals, arrived_at, read_newest
from data.batch_import import Delivery, import_file
from data.filter import IncidentFilter, Period, day_number
from data.segments import publish
from geo.datum import Datum

ZONE = ZoneInfo("Asia/Shanghai")
WEEK = Period(dt.date(2026, 11, 20), dt.date(2026, 11, 27))


@pytest.fixture
def send(engine, settings, places, tmp_path, as_of):
    """Import rows (编号, 类型, 状态, 区划代码) of 24 November and publish them."""

    def send_(*rows: tuple[str, str, str, str], day: str = "2026-11-24") -> None:
        path = tmp_path / "feed.csv"
        names = ["编号", "纠纷类型", "状态", "区划代码"]
        table = pd.DataFrame(rows, columns=names).assign(受理时间=f"{day} 09:00:00", 发生时间=f"{day} 08:00:00")
        table.to_csv(path, index=False)
        import_file(engine, places, Delivery(path, "hotline", Datum.WGS84), as_of=as_of)
        publish(engine, settings)
        path.unlink()

    return send_


def test_arrivals_are_told_with_their_county_newest_first(engine, send):
    send(("A", "邻里", "受理", "620102001"), ("B", "消费", "受理", "620201"), ("C", "医疗", "受理", "6201"))
    found = arrivals(read_newest(engine, ZONE), IncidentFilter("62", WEEK), most=2)
    assert found["division"].tolist() == ["6201", "620201"]
    assert found["dispute_type"].tolist() == ["D11", "D13"]


def test_a_correction_is_no_arrival_and_an_old_incident_is_none_of_this_period(engine, send):
    send(("A", "邻里", "受理", "620102001"))
    before = read_newest(engine, ZONE).position
    send(("A", "邻里", "调处中", "620102001"))
    send(("B", "邻里", "受理", "620102001"), day="2026-01-05")
    asked = IncidentFilter("62", WEEK)
    log = read_newest(engine, ZONE)
    assert log.position > before
    assert arrived_at(log, asked, after=before, shown=frozenset()) == []
    assert len(arrivals(log, asked, most=9)) <= 1


def test_filters_narrow_arrivals(engine, send):
    send(("A", "邻里", "受理", "620102001"), ("B", "消费", "受理", "620201"))
    log = read_newest(engine, ZONE)
    assert arrivals(log, IncidentFilter("62", WEEK, dispute_types=("D02",)), most=9)["division"].tolist() == ["620102"]
    assert arrivals(log, IncidentFilter("62", WEEK, division="6202"), most=9)["division"].tolist() == ["620201"]
    assert arrivals(log, IncidentFilter("62", WEEK, sources=("police",)), most=9).empty


def test_a_township_tells_what_came_into_the_county_around_it(engine, send):
    send(("A", "邻里", "受理", "620102001"), ("B", "消费", "受理", "620102002"))
    log = read_newest(engine, ZONE)
    inside = IncidentFilter("62", WEEK, division="620102001")
    assert arrivals(log, inside, most=9)["division"].tolist() == ["620102", "620102"]
    assert arrivals(log, IncidentFilter("620102001", WEEK), most=9).empty


def test_places_below_the_county_are_told_only_where_their_count_is_shown(engine, send):
    send(("A", "邻里", "受理", "620102001"), ("B", "医疗", "受理", "620102002"))
    log = read_newest(engine, ZONE)
    county = IncidentFilter("62", WEEK, division="620102")
    assert set(arrived_at(log, county, after=0, shown=frozenset())) == {"620102"}
    both = frozenset({"620102001", "620102002"})
    assert set(arrived_at(log, county, after=0, shown=both)) == {"620102001", "620102"}
    township = IncidentFilter("62", WEEK, division="620102001")
    assert arrived_at(log, township, after=0, shown=frozenset()) == []
    assert arrived_at(log, IncidentFilter("62", WEEK), after=0, shown=frozenset()) == ["620102"]
    assert arrived_at(log, county, after=log.position, shown=both) == []


def test_what_has_no_coordinates_lies_in_no_hexagon(engine, send):
    send(("A", "邻里", "受理", "620102001"))
    log = read_newest(engine, ZONE)
    asked = IncidentFilter("62", WEEK, division="6201")
    assert arrived_at(log, asked, after=0, shown=frozenset({""}), resolution=6) == ["620102"]


def test_an_empty_log_has_no_arrivals(engine):
    log = read_newest(engine, ZONE)
    assert log.position == 0
    assert arrivals(log, IncidentFilter("62", WEEK), most=3).empty
    assert arrived_at(log, IncidentFilter("62", WEEK), after=0, shown=frozenset(), resolution=5) == []


def test_days_are_those_of_the_installation(engine, send):
    send(("A", "邻里", "受理", "620102001"))  # at eight in the morning of Shanghai
    days = {zone: read_newest(engine, ZoneInfo(zone)).rows["day"].tolist() for zone in ("Asia/Shanghai", "Asia/Urumqi")}
    assert all(found == [day_number(dt.date(2026, 11, 24))] for found in days.values())
    assert read_newest(engine, ZoneInfo("America/New_York")).rows["day"].tolist() == [day_number(dt.date(2026, 11, 23))]
