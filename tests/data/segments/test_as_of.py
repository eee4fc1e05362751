import datetime as dt
from dataclasses import replace

import pytest

from data import queries
from data.counting import Counting
from data.counts import Counts
from data.filter import IncidentFilter, Period
from data.segments import collect, compact, publish
from tests.data.segments.lives import live

EVER = IncidentFilter("62", Period(dt.date(2024, 1, 1), dt.date(2027, 1, 1)))
ASKED = (
    EVER,
    replace(EVER, division="620102"),
    replace(EVER, dispute_types=("D02",), statuses=("closed",), sources=("police",), channels=("court",)),
)


def counted(counting: Counting, asked: IncidentFilter) -> list:
    tables = (
        queries.counts_by_child(asked, 4),
        queries.closed_by_outcome(asked, 4),
        queries.overdue_at(asked, 4, [20_700, 20_720]),
    )
    found = []
    for query in tables:
        rows = counting.run(query)
        sums = [name for name in rows if name.endswith("count") or name.startswith(("open_", "overdue_"))]
        rows = rows[(rows[sums] != 0).any(axis=1)]
        found.append(sorted(map(str, rows.itertuples(index=False, name=None))))
    return found


def test_counts_as_of_a_past_moment_are_those_taken_at_that_moment(engine, settings):
    counting = Counting(engine, settings)
    taken = {}
    for number in range(5):
        moment = live(engine, number)
        publish(engine, settings)
        taken[moment] = [counted(counting, asked) for asked in ASKED]
    assert len({str(found) for found in taken.values()}) == 5
    compact(engine, settings)
    collect(engine, settings, grace=0)
    for moment, found in taken.items():
        known_at = dt.datetime.fromtimestamp(moment, dt.UTC)
        assert [counted(counting, replace(asked, known_at=known_at)) for asked in ASKED] == found
    counting.close()


def test_before_anything_was_recorded_nothing_counts(engine, settings):
    moment = live(engine, 0)
    publish(engine, settings)
    counting = Counting(engine, settings)
    early = replace(EVER, known_at=dt.datetime.fromtimestamp(moment - 1, dt.UTC))
    assert counting.run(queries.totals(early))["incident_count"].tolist() == [0]
    with pytest.raises(ValueError, match="as they are now"):
        Counts(engine, counting).incidents(early)
    counting.close()


def test_a_moment_needs_a_time_zone():
    with pytest.raises(ValueError, match="time zone"):
        replace(EVER, known_at=dt.datetime(2026, 1, 1))  # noqa: DTZ001 - that is what is refused
