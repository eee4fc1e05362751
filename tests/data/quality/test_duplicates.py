import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest
from sqlalchemy import select

from data.change_log import add_incidents
from data.filter import IncidentFilter, Period
from data.links import Said, dismiss, link, unlink
from data.quality.duplicates import SHOWN_FROM, find_duplicates
from data.store import writing
from data.tables import incidents

ZONE = "Asia/Shanghai"
AT = pd.Timestamp("2026-11-20 10:00", tz=ZONE)
SAID = Said("值班员", AT, "62")
ASKED = IncidentFilter(scope="62", period=Period(dt.date(2026, 10, 29), dt.date(2026, 11, 26)))
GRID = 620102001001001
NORTH = 1 / 111_195
"""Degrees of latitude to a metre."""


def report(name: str, source: str, *, days: float = 0, metres: float = 0, **other) -> dict:
    moment = int((AT + pd.Timedelta(days=days)).timestamp())
    return {
        "external_id": name,
        "source": source,
        "dispute_type": "D02",
        "sub_source": None,
        "channel": "direct",
        "status": "accepted",
        "outcome": None,
        "scale": None,
        "resolved_level": None,
        "occurred_at": moment,
        "accepted_at": moment,
        "closed_at": None,
        "place": GRID,
        "cell": 0,
        "located_by": 1,
        "conflict": False,
        "withdrawn": False,
        "longitude": 103.5,
        "latitude": 36.5 + metres * NORTH,
    } | other


@pytest.fixture
def pairs(engine):
    """Pairs of external ids that are found once some reports are there."""

    def found(*rows, asked=ASKED, **other) -> list[tuple[str, str]]:
        with writing(engine) as connection:
            if rows:
                add_incidents(connection, pd.DataFrame(rows), batch_id=1, recorded_at=0)
            names = dict(connection.execute(select(incidents.c.id, incidents.c.external_id)).all())
        table = find_duplicates(engine, asked, zone=ZONE, **other)
        ids = zip(table["first_id"], table["second_id"], strict=True)
        return [tuple(sorted((names[one], names[two]))) for one, two in ids]

    return found


def ids(engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {row.external_id: row.id for row in connection.execute(incidents.select())}


def test_the_same_place_days_and_type_from_two_sources_is_suspected(pairs, engine):
    assert pairs(report("a", "hotline"), report("b", "police", metres=60, days=1)) == [("a", "b")]
    (row,) = find_duplicates(engine, ASKED, zone=ZONE).itertuples()
    assert row.metres == pytest.approx(60, rel=0.01)
    assert row.days == 1
    assert row.score > SHOWN_FROM
    assert {row.first_source, row.second_source} == {"hotline", "police"}


@pytest.mark.parametrize(
    "other",
    [
        {"source": "hotline"},
        {"dispute_type": "D06"},
        {"days": 3},
        {"metres": 320},
        {"withdrawn": True},
        {"days": 30},
    ],
)
def test_what_differs_in_source_type_days_or_place_is_not(pairs, other):
    said = {"source": "police"} | other
    assert pairs(report("a", "hotline"), report("b", **said)) == []


def test_neighbours_across_the_border_of_a_square_and_of_a_day_are_found(pairs):
    rows = [
        report(f"a{number}", "hotline", metres=40 * number, dispute_type=f"D{number + 2:02d}") for number in range(9)
    ]
    again = [
        report(f"b{number}", "police", metres=40 * number + 250, days=0.6, dispute_type=f"D{number + 2:02d}")
        for number in range(9)
    ]
    assert sorted(pairs(*rows, *again)) == [(f"a{number}", f"b{number}") for number in range(9)]


def test_without_coordinates_the_village_decides_and_a_township_does_not(pairs, engine):
    nowhere = {"longitude": None, "latitude": None}
    village, township = 620102001001000, 620102001000000
    assert pairs(report("a", "hotline"), report("b", "police", place=village, **nowhere)) == [("a", "b")]
    assert pairs(report("c", "citizen", place=township, **nowhere)) == [("a", "b")]
    score = find_duplicates(engine, ASKED, zone=ZONE)["score"]
    assert (score < 0.6).all()


def test_the_closer_the_likelier_and_in_a_busy_place_the_less_likely(pairs, engine):
    pairs(
        report("a", "hotline"),
        report("near", "police", metres=20),
        report("far", "citizen", metres=220, days=2),
    )
    assert pairs()[0] == ("a", "near")
    quiet = find_duplicates(engine, ASKED, zone=ZONE)["score"].iloc[0]
    pairs(*(report(f"x{number}", "court", days=-8 - number % 9) for number in range(12)))
    assert find_duplicates(engine, ASKED, zone=ZONE)["score"].iloc[0] < quiet


def test_linked_pairs_go_dismissed_ones_do_not_come_back_and_unlinked_ones_do(pairs, engine):
    rows = [report("a", "hotline"), report("b", "police"), report("c", "citizen")]
    assert len(pairs(*rows)) == 3
    known = ids(engine)
    link(engine, known["a"], known["b"], SAID)
    assert sorted(pairs()) == [("a", "c"), ("b", "c")]
    dismiss(engine, known["c"], known["a"], SAID)
    assert pairs() == [("b", "c")]
    link(engine, known["c"], known["b"], SAID)
    assert pairs() == []
    unlink(engine, known["b"], SAID)
    assert sorted(pairs()) == [("a", "b"), ("b", "c")]


def test_only_the_reader_s_own_division_is_searched(pairs):
    elsewhere = 620102002001001
    assert pairs(report("a", "hotline"), report("b", "police", place=elsewhere)) == [("a", "b")]
    assert pairs(asked=replace(ASKED, scope="620102001", division="620102001")) == []
    assert pairs(asked=replace(ASKED, sources=("hotline", "citizen"))) == []


def test_an_empty_pool_has_no_pairs(engine):
    table = find_duplicates(engine, ASKED, zone=ZONE)
    assert table.empty
    assert "score" in table
