import json

import pandas as pd
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import event, func, select

from data.batch_import import Delivery, import_file
from data.batches import recent_batches
from data.readers.errors import EmptyFileError, UnknownColumnsError
from data.store import PoolUnavailableError
from data.tables import FACTS, batches, changes, incidents, metadata, rejected
from geo.datum import Datum
from tests.examples import few

HEADER = "编号,纠纷类型,状态,受理时间,区划代码,经度,纬度,当事人"


def csv(tmp_path, *rows: str, name: str = "feed.csv"):
    path = tmp_path / name
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return Delivery(path, "hotline", Datum.WGS84)


def row(identity: str, status: str = "受理", place: str = "620102", x: str = "103.5", y: str = "36.5") -> str:
    return f"{identity},邻里,{status},2026-11-01 10:00:00,{place},{x},{y},某人"


def table(engine, source) -> pd.DataFrame:
    with engine.connect() as connection:
        rows = connection.execute(select(source).order_by(*source.primary_key.columns))
        return pd.DataFrame(rows.mappings().all())


def summed(engine) -> pd.DataFrame:
    """Facts that hold according to the log: groups whose weights do not cancel."""
    with engine.connect() as connection:
        columns = [changes.c.incident_id, *(changes.c[name] for name in FACTS)]
        weight = func.sum(changes.c.weight).label("weight")
        rows = connection.execute(select(*columns, weight).group_by(*columns)).mappings().all()
    found = pd.DataFrame(rows)
    return found[found["weight"] != 0].sort_values("incident_id").reset_index(drop=True)


def test_a_file_is_stored_with_its_log_and_its_wrong_rows(engine, places, tmp_path, as_of):
    batch = import_file(engine, places, csv(tmp_path, row("1"), row("2", place="629999"), "3,邻里"), as_of=as_of)
    assert (batch.rows_read, batch.added, batch.rejected) == (3, 1, 2)
    assert batch.dropped_columns == ("当事人",)
    kept = table(engine, incidents)
    assert kept["place"].tolist() == [620102001001001]
    assert table(engine, changes)["weight"].tolist() == [1]
    wrong = table(engine, rejected)
    assert wrong[["line", "column", "reason"]].to_numpy().tolist() == [
        [3, "区划代码", "没有这个代码:“629999”"],
        [4, "", "这一行有 2 列,表头有 8 列"],
    ]
    assert "某人" not in "".join(wrong["row"])
    assert json.loads(wrong["row"].iloc[0])["division_code"] == "629999"


def test_the_same_file_twice_adds_nothing(engine, places, tmp_path, as_of):
    first = import_file(engine, places, csv(tmp_path, row("1"), row("2")), as_of=as_of)
    again = import_file(engine, places, csv(tmp_path, row("1"), row("2"), name="copy.csv"), as_of=as_of)
    assert again.repeat_of == first.id
    assert (again.added, again.unchanged) == (0, 2)
    assert len(table(engine, incidents)) == len(table(engine, changes)) == 2
    assert len(table(engine, batches)) == 1


def test_a_later_row_updates_and_the_log_cancels_what_it_replaced(engine, places, tmp_path, as_of):
    import_file(engine, places, csv(tmp_path, row("1"), row("2")), as_of=as_of)
    later = csv(tmp_path, row("1", "调处中"), row("2"), row("3"), row("3", "督办"), row("3", "督办"), name="b.csv")
    batch = import_file(engine, places, later, as_of=as_of)
    assert (batch.added, batch.updated, batch.unchanged, batch.rejected) == (1, 2, 2, 0)
    assert table(engine, incidents)["status"].tolist() == ["mediating", "accepted", "supervised"]
    assert summed(engine)["status"].tolist() == ["mediating", "accepted", "supervised"]


def test_a_file_that_turns_out_broken_leaves_nothing_behind(engine, places, tmp_path, as_of, monkeypatch):
    monkeypatch.setattr("data.readers.csv_file.BLOCK_BYTES", 4096)
    rows = [row(str(number)) for number in range(400)]
    broken = csv(tmp_path, *rows, row("x" * 9000), *rows)
    with pytest.raises(ValueError, match="一行超过"):
        import_file(engine, places, broken, as_of=as_of)
    assert table(engine, incidents).empty
    assert table(engine, batches).empty


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_full_disk_leaves_nothing_behind_and_is_told(engine, places, tmp_path, as_of):
    import_file(engine, places, csv(tmp_path, row("1")), as_of=as_of)
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA max_page_count=40"))
    engine.dispose()  # connections opened from now on have no room
    many = csv(tmp_path, *(row(f"n{number}") for number in range(3000)), name="many.csv")
    with pytest.raises(PoolUnavailableError, match="full"):
        import_file(engine, places, many, as_of=as_of)
    assert table(engine, incidents)["external_id"].tolist() == ["1"]
    assert len(table(engine, changes)) == len(table(engine, batches)) == 1


def test_a_store_that_does_not_answer_is_told_as_such(engine):
    metadata.drop_all(engine)
    with pytest.raises(PoolUnavailableError):
        recent_batches(engine)


def test_a_header_alone_and_a_wrong_header_are_errors(engine, places, tmp_path, as_of):
    with pytest.raises(EmptyFileError, match="没有数据行"):
        import_file(engine, places, csv(tmp_path), as_of=as_of)
    path = tmp_path / "b.csv"
    path.write_text("姓名,电话\n张,1\n", encoding="utf-8")
    with pytest.raises(UnknownColumnsError):
        import_file(engine, places, Delivery(path, "hotline", Datum.WGS84), as_of=as_of)


def test_an_unknown_source_is_a_wrong_call(tmp_path):
    with pytest.raises(ValueError, match="expected a source"):
        Delivery(tmp_path / "a.csv", "fax", Datum.WGS84)


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["1", "2", "3", ""]),
        st.sampled_from(["受理", "调处中", "督办", "?"]),
        st.sampled_from(["620102", "620171", "62", "", "999999"]),
        st.sampled_from(["103.5", "104.5", "0", ""]),
    ),
    min_size=1,
    max_size=8,
)


@examples(max_examples=few(20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=st.lists(ROWS, min_size=1, max_size=3))
def test_every_row_read_is_accounted_for_and_the_log_sums_to_the_current_rows(engine, places, tmp_path, as_of, files):
    for rows in files:
        lines = [row(identity, status, place, x, "36.5" if x else "") for identity, status, place, x in rows]
        batch = import_file(engine, places, csv(tmp_path, *lines), as_of=as_of)
        assert batch.added + batch.updated + batch.unchanged + batch.rejected == batch.rows_read == len(rows)
    now = table(engine, incidents)
    if len(now):
        current = now.rename(columns={"id": "incident_id"})[["incident_id", *FACTS]]
        logged = summed(engine)[["incident_id", *FACTS]]
        pd.testing.assert_frame_equal(current.reset_index(drop=True), logged, check_dtype=False)
