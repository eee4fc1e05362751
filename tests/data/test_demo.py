"""From the feeds' CSV files to the counts: nothing lost, nothing twice."""

import datetime as dt

import pytest

from data.batches import recent_batches
from data.counting import Counting
from data.counts import Counts
from data.filter import IncidentFilter, Period
from data.simulation import read_truth
from data.store import open_store
from geo.divisions import read_divisions

EVER = IncidentFilter(scope="62", period=Period(dt.date(2015, 1, 1), dt.date(2040, 1, 1)))


@pytest.fixture(scope="module")
def engine(demo):
    opened = open_store(demo)
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def counts(demo, engine):
    counting = Counting(engine, demo)
    yield Counts(engine, counting)
    counting.close()


def test_every_row_of_every_feed_is_accounted_for_as_the_truth_says(demo, engine):
    truth = read_truth(demo.feeds)
    batches = recent_batches(engine).set_index("source")
    assert set(batches.index) == set(truth.feeds)
    for source, stated in truth.feeds.items():
        row = batches.loc[source]
        assert row["rows_read"] == stated.rows
        assert row["added"] == stated.incidents
        assert row["updated"] + row["unchanged"] == stated.updates
        assert row["rejected"] == sum(stated.dirty.values())


def test_what_was_added_is_what_is_counted_by_place_by_cell_and_by_source(engine, counts):
    added = int(recent_batches(engine)["added"].sum())
    cities = read_divisions().query("level == 2")["code"]
    assert counts.totals(EVER).current == added
    assert counts.by_child(EVER, list(cities))["incident_count"].sum() == added
    assert counts.by_source(dt.date(2026, 1, 1))["incident_count"].sum() == added
    by_day = counts.series(EVER, steps=366 * 26)
    assert by_day.sum() == added


def test_fields_about_persons_are_dropped_and_named(engine):
    dropped = "".join(recent_batches(engine)["dropped_columns"])
    assert "当事人" in dropped
    assert "联系电话" in dropped
