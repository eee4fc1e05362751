from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import select

from data.batch_import import Delivery, import_file
from data.batch_list import BatchFilter, list_batches, rejected_by_reason, unsolved_rows
from data.batches import rejected_csv
from data.feeds.profiles import profile_of
from data.places import known_places
from data.retry import UnknownBatchError, import_mended, retry_rejected
from data.tables import batches, incidents
from geo.datum import Datum

FEED = """编号,纠纷类型,受理时间,区划代码
A1,邻里,2026-11-05 10:00:00,620102
A2,邻里,昨天,620102
A3,邻里,2026-11-06 10:00:00,620199
A4,,2026-11-06 10:00:00,620102
,邻里,2026-11-06 10:00:00,620102
"""


@pytest.fixture
def first(engine, places, tmp_path: Path, as_of) -> int:
    path = tmp_path / "十一月.csv"
    path.write_text(FEED, encoding="utf-8")
    batch = import_file(engine, places, Delivery(path, "hotline", Datum.WGS84), as_of=as_of)
    assert batch.rejected == 4
    return batch.id


def stored(engine) -> list[str]:
    with engine.connect() as connection:
        return sorted(connection.execute(select(incidents.c.external_id)).scalars())


@pytest.fixture
def wider(places):
    """The same places with a county more, as after an import of boundaries."""
    codes = pd.Series(["62", "6201", "620102", "620199"])
    return known_places(codes, codes != "620199", root="62", bounds=places.bounds, locator=places.locator)


def test_rows_that_a_new_boundary_makes_right_come_in_and_the_others_stay(engine, places, wider, first, as_of):
    assert retry_rejected(engine, places, first, as_of=as_of).accepted == 0
    done = retry_rejected(engine, wider, first, as_of=as_of)
    assert (done.tried, done.accepted) == (4, 1)
    assert stored(engine) == ["A1", "A3"]
    assert unsolved_rows(engine, first)["line"].tolist() == [3, 5, 6]
    table = list_batches(engine, BatchFilter()).set_index("id")
    assert table.loc[done.batch_id, "kind"] == "retry"
    assert table.loc[done.batch_id, "corrects"] == first
    assert table.loc[first, "unsolved"] == 3
    assert (table["added"] + table["updated"] + table["unchanged"] + table["rejected"] == table["rows_read"]).all()
    again = retry_rejected(engine, wider, first, as_of=as_of)
    assert (again.tried, again.accepted, again.batch_id) == (3, 0, None)


def test_a_mended_list_comes_in_as_a_batch_of_its_own_that_names_the_first(engine, places, first, tmp_path, as_of):
    text = rejected_csv(engine, first).decode("utf-8-sig").replace("昨天", "2026-11-07 08:00:00")
    path = tmp_path / "改正.csv"
    path.write_text(text, encoding="utf-8")
    batch, solved = import_mended(engine, places, Delivery(path, "hotline", Datum.WGS84), corrects=first, as_of=as_of)
    assert (batch.added, batch.rejected, solved) == (1, 3, 1)
    assert stored(engine) == ["A1", "A2"]
    table = list_batches(engine, BatchFilter(kind="mended"))
    assert table["corrects"].tolist() == [first]
    assert len(unsolved_rows(engine, first)) == 3
    repeated, solved = import_mended(
        engine, places, Delivery(path, "hotline", Datum.WGS84), corrects=first, as_of=as_of
    )
    assert repeated.repeat_of == batch.id
    assert solved == 0


def test_batches_are_listed_by_kind_source_and_what_is_left_to_do(engine, places, first, tmp_path, as_of):
    path = tmp_path / "b.csv"
    path.write_text(FEED.splitlines()[0] + "\nB1,邻里,2026-11-05 10:00:00,620102\n", encoding="utf-8")
    import_file(engine, places, Delivery(path, "police", Datum.WGS84), as_of=as_of)
    assert len(list_batches(engine, BatchFilter())) == 2
    assert list_batches(engine, BatchFilter(source="police"))["file_name"].tolist() == ["b.csv"]
    assert list_batches(engine, BatchFilter(unsolved_only=True))["id"].tolist() == [first]
    assert list_batches(engine, BatchFilter(kind="http")).empty


def test_rejected_rows_are_counted_by_reason_without_their_values(engine, first, as_of):
    table = rejected_by_reason(engine, since=0)
    assert table["rows"].sum() == 4
    assert ("hotline", "受理时间", "日期写法不认识") in set(
        table[["source", "column", "reason"]].itertuples(index=False, name=None)
    )
    assert rejected_by_reason(engine, since=int(as_of.timestamp()) + 1).empty


def test_a_batch_that_is_not_there_is_refused(engine, places, as_of):
    with pytest.raises(UnknownBatchError, match="没有第 7 批"):
        retry_rejected(engine, places, 7, as_of=as_of)


def test_a_retry_is_simulated_where_the_first_batch_was(engine, places, wider, tmp_path, as_of):
    path = tmp_path / "demo.csv"
    path.write_text(FEED, encoding="utf-8")
    delivery = replace(Delivery(path, "hotline", Datum.WGS84), simulated=True)
    first = import_file(engine, places, delivery, as_of=as_of)
    retry_rejected(engine, wider, first.id, as_of=as_of)
    with engine.connect() as connection:
        assert connection.execute(select(batches.c.simulated)).scalars().all() == [True, True]


def test_rows_are_read_again_as_their_own_feed_writes(engine, places, wider, tmp_path, as_of):
    shipped = profile_of("hotline", Datum.WGS84)
    own = replace(shipped, words={**shipped.words, "dispute_type": {"扯皮": "D02"}})
    path = tmp_path / "own.csv"
    path.write_text("编号,纠纷类型,受理时间,区划代码\nB1,扯皮,2026-11-06 10:00:00,620199\n", encoding="utf-8")
    batch = import_file(engine, places, Delivery(path, "hotline", Datum.WGS84, profile=own), as_of=as_of)
    assert batch.rejected == 1
    assert retry_rejected(engine, wider, batch.id, as_of=as_of, profiles={"hotline": own}).accepted == 1
    with engine.connect() as connection:
        assert connection.execute(select(incidents.c.dispute_type)).scalars().all() == ["D02"]
