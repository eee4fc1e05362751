"""Files as they come when something went wrong on the way: each is taken row by row or refused, and never half."""

import zipfile

import pandas as pd
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import func, select

from data.batch_import import Delivery, import_file, import_files
from data.readers.errors import BadFileError, UnreadableFileError
from data.tables import batches, changes, incidents, rejected
from geo.datum import Datum
from tests.examples import few

HEADER = "编号,纠纷类型,状态,受理时间,区划代码,经度,纬度"


def row(identity, moment="2026-11-01 10:00:00", x="103.5", y="36.5") -> str:
    return f"{identity},邻里,受理,{moment},620102,{x},{y}"


WHOLE = "\n".join([HEADER, *(row(number) for number in range(12))]).encode()


def deliver(path, content: bytes, source="hotline") -> Delivery:
    path.write_bytes(content)
    return Delivery(path, source, Datum.WGS84)


def stored(engine) -> tuple[int, ...]:
    """Rows in the tables that a file writes to."""
    with engine.connect() as connection:
        tables = (incidents, changes, rejected, batches)
        return tuple(connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables)


def take(engine, places, delivery, as_of) -> None:
    """Import a file; whatever is in it, its rows add up, or nothing at all was stored."""
    before = stored(engine)
    try:
        batch = import_file(engine, places, delivery, as_of=as_of)
    except BadFileError:
        assert stored(engine) == before
        return
    assert batch.rows_read == batch.added + batch.updated + batch.unchanged + batch.rejected
    if batch.repeat_of is None:
        assert stored(engine)[0] - before[0] == batch.added
        assert stored(engine)[2] - before[2] == batch.rejected


@examples(max_examples=few(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cut=st.integers(0, len(WHOLE)),
    at=st.integers(0, len(WHOLE)),
    put=st.binary(max_size=6) | st.sampled_from([b"\x00", b'"', "张".encode("gb18030"), "张".encode(), b"\r", b"\xff"]),
)
def test_a_file_cut_off_or_spoilt_anywhere_adds_up_or_leaves_nothing(engine, places, tmp_path, as_of, cut, at, put):
    content = WHOLE[:at] + put + WHOLE[at:]
    take(engine, places, deliver(tmp_path / "feed.csv", content[: max(cut, 1)]), as_of)


@examples(max_examples=few(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(min_size=1, max_size=200), ending=st.sampled_from([".csv", ".xlsx", ".parquet"]))
def test_garbage_is_refused_whatever_it_is_called(engine, places, tmp_path, as_of, content, ending):
    delivery = deliver(tmp_path / f"feed{ending}", content)
    with pytest.raises(BadFileError):
        import_file(engine, places, delivery, as_of=as_of)
    assert stored(engine) == (0, 0, 0, 0)


def test_a_parquet_file_cut_off_is_refused(engine, places, tmp_path, as_of):
    path = tmp_path / "feed.parquet"
    pd.DataFrame({"编号": ["1"], "纠纷类型": ["邻里"], "受理时间": ["2026-11-01"]}).to_parquet(path)
    with pytest.raises(UnreadableFileError, match="Parquet"):
        import_file(engine, places, deliver(path, path.read_bytes()[:-20]), as_of=as_of)


def test_wrong_rows_are_told_one_by_one_and_the_others_come_in(engine, places, tmp_path, as_of):
    rows = [
        row("good"),
        row("swapped", x="36.5", y="103.5"),
        row("zero", x="0", y="0"),
        row("old", moment="1899-12-30 00:00:00"),
        row("far", moment="2199-01-01 00:00:00"),
        row("nul\x00"),
    ]
    batch = import_file(engine, places, deliver(tmp_path / "a.csv", "\n".join([HEADER, *rows]).encode()), as_of=as_of)
    assert (batch.rows_read, batch.added, batch.rejected) == (6, 1, 5)
    with engine.connect() as connection:
        told = connection.execute(select(rejected.c.line, rejected.c.reason).order_by(rejected.c.line)).all()
    assert [line for line, _ in told] == [3, 4, 5, 6, 7]
    for (_, reason), says in zip(told, ("写反", "为 0", "2000 年", "当前时间", "控制字符"), strict=True):
        assert says in reason


def test_a_file_in_two_encodings_is_refused(engine, places, tmp_path, as_of):
    content = WHOLE + "\n13,邻里,受理,2026-11-01,620102,,\n".encode("gb18030") + b"\xff\xff"
    with pytest.raises(UnreadableFileError, match="编码"):
        import_file(engine, places, deliver(tmp_path / "a.csv", content), as_of=as_of)


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_workbook_that_unpacks_to_far_more_than_it_is_is_refused(engine, places, tmp_path, as_of):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(1 << 20))
    content = bytearray(path.read_bytes())
    size = content.rindex(b"PK\x01\x02") + 24  # where the directory states how large the sheet will be
    content[size : size + 4] = (3 << 30).to_bytes(4, "little")
    with pytest.raises(UnreadableFileError, match=r"3\.0 GB,超过 1 GB 的上限"):
        import_file(engine, places, deliver(path, bytes(content)), as_of=as_of)


def test_of_several_files_a_bad_one_keeps_none_of_the_others_from_coming_in(engine, places, tmp_path, as_of):
    first = deliver(tmp_path / "1.csv", WHOLE)
    bad = deliver(tmp_path / "2.csv", b"\x81\x20\xff\xff")
    again = deliver(tmp_path / "3.csv", WHOLE)
    last = deliver(tmp_path / "4.csv", "\n".join([HEADER, row("x")]).encode())
    done = dict(import_files(engine, places, [first, bad, again, last], as_of=as_of))
    assert isinstance(done[bad], UnreadableFileError)
    assert (done[first].added, done[again].repeat_of, done[last].added) == (12, done[first].id, 1)
    assert list(tmp_path.glob("**/import-*")) == []
