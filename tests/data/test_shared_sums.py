"""Whatever a unit takes out of what was read for all equals a plain query of its own."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from data import queries
from data.counting import Counting
from data.filter import IncidentFilter, Period
from data.kept import Kept
from data.segments import compact, publish
from data.shared_sums import SharedSums
from tests.data.segments.lives import live

EVER = IncidentFilter("62", Period(dt.date(2025, 1, 1), dt.date(2027, 1, 1)))
NAMES = ["incident_count", "previous_count", "last_year_count"]


def plain(counting: Counting, asked: IncidentFilter, level: int) -> dict[int, list[int]]:
    rows = counting.run(queries.counts_by_child(asked, level))
    return {row[0]: list(row[1:]) for row in rows.itertuples(index=False, name=None) if any(row[1:])}


@pytest.mark.parametrize("merged", [False, True])
def test_every_unit_of_every_level_has_the_sums_of_its_own_query(engine, settings, merged):
    counting = Counting(engine, settings)
    sums = SharedSums(counting)
    for number in range(4):
        live(engine, number)
        publish(engine, settings)
        if merged:
            compact(engine, settings)
        rows = counting.run(queries.counts_by_child(EVER, 6))
        places = [str(place) for place in rows["place"]]
        units = {place[:length] for place in places for length in (2, 4, 6, 9, 12, 15)}
        assert units
        for unit in sorted(units):
            asked = replace(EVER, division=unit)
            level = min(6, {2: 1, 4: 2, 6: 3, 9: 4, 12: 5, 15: 6}[len(unit)] + 1)
            found = sums.of(asked, queries.counts_by_child, level=level, named="windows")
            ancestors, counts = found.by_child(level, NAMES)
            kept = counts.any(axis=1)
            shared = dict(zip(ancestors[kept].tolist(), counts[kept].tolist(), strict=True))
            assert shared == plain(counting, asked, level)
    counting.close()


def test_a_publication_is_read_alone_and_siblings_ask_nobody(engine, settings, monkeypatch):
    counting = Counting(engine, settings)
    sums = SharedSums(counting)
    read = []
    columns = counting._columns
    monkeypatch.setattr(
        counting, "_columns", lambda manifest, part, query: read.append(len(part)) or columns(manifest, part, query)
    )

    def total(division: str) -> int:
        asked = replace(EVER, division=division)
        return sums.of(asked, queries.counts_by_child, level=4, named="windows").total("incident_count")

    live(engine, 0)
    publish(engine, settings)
    before = total("62")
    assert read == [1]
    assert total("6201") + total("6202") <= before
    assert read == [1]
    live(engine, 1)
    publish(engine, settings)
    total("620102")
    assert read == [1, 1]
    counting.close()


def test_an_empty_pool_has_columns_and_no_rows(engine, settings):
    counting = Counting(engine, settings)
    found = SharedSums(counting).of(EVER, queries.counts_by_child, level=2, named="windows")
    assert found.total("incident_count") == 0
    places, counts = found.by_child(2, NAMES)
    assert places.shape == (0,)
    assert counts.shape == (0, 3)
    assert np.issubdtype(counts.dtype, np.integer)
    counting.close()


def test_only_so_many_results_are_kept_and_the_one_asked_for_longest_ago_goes_first():
    made = []
    kept = Kept[str, str](2)

    def of(key: str) -> str:
        return kept.of(key, lambda: made.append(key) or key)

    for key in ("a", "b", "a", "c", "a", "b"):
        assert of(key) == key
    assert made == ["a", "b", "c", "b"]


def test_who_asks_while_it_is_made_waits_for_it():
    made, waiting, go = [], threading.Event(), threading.Event()
    kept = Kept[str, int](2)

    def make() -> int:
        made.append(1)
        waiting.set()
        go.wait(10)
        return 7

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(kept.of, "a", make)
        waiting.wait(10)
        second = pool.submit(kept.of, "a", make)
        go.set()
        assert (first.result(), second.result()) == (7, 7)
    assert made == [1]


def test_what_could_not_be_made_is_tried_again():
    kept = Kept[str, int](2)

    def fail() -> int:
        raise OSError("no")

    with pytest.raises(OSError, match="no"):
        kept.of("a", fail)
    assert kept.of("a", lambda: 3) == 3
