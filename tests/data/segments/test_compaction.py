import datetime as dt

import pyarrow.parquet as pq
import pytest

from data import queries
from data.counting import Counting
from data.filter import IncidentFilter, Period
from data.segments import DamagedSegmentError, collect, compact, compaction, publish, read_manifest
from data.segments.manifest import SwappedElsewhereError, swap
from data.store import writing
from tests.data.segments.lives import live

EVER = IncidentFilter("62", Period(dt.date(2024, 1, 1), dt.date(2027, 1, 1)))


def rows_of(manifest) -> list[tuple]:
    return sorted(row for file in manifest.files for row in map(str, pq.read_table(file).to_pylist()))


def test_compaction_leaves_one_file_a_month_and_every_signed_row(engine, settings):
    for number in range(5):
        live(engine, number)
        publish(engine, settings)
    before = read_manifest(engine, settings)
    done = compact(engine, settings)
    after = read_manifest(engine, settings)
    assert rows_of(after) == rows_of(before)
    assert (after.version, after.position, after.settled) == (before.version, before.position, before.position)
    assert all(segment.first_month == segment.last_month for segment in after.segments)
    assert len({segment.first_month for segment in after.segments}) == len(after.segments) == done.after
    for file in after.files:
        rows = pq.read_table(file).to_pandas()
        order = list(zip(rows["month"], rows["place"], rows["day"], strict=True))
        assert order == sorted(order)
    assert compact(engine, settings).rows == 0


def test_a_month_is_not_written_again_for_a_few_rows(engine, settings):
    live(engine, 0, incidents=2_000)
    publish(engine, settings)
    compact(engine, settings)
    old = set(read_manifest(engine, settings).files)
    live(engine, 1, incidents=20)
    publish(engine, settings)
    compact(engine, settings)
    manifest = read_manifest(engine, settings)
    assert len(old - set(manifest.files)) <= 2  # a month with hardly any rows is
    for number in range(2, 7):
        live(engine, number, incidents=400)
        publish(engine, settings)
        compact(engine, settings)
    manifest = read_manifest(engine, settings)
    months = [segment.first_month for segment in manifest.segments]
    assert max(months.count(month) for month in set(months)) <= 3


def test_many_small_publications_are_put_together_by_themselves(engine, settings):
    counting = Counting(engine, settings)
    most = 0
    for number in range(20):
        live(engine, number, incidents=6)
        publish(engine, settings)
        most = max(most, len(read_manifest(engine, settings).segments))
    assert most <= compaction.TAIL_SEGMENTS
    before = counting.run(queries.totals(EVER))["incident_count"].iloc[0]
    compact(engine, settings)
    assert counting.run(queries.totals(EVER))["incident_count"].iloc[0] == before > 0
    counting.close()


def test_a_long_tail_is_split_by_month_by_itself(engine, settings, monkeypatch):
    monkeypatch.setattr(compaction, "SETTLE_ROWS", 100)
    for number in range(4):
        live(engine, number)
        publish(engine, settings)
    manifest = read_manifest(engine, settings)
    assert manifest.settled > 0
    assert sum(segment.rows for segment in manifest.tail) < 100


def test_a_query_whose_files_were_swapped_and_removed_asks_again(engine, settings, monkeypatch):
    counting = Counting(engine, settings)
    for number in range(3):
        live(engine, number)
        publish(engine, settings)
    expected = counting.run(queries.totals(EVER)).iloc[0].tolist()
    fresh = Counting(engine, settings)
    first = fresh._manifest

    def swapped_meanwhile():
        manifest = first()
        if manifest.tail:
            compact(engine, settings)
            collect(engine, settings, grace=0)
        return manifest

    monkeypatch.setattr(fresh, "_manifest", swapped_meanwhile)
    assert fresh.run(queries.totals(EVER)).iloc[0].tolist() == expected
    fresh.close()
    counting.close()


def test_damage_is_not_copied_into_a_new_file(engine, settings):
    for number in range(2):
        live(engine, number)
        publish(engine, settings)
    manifest = read_manifest(engine, settings)
    content = bytearray(manifest.files[0].read_bytes())
    content[len(content) // 2] ^= 1
    manifest.files[0].write_bytes(content)
    with pytest.raises(DamagedSegmentError, match="校验和"):
        compact(engine, settings)
    assert read_manifest(engine, settings) == manifest
    assert len(list(settings.segments.iterdir())) == 2


def test_two_swaps_of_the_same_files_cannot_both_happen(engine, settings):
    for number in range(2):
        live(engine, number)
        publish(engine, settings)
    manifest = read_manifest(engine, settings)
    compact(engine, settings)
    after = read_manifest(engine, settings)
    with pytest.raises(SwappedElsewhereError), writing(engine) as connection:
        swap(connection, manifest.segments, [])
    assert read_manifest(engine, settings) == after


def test_only_nameless_files_past_their_grace_are_removed(engine, settings):
    for number in range(2):
        live(engine, number)
        publish(engine, settings)
    compact(engine, settings)
    left = settings.segments / "left.writing"
    left.write_bytes(b"half a file")
    assert collect(engine, settings) == (0, 0)
    files, size = collect(engine, settings, grace=0)
    assert files == 3
    assert size > 11
    assert sorted(settings.segments.glob("*")) == sorted(read_manifest(engine, settings).files)
