import pandas as pd
import pytest
from sqlalchemy import func, insert, select

from data import batch_import
from data.batch_import import Delivery, import_file
from data.segments import collect, compact, publish, read_manifest, verify
from data.segments import publication as publication_module
from data.store import writing
from data.tables import changes, ready_segments
from data.tables.feeds import word_mappings
from data.unavailable import PoolUnavailableError
from geo.datum import Datum

HEADER = "编号,纠纷类型,状态,受理时间,区划代码,撤销"


def row(identity: object, status: str = "受理", *, kind: str = "邻里", place: str = "620102", gone: str = "") -> str:
    return f"{identity},{kind},{status},2026-11-01 10:00:00,{place},{gone}"


def lives(number: int) -> list[str]:
    """New incidents, one of them twice, known ones again, unknown words, withdrawals, and rows that say nothing new."""
    first = number * 20
    return [
        *(row(first + at, place="620102" if at % 2 else "6201") for at in range(25)),
        row(first + 3, "调处中"),
        row(first + 4, kind="怪事"),
        row(first + 5, gone="是"),
        row(f"gone-{number}", gone="是"),
        row(f"odd-{number}", kind="怪事"),
        row(f"odder-{number}", kind="更怪的事"),
        row("wrong", place="629999"),
    ]


@pytest.fixture
def take(engine, settings, places, tmp_path, as_of, monkeypatch):
    """Import a file of rows, its segment made at once."""
    monkeypatch.setattr(batch_import, "LEAST_ROWS", 1)
    monkeypatch.setattr("data.readers.csv_file.BLOCK_BYTES", 1024)

    def take_in(number: int):
        path = tmp_path / f"{number}.csv"
        path.write_text("\n".join([HEADER, *lives(number)]), encoding="utf-8")
        delivery = Delivery(path, "hotline", Datum.WGS84)
        moment = as_of + pd.Timedelta(minutes=number)
        return import_file(engine, places, delivery, as_of=moment, settings=settings)

    return take_in


def waiting(engine) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(ready_segments)).scalar_one()


@pytest.fixture
def no_reading(monkeypatch):
    def refuse(_engine, _settings, first, end):
        assert end < first, f"the log was read from {first} to {end}"
        return []

    monkeypatch.setattr(publication_module, "written_parts", refuse)


def test_what_imports_made_ready_is_published_without_reading_the_log(engine, settings, take, no_reading):
    with writing(engine) as connection:
        mapping = {"source": "hotline", "word": "怪事", "code": "D07"}
        connection.execute(insert(word_mappings).values(**mapping, person="甲", mapped_at=0))
    batches = [take(number) for number in range(3)]
    assert batches[2].updated > 0
    assert waiting(engine) == 3
    publish(engine, settings)
    assert waiting(engine) == 0
    found = verify(engine, settings)
    assert found.is_sound
    assert (found.unpublished, found.log_rows) == (0, found.segment_rows)
    assert len(read_manifest(engine, settings).segments) == 3


def test_what_lies_ready_counts_only_when_it_is_published_and_is_no_garbage(engine, settings, take):
    take(0)
    assert collect(engine, settings, grace=0) == (0, 0)
    assert read_manifest(engine, settings).rows == 0
    publish(engine, settings)
    compact(engine, settings)
    assert verify(engine, settings).is_sound


@pytest.mark.parametrize("what", ["missing", "damaged"])
def test_a_file_that_is_not_what_was_made_ready_is_read_from_the_log(engine, settings, take, what):
    take(0)
    take(1)
    with engine.connect() as connection:
        name = connection.execute(select(ready_segments.c.file_name).limit(1)).scalar_one()
    (settings.segments / name).unlink() if what == "missing" else (settings.segments / name).write_bytes(b"no")
    publish(engine, settings)
    found = verify(engine, settings)
    assert found.is_sound
    assert found.unpublished == waiting(engine) == 0


def test_a_log_that_holds_other_entries_than_the_import_knows_of_is_read(engine, settings, take, monkeypatch):
    wrong = "data.segments.ready.ReadySegments._others"
    monkeypatch.setattr(wrong, lambda *_: [])
    take(0)
    publish(engine, settings)
    assert verify(engine, settings).is_sound


def test_a_disk_without_room_for_the_segment_does_not_stop_the_import(engine, settings, take, monkeypatch):
    def full(*_):
        raise PoolUnavailableError("full")

    monkeypatch.setattr("data.segments.ready.write_file", full)
    assert take(0).added > 0
    assert waiting(engine) == 0
    publish(engine, settings)
    with engine.connect() as connection:
        entries = connection.execute(select(func.count()).select_from(changes)).scalar_one()
    assert read_manifest(engine, settings).rows == entries
