from dataclasses import replace

import pandas as pd
import pytest
from sqlalchemy import create_engine, func, select, text

from data.feeds.profile import PullSettings
from data.feeds.profiles import profile_of
from data.feeds.pulling import pull, watermark_of
from data.feeds.remote_view import PullError
from data.tables import batches, incidents, rejected
from data.tables.links import batch_notes
from geo.datum import Datum

AT = pd.Timestamp("2026-11-25 09:42", tz="Asia/Shanghai")
SETTINGS = PullSettings("FEED_URL", "工单 视图", None, "更新 时间", "time", 0, 2)
PROFILE = replace(profile_of("hotline", Datum.WGS84), pull=SETTINGS)


class Remote:
    """Another office's database, with a view of awkward names."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = create_engine(url)
        self.run(
            "CREATE TABLE orders (id VARCHAR(9), kind VARCHAR(9), at TIMESTAMP, phone VARCHAR(9), changed TIMESTAMP)",
            'CREATE VIEW "工单 视图" AS SELECT id AS "编号", kind AS "纠纷类型", at AS "受理时间", '
            'phone AS "联系电话", changed AS "更新 时间" FROM orders',
        )

    def run(self, *statements: str) -> None:
        with self.engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))

    def put(self, number: str, changed: str, kind: str = "邻里") -> None:
        self.run(
            f"DELETE FROM orders WHERE id = '{number}'",  # noqa: S608 - the test's own numbers
            f"INSERT INTO orders VALUES ('{number}', '{kind}', '2026-11-01 10:00:00', '139', '2026-11-20 {changed}')",  # noqa: S608 - as above
        )


@pytest.fixture
def remote(store, request, tmp_path):
    """On the same kind of database as the record store."""
    if not store:
        remote = Remote(f"sqlite:///{tmp_path / 'remote.sqlite'}")
    else:
        server = request.getfixturevalue("postgresql")
        name = server.new_database()
        remote = Remote(server.url(name))
    yield remote
    remote.engine.dispose()
    if store:
        server.drop(name)


def ids(engine) -> list[str]:
    with engine.connect() as connection:
        return sorted(connection.execute(select(incidents.c.external_id)).scalars())


def moment(text_: str) -> int:
    return (pd.Timestamp(f"2026-11-20 {text_}") - pd.Timestamp(0)) // pd.Timedelta("1us")


def test_a_pull_brings_what_is_new_since_the_last_one_and_only_named_columns(engine, store, places, remote):
    for number, changed in (("A1", "10:00:00"), ("A2", "10:00:01"), ("A3", "10:00:02")):
        remote.put(number, changed)
    done = pull(engine, places, PROFILE, remote.url, as_of=AT)
    assert (done.rows_read, done.written.added, done.dropped_columns) == (3, 3, ("联系电话",))
    assert watermark_of(engine, "hotline") == done.watermark == moment("10:00:02")
    remote.put("A4", "10:00:03")
    done = pull(engine, places, PROFILE, remote.url, as_of=AT)
    assert (done.rows_read, done.written.added, done.written.unchanged) == (2, 1, 1)
    assert ids(engine) == ["A1", "A2", "A3", "A4"]


def test_rows_that_share_the_last_watermark_are_not_missed(engine, store, places, remote):
    remote.put("A1", "10:00:00.250000")
    pull(engine, places, PROFILE, remote.url, as_of=AT)
    remote.put("A2", "10:00:00.250000")
    assert pull(engine, places, PROFILE, remote.url, as_of=AT).written.added == 1
    assert ids(engine) == ["A1", "A2"]


def test_a_row_that_shows_late_is_found_within_the_overlap(engine, store, places, remote):
    remote.put("A1", "10:05:00")
    pull(engine, places, PROFILE, remote.url, as_of=AT)
    remote.put("A2", "10:01:00")
    assert pull(engine, places, PROFILE, remote.url, as_of=AT).written.added == 0
    wide = replace(PROFILE, pull=replace(SETTINGS, overlap=300))
    done = pull(engine, places, wide, remote.url, as_of=AT)
    assert done.written.added == 1
    assert done.watermark == moment("10:05:00")


def test_a_pull_that_brings_nothing_new_leaves_no_batch(engine, store, places, remote):
    remote.put("A1", "10:00:00")
    first = pull(engine, places, PROFILE, remote.url, as_of=AT)
    assert len(first.batches) == 1
    assert pull(engine, places, PROFILE, remote.url, as_of=AT).batches == []
    with engine.connect() as connection:
        rows = connection.execute(
            select(batches.c.file_name, batch_notes.c.kind).join(batch_notes, batch_notes.c.batch_id == batches.c.id)
        ).all()
    assert [tuple(row) for row in rows] == [("拉取 hotline 2026-11-25 09:42", "pull")]


def test_a_rejected_row_is_kept_once_however_often_it_is_read_again(engine, store, places, remote):
    remote.put("=A1", "10:00:00")
    for _ in range(2):
        done = pull(engine, places, PROFILE, remote.url, as_of=AT)
        assert (done.rows_read, done.rejected) == (1, 1)
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(rejected)).scalar_one() == 1


def test_a_pull_that_is_broken_off_goes_on_where_the_last_part_was_stored(engine, store, places, remote, monkeypatch):
    for number in range(5):
        remote.put(f"A{number}", f"10:00:0{number}")
    calls = []

    def store_two_parts(*given, **named):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return record(*given, **named)

    from data.feeds import pulling

    record = pulling.record_batch
    monkeypatch.setattr(pulling, "record_batch", store_two_parts)
    with pytest.raises(KeyboardInterrupt):
        pull(engine, places, PROFILE, remote.url, as_of=AT)
    assert ids(engine) == ["A0", "A1", "A2", "A3"]
    assert watermark_of(engine, "hotline") == moment("10:00:03")
    monkeypatch.undo()
    done = pull(engine, places, PROFILE, remote.url, as_of=AT)
    assert (done.rows_read, done.written.added) == (2, 1)
    assert ids(engine) == [f"A{number}" for number in range(5)]


def test_a_watermark_in_the_future_does_not_hide_what_comes_after(engine, store, places, remote):
    remote.put("A1", "10:00:00")
    remote.run("UPDATE orders SET changed = '2199-01-01 00:00:00'")
    done = pull(engine, places, PROFILE, remote.url, as_of=AT)
    assert done.watermark == (AT.tz_localize(None) - pd.Timestamp(0)) // pd.Timedelta("1us")


def test_a_number_may_be_the_watermark(engine, store, places, remote):
    remote.run(
        'CREATE VIEW counted AS SELECT id AS "编号", kind AS "纠纷类型", at AS "受理时间", '
        "CAST(substr(id, 2) AS INTEGER) AS serial FROM orders"
    )
    by_number = replace(PROFILE, pull=replace(SETTINGS, view="counted", watermark="serial", watermark_kind="number"))
    remote.put("A1", "10:00:00")
    remote.put("A7", "10:00:00")
    assert pull(engine, places, by_number, remote.url, as_of=AT).watermark == 7
    remote.put("A8", "10:00:00")
    done = pull(engine, places, by_number, remote.url, as_of=AT)
    assert (done.written.added, done.watermark) == (1, 8)


def test_what_is_wrong_is_told_without_the_address(engine, store, places, remote):
    for settings, said in (
        (replace(SETTINGS, view="nothing"), "nothing"),
        (replace(SETTINGS, watermark="version"), "没有水位列 version"),
        (replace(SETTINGS, view="orders"), "表头里没有找到必需的列"),
    ):
        with pytest.raises(PullError, match=said) as error:
            pull(engine, places, replace(PROFILE, pull=settings), remote.url, as_of=AT)
        assert remote.url not in str(error.value)
    remote.put("A1", "10:00:00")
    by_number = replace(PROFILE, pull=replace(SETTINGS, watermark="纠纷类型", watermark_kind="number"))
    with pytest.raises(PullError, match="“邻里”不是整数"):
        pull(engine, places, by_number, remote.url, as_of=AT)


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_an_address_that_can_not_be_reached_does_not_give_its_password_away(engine, places):
    for url in ("nonsense secret", "postgresql+psycopg://spy:secret@127.0.0.1:1/hidden", "oracle://spy:secret@h/x"):
        with pytest.raises(PullError) as error:
            pull(engine, places, PROFILE, url, as_of=AT)
        for word in ("secret", "spy", "hidden", "127.0.0.1"):
            assert word not in str(error.value)
        assert error.value.__cause__ is None
