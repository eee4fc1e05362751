"""Open incidents and those of a year by division, as a plain loop counts them, small ones withheld."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from data.centres.loads import read_loads
from data.change_log import add_incidents
from data.counting import Counting
from data.filter import IncidentFilter, Period
from data.segments import publish
from data.store import writing

LAST = dt.date(2026, 11, 25)
ASKED = IncidentFilter("62", Period(dt.date(2026, 10, 29), LAST + dt.timedelta(days=1)))
PLACES = {
    "620102001": 620102001001001,
    "620102002": 620102002001001,
    "620102003": 620102003000000,
    "620102": 620102000000000,
    "620201": 620201000000000,
    "6201": 620100000000000,
}
"""Place by the code of the finest division down to the township."""


def seconds(day: dt.date) -> int:
    return int(pd.Timestamp(day, tz="Asia/Shanghai").timestamp()) + 36_000


@pytest.fixture
def told(engine, settings):
    """Rows of some incidents, stored and published: `code`, `type`, `day`, `closed`."""
    rng = np.random.default_rng(5)
    number = 400
    shares = [0.45, 0.2, 0.01, 0.04, 0.2, 0.1]
    rows = pd.DataFrame(
        {
            "code": rng.choice(list(PLACES), number, p=shares),
            "type": rng.choice(["D06", "D10"], number),
            "day": [LAST - dt.timedelta(days=int(back)) for back in rng.integers(0, 500, number)],
            "closed": rng.random(number) < 0.6,
        }
    )
    after = rng.integers(1, 60, number)
    stored = pd.DataFrame(
        {
            "external_id": rows.index.astype(str),
            "source": "hotline",
            "dispute_type": rows["type"],
            "sub_source": None,
            "channel": "direct",
            "status": np.where(rows["closed"], "closed", "mediating"),
            "outcome": None,
            "scale": None,
            "resolved_level": None,
            "occurred_at": [seconds(day) for day in rows["day"]],
            "accepted_at": [seconds(day) for day in rows["day"]],
            "closed_at": [seconds(day) + int(n) * 86_400 for day, n in zip(rows["day"], after, strict=True)],
            "place": rows["code"].map(PLACES),
            "cell": 0,
            "located_by": 1,
            "conflict": False,
            "longitude": None,
            "latitude": None,
        }
    )
    stored["closed_at"] = stored["closed_at"].where(rows["closed"])
    with writing(engine) as connection:
        add_incidents(connection, stored, batch_id=1, recorded_at=seconds(LAST))
    publish(engine, settings)
    closing = [day + dt.timedelta(days=int(n)) for day, n in zip(rows["day"], after, strict=True)]
    rows["open"] = [not closed or at > LAST for closed, at in zip(rows["closed"], closing, strict=True)]
    rows["recent"] = [(LAST - day).days < 365 for day in rows["day"]]
    return rows


@pytest.fixture
def counting(engine, settings):
    opened = Counting(engine, settings)
    yield opened
    opened.close()


def test_counts_are_those_of_a_plain_loop_down_to_the_county(told, counting):
    found = read_loads(counting, ASKED, finest=4).places
    for code in ("62", "6201", "6202", "620102", "620201"):
        inside = told[told["code"].str.startswith(code)]
        assert found.loc[code].tolist() == [inside["open"].sum(), inside["recent"].sum()]


def test_small_counts_below_the_county_are_withheld_with_another(told, counting):
    found = read_loads(counting, ASKED, finest=4).places["year_count"]
    inside = told[told["recent"] & told["code"].str.startswith("620102")]["code"].value_counts()
    assert 0 < inside["620102003"] < 5
    assert pd.isna(found["620102003"])
    assert found["620102001"] == inside["620102001"]
    shown = found[[code for code in found.index if len(code) == 9]].dropna()
    hidden = inside.sum() - shown.sum()
    assert hidden >= 5


def test_types_are_counted_where_counts_are_open(told, counting):
    found = read_loads(counting, ASKED, finest=4).types
    assert all(len(code) <= 6 for code in found.index)
    recent = told[told["recent"]]
    for code in found.index:
        for kind in ("D06", "D10"):
            assert found.loc[code, kind] == ((recent["type"] == kind) & recent["code"].str.startswith(code)).sum()


def test_a_township_alone_is_withheld_as_among_its_neighbours(told, counting):
    all_of_them = read_loads(counting, ASKED, finest=4).places
    for code in ("620102001", "620102002", "620102003"):
        asked = IncidentFilter(code, ASKED.period)
        found = read_loads(counting, asked, finest=4).places
        assert found.index.tolist() == [code]
        pd.testing.assert_frame_equal(found, all_of_them.loc[[code]])


def test_an_empty_pool_has_no_load(engine, settings, counting):
    found = read_loads(counting, ASKED, finest=4)
    assert found.places.empty
    assert found.types.empty


def test_types_may_not_be_asked_for(counting):
    with pytest.raises(ValueError, match="all types"):
        read_loads(counting, IncidentFilter("62", ASKED.period, dispute_types=("D01",)), finest=4)
