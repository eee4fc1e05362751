import datetime as dt
from dataclasses import replace

import pandas as pd
import pyarrow.parquet as pq
import pytest
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from data.batch_import import Delivery, import_file
from data.counting import Counting
from data.filter import IncidentFilter, Period
from data.queries import totals
from data.segments import publish, read_manifest
from data.segments.files import Written
from data.segments.manifest import SwappedElsewhereError, advance
from data.store import PoolUnavailableError, writing
from data.tables import published, segments
from geo.datum import Datum


@pytest.fixture
def filled(engine, places, tmp_path, as_of):
    path = tmp_path / "feed.csv"
    lines = ["编号,纠纷类型,受理时间,区划代码"]
    lines += [
        f"{number},邻里,2026-0{1 + number % 9}-01 23:30:00,62010{2 if number % 2 else ''}" for number in range(90)
    ]
    path.write_text("\n".join(line.replace(",62010\n", ",") for line in lines), encoding="utf-8")
    import_file(engine, places, Delivery(path, "hotline", Datum.WGS84), as_of=as_of)
    return engine


def test_what_is_published_is_sorted_and_named_in_the_manifest_once(filled, settings):
    published = publish(filled, settings)
    manifest = read_manifest(filled, settings)
    assert len(manifest.files) == 1
    rows = pq.read_table(manifest.files[0]).to_pandas()
    assert len(rows) == published
    order = list(zip(rows["month"], rows["place"], strict=True))
    assert order == sorted(order)
    assert publish(filled, settings) == 0
    assert read_manifest(filled, settings) == manifest


def test_days_are_local(filled, settings):
    publish(filled, settings)
    rows = pq.read_table(read_manifest(filled, settings).files[0]).to_pandas()
    day = pd.Timestamp("1970-01-01") + pd.to_timedelta(rows["day"].min(), unit="D")
    assert day == pd.Timestamp("2026-01-01")
    assert set(rows["hour"]) == {23}


def test_a_crash_before_the_manifest_row_loses_and_doubles_nothing(filled, settings):
    rows = publish(filled, settings)
    with filled.begin() as connection:
        connection.execute(delete(segments))
        connection.execute(delete(published))
    assert publish(filled, settings) == rows
    assert len(list(settings.segments.glob("*.parquet"))) == 2
    assert len(read_manifest(filled, settings).files) == 1


def test_a_range_of_the_log_cannot_be_named_twice(filled, settings, tmp_path):
    publish(filled, settings)
    manifest = read_manifest(filled, settings)
    earlier = replace(manifest, version=manifest.version - 1, position=0)
    (segment,) = manifest.segments
    again = Written(tmp_path / "again.parquet", segment.rows, 1, "", *segment.months[:1], *segment.months[-1:])
    late = replace(earlier, version=manifest.version + 1)
    for stale in (earlier, late):
        with pytest.raises((SwappedElsewhereError, IntegrityError)), writing(filled) as connection:
            advance(connection, stale, [(again, 1, segment.last_position)], segment.last_position)
    assert read_manifest(filled, settings) == manifest


def test_the_manifest_knows_the_months_of_a_segment(filled, settings):
    publish(filled, settings)
    (segment,) = read_manifest(filled, settings).segments
    months = pq.read_table(segment.path)["month"].to_pylist()
    assert (segment.first_month, segment.last_month) == (min(months), max(months)) == (2026 * 12, 2026 * 12 + 8)


def test_a_segment_of_other_months_is_not_opened(filled, settings):
    publish(filled, settings)
    counting = Counting(filled, settings)
    (file,) = read_manifest(filled, settings).files
    inside, outside = (
        totals(IncidentFilter("62", Period(dt.date(2026, month, 1), dt.date(2026, month, 15)))) for month in (9, 12)
    )
    assert counting.run(outside)["incident_count"].iloc[0] == 0
    file.write_bytes(b"no parquet any more")
    assert counting.run(outside)["incident_count"].iloc[0] == 0
    with pytest.raises(PoolUnavailableError):
        counting.run(inside)
    counting.close()
