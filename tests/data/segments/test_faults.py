"""No room, and two at the same work."""

import resource
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pyarrow.parquet as pq
import pytest

from data.counting import Counting
from data.queries import counts_by_source
from data.segments import bulk, compact, publication, publish, read_manifest, verify
from data.store import PoolUnavailableError
from tests.data.segments.lives import live


@contextmanager
def no_file_longer_than(size: int):
    """As on a full disk, no file of this process or its children grows beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_no_room_for_a_segment_is_said_and_leaves_nothing_half_done(engine, settings):
    live(engine, 0)
    publish(engine, settings)
    live(engine, 1)
    before = read_manifest(engine, settings)
    with no_file_longer_than(2_000), pytest.raises(PoolUnavailableError, match="写不下"):
        publish(engine, settings)
    assert read_manifest(engine, settings) == before
    assert list(settings.segments.iterdir()) == list(before.files)
    assert publish(engine, settings) > 0
    assert verify(engine, settings).is_sound


def test_no_room_while_segments_are_put_together_leaves_them_as_they_are(engine, settings):
    for number in range(2):
        live(engine, number)
        publish(engine, settings)
    before = read_manifest(engine, settings)
    with no_file_longer_than(2_000), pytest.raises(PoolUnavailableError, match="写不下"):
        compact(engine, settings)
    assert read_manifest(engine, settings) == before
    assert set(settings.segments.iterdir()) == set(before.files)
    compact(engine, settings)
    assert verify(engine, settings).is_sound


def test_a_large_log_is_published_by_processes_of_their_own(engine, settings, monkeypatch):
    monkeypatch.setattr(publication, "BULK_ROWS", 1)
    monkeypatch.setattr(publication, "ROWS_PER_SEGMENT", 30)
    live(engine, 0)
    rows = publish(engine, settings)
    manifest = read_manifest(engine, settings)
    assert rows == manifest.rows > 30
    assert len(manifest.segments) == -(-manifest.position // 30) > 1
    assert verify(engine, settings).is_sound
    live(engine, 1, incidents=10)
    with no_file_longer_than(2_000), pytest.raises(PoolUnavailableError, match="写不下"):
        publish(engine, settings)
    assert read_manifest(engine, settings) == manifest
    assert set(settings.segments.iterdir()) == set(manifest.files)


def test_a_process_that_dies_while_it_publishes_is_told_as_such(engine, settings, monkeypatch):
    live(engine, 0)
    settings.var.mkdir(exist_ok=True)
    monkeypatch.setattr(bulk, "ROOT", settings.var)  # where there is no such module
    monkeypatch.setattr(publication, "BULK_ROWS", 1)
    with pytest.raises(PoolUnavailableError, match="发布进程中断"):
        publish(engine, settings)
    assert read_manifest(engine, settings).segments == ()


def test_two_publishers_at_once_publish_everything_once(engine, settings):
    live(engine, 0)
    together = threading.Barrier(2)

    def work(_: int) -> int:
        rows = 0
        for _turn in range(4):
            together.wait()
            rows += publish(engine, settings)
            if together.wait() == 0:
                live(engine, 1 + _turn)
            compact(engine, settings)
        return rows

    with ThreadPoolExecutor(2) as pool:
        rows = sum(pool.map(work, range(2)))
    rows += publish(engine, settings)
    manifest = read_manifest(engine, settings)
    assert rows == manifest.rows == sum(pq.read_metadata(file).num_rows for file in manifest.files)
    assert verify(engine, settings).is_sound
    counting = Counting(engine, settings)
    assert counting.run(counts_by_source(0))["incident_count"].sum() == verify(engine, settings).incidents
    counting.close()
