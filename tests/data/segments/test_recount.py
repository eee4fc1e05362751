import pandas as pd
import pyarrow.parquet as pq
import pytest
from sqlalchemy import delete, update

from data.counting import Counting
from data.queries import counts_by_source
from data.segments import DamagedSegmentError, compact, publish, read_manifest, rebuild, verify
from data.segments.files import write_file
from data.segments.manifest import swap
from data.segments.rebuilding import LogIncompleteError
from data.store import writing
from data.tables import changes, incidents
from tests.data.segments.lives import live
from tests.pools import Pool


def fill(pool: Pool) -> None:
    for number in range(3):
        live(pool.engine, number)
        publish(pool.engine, pool.settings)
    compact(pool.engine, pool.settings)
    live(pool.engine, 3)
    publish(pool.engine, pool.settings)


@pytest.fixture
def pool(copy_of) -> Pool:
    return copy_of(fill)


@pytest.fixture
def filled(pool):
    return pool.engine


@pytest.fixture
def settings(pool):
    return pool.settings


def flip(file) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def test_a_pool_that_agrees_with_itself_is_sound(filled, settings):
    live(filled, 4)
    found = verify(filled, settings)
    assert found.is_sound
    assert found.unpublished > 0
    assert found.log_rows == found.segment_rows + found.unpublished
    assert 0 < found.incidents < found.log_rows


def test_a_current_row_that_the_log_does_not_know_is_told_by_its_place(filled, settings):
    with filled.begin() as connection:
        row = connection.execute(incidents.select().where(~incidents.c.withdrawn).limit(1)).mappings().one()
        changed = update(incidents).where(incidents.c.id == row["id"])
        connection.execute(changed.values(place=620102001001001 + 10**11, dispute_type="D09"))
    found = verify(filled, settings)
    assert set(found.differences["between"]) == {"记录与日志"}
    there = found.differences.set_index("dispute_type")
    assert there.loc["D09", ["expected", "found"]].tolist() == [1, 0]
    here = there.loc[[row["dispute_type"]]].iloc[0]
    assert here["source"] == row["source"]
    assert here["division"] == str(row["place"])[:6]
    assert here["found"] - here["expected"] == 1
    occurred = pd.Timestamp(row["occurred_at"], unit="s", tz="UTC").tz_convert("Asia/Shanghai")
    assert here["month"] == f"{occurred:%Y-%m}"


def test_a_fact_that_changes_no_count_is_found_all_the_same(filled, settings):
    with filled.begin() as connection:
        first = incidents.c.id == 5
        connection.execute(update(incidents).where(first).values(withdrawn=False))
    before = verify(filled, settings).differences
    with filled.begin() as connection:
        connection.execute(update(incidents).where(first).values(accepted_at=incidents.c.accepted_at + 1))
    after = verify(filled, settings).differences
    assert len(after) >= max(len(before), 1)
    assert (after["between"] == "记录与日志").all()


def test_a_segment_that_lacks_a_row_is_told_from_the_log(filled, settings):
    segment = read_manifest(filled, settings).segments[0]
    rows = pq.read_table(segment.path)
    shorter = write_file(rows.slice(1), settings.segments)
    with writing(filled) as connection:
        swap(connection, [segment], [(shorter, segment.first_position, segment.last_position)])
    found = verify(filled, settings, level=4)
    assert set(found.differences["between"]) == {"日志与分段"}
    (row,) = found.differences.to_dict("records")
    missing = rows.slice(0, 1).to_pylist()[0]
    assert row["division"] == str(missing["place"])[:9]
    assert row["expected"] - row["found"] == missing["weight"]
    rebuild(filled, settings, everything=True)
    assert verify(filled, settings).is_sound


def test_a_damaged_and_a_missing_segment_are_named_and_made_again(filled, settings):
    first, second, *_ = read_manifest(filled, settings).segments
    counting = Counting(filled, settings)
    expected = counting.run(counts_by_source(0))
    flip(first.path)
    second.path.unlink()
    fresh = Counting(filled, settings)
    with pytest.raises(DamagedSegmentError, match=r"manage\.py rebuild"):
        fresh.run(counts_by_source(0))
    found = verify(filled, settings)
    assert not found.is_sound
    assert [name in said for said, name in zip(found.damaged, (first.path.name, second.path.name), strict=True)]
    assert "校验和" in found.damaged[0]
    assert "不见了" in found.damaged[1]
    version = fresh.version()
    assert rebuild(filled, settings).files == (first.path.name, second.path.name)
    assert verify(filled, settings).is_sound
    assert fresh.version() > version
    key = ["source"]
    pd.testing.assert_frame_equal(
        fresh.run(counts_by_source(0)).sort_values(key, ignore_index=True), expected.sort_values(key, ignore_index=True)
    )
    assert rebuild(filled, settings).files == ()
    fresh.close()
    counting.close()


def test_all_segments_can_be_made_again(filled, settings):
    before = read_manifest(filled, settings)
    done = rebuild(filled, settings, everything=True)
    after = read_manifest(filled, settings)
    assert len(done.files) == len(before.segments)
    assert (after.rows, after.position) == (before.rows, before.position)
    assert after.newest > before.newest
    assert after.version > before.version
    assert not set(before.files) & set(after.files)
    assert verify(filled, settings).is_sound


def test_a_segment_is_not_made_again_from_a_log_that_has_lost_rows(filled, settings):
    segment = read_manifest(filled, settings).segments[-1]
    flip(segment.path)
    with filled.begin() as connection:
        connection.execute(delete(changes).where(changes.c.position == segment.last_position))
    with pytest.raises(LogIncompleteError, match=segment.path.name):
        rebuild(filled, settings)
    assert read_manifest(filled, settings).segments[-1] == segment


def test_an_empty_pool_is_sound(copy_of):
    empty = copy_of(lambda _pool: None)
    assert verify(empty.engine, empty.settings).is_sound
