"""One writer at a time, readers of one moment, many rows at once, and failures that say what became of the rows."""

import logging
import threading

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    func,
    insert,
    select,
    text,
)

from data import engines
from data.engines import make_engine
from data.settings import Settings
from data.store import PoolUnavailableError, add_rows, next_id, open_store, reading, writing
from data.tables import rejected

SECRET = "s3cr3t"  # noqa: S105 - of nobody

ON_POSTGRESQL = pytest.mark.parametrize("store", ["postgresql"], indirect=True)

things = Table(
    "things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("words", String),
    Column("whole", BigInteger),
    Column("part", Float(53)),
    Column("yes", Boolean),
    Column("bits", LargeBinary),
    Column("left out", String, server_default="as told"),
)


def one_row(**values: object) -> pd.DataFrame:
    return pd.DataFrame([{"batch_id": 1, "line": 1, "column": "", "reason": "", "row": "{}"} | values])


def lines(connection) -> list[int]:
    return list(connection.execute(select(rejected.c.line).order_by(rejected.c.id)).scalars())


@pytest.mark.parametrize("broken", [False, True])
def test_rows_come_back_as_they_went_in(engine, broken):
    words = ["", None, 'a "quote", a comma', "back\\slash \\N \\.", "汉字 😀", " ", "NULL"]
    words[0 if broken else 5] = "one\n\\.\ntwo\r\nthree" if broken else "tab\t"
    size = len(words)
    rows = pd.DataFrame(
        {
            "yes": pd.Series([True, None, False] + [True] * (size - 3), dtype="object"),
            "words": words,
            "id": range(1, size + 1),
            "whole": [1.0, np.nan, -(2.0**40)] + [7.0] * (size - 3),
            "part": [0.1, np.nan, 1e-300, -1.7976931348623157e308] + [1 / 3] * (size - 4),
            "bits": [b"\x00\xff", None] + [b"\\"] * (size - 2),
        }
    )
    with writing(engine) as connection:
        things.create(connection)
        add_rows(connection, things, rows)
        found = connection.execute(select(things).order_by(things.c.id)).all()
    assert [row.words for row in found] == words
    assert [row.whole for row in found] == [1, None, -(2**40)] + [7] * (size - 3)
    assert [row.part for row in found] == [0.1, None, 1e-300, -1.7976931348623157e308] + [1 / 3] * (size - 4)
    assert [row.yes for row in found] == rows["yes"].tolist()
    assert [row.bits for row in found] == rows["bits"].tolist()
    assert {row[-1] for row in found} == {"as told"}


def test_a_transaction_that_fails_leaves_none_of_its_rows(engine):
    def write(reason: str | None, *, divisor: int = 1) -> None:
        with writing(engine) as connection:
            add_rows(connection, rejected, one_row())
            add_rows(connection, rejected, one_row(reason=reason, line=1 // divisor))

    with pytest.raises(ZeroDivisionError):
        write("", divisor=0)
    with pytest.raises(Exception, match=r"(?i)not null|null value"):
        write(None)
    with reading(engine) as connection:
        assert lines(connection) == []


def test_writers_take_turns_and_each_sees_what_the_one_before_left(engine):
    def write() -> None:
        for _ in range(5):
            with writing(engine) as connection:
                number = next_id(connection, rejected)
                add_rows(connection, rejected, one_row(id=number, line=number))

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with reading(engine) as connection:
        assert lines(connection) == list(range(1, 21))


def test_a_reader_sees_one_moment_however_long_it_reads(engine):
    with reading(engine) as connection:
        assert lines(connection) == []
        with writing(engine) as other:
            add_rows(other, rejected, one_row())
        assert lines(connection) == []
    with reading(engine) as connection:
        assert lines(connection) == [1]


def test_a_writer_waits_only_so_long_for_its_turn(settings, engine, monkeypatch):
    monkeypatch.setattr(engines, "PATIENCE", 1)
    impatient = make_engine(settings)
    with writing(engine), pytest.raises(PoolUnavailableError, match="没有留下"), writing(impatient):
        pass
    impatient.dispose()


@ON_POSTGRESQL
def test_positions_of_the_log_never_appear_behind_a_reader(engine):
    """A sequence gives numbers before the commit; only writers who take turns make them appear in order."""
    first_wrote, let_go = threading.Event(), threading.Event()

    def first() -> None:
        with writing(engine) as connection:
            add_rows(connection, rejected, one_row(line=10))
            first_wrote.set()
            let_go.wait(10)

    def second() -> None:
        with writing(engine) as connection:
            add_rows(connection, rejected, one_row(line=20))

    one = threading.Thread(target=first)
    one.start()
    first_wrote.wait(10)
    two = threading.Thread(target=second)
    two.start()
    two.join(0.2)
    with reading(engine) as connection:
        assert lines(connection) == []
    let_go.set()
    one.join()
    two.join()
    with reading(engine) as connection:
        assert lines(connection) == [10, 20]


@ON_POSTGRESQL
def test_a_server_that_restarts_within_a_transaction_keeps_nothing_of_it(engine, postgresql):
    def restart_while(hold, then) -> None:
        with hold(engine) as connection:
            then(connection)
            postgresql.stop(mode="immediate")
            postgresql.start()
            then(connection)

    with pytest.raises(PoolUnavailableError, match="没有留下其中任何内容"):
        restart_while(writing, lambda connection: add_rows(connection, rejected, one_row()))
    with pytest.raises(PoolUnavailableError):
        restart_while(reading, lines)
    with writing(engine) as connection:
        assert lines(connection) == []
        add_rows(connection, rejected, one_row())
    with reading(engine) as connection:
        assert lines(connection) == [1]


@ON_POSTGRESQL
def test_a_commit_that_breaks_off_is_not_called_undone(engine):
    def break_off(connection) -> None:
        own = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:own, 5000)"), {"own": own})

    with pytest.raises(PoolUnavailableError, match="不能确定"), writing(engine) as connection:
        break_off(connection)


@ON_POSTGRESQL
def test_a_server_that_is_down_is_told_without_the_password(postgresql, store, caplog, tmp_path):
    caplog.set_level(logging.DEBUG)
    database = store.rpartition("/")[2].partition("?")[0]
    for url in (
        f"postgresql://nobody:{SECRET}@/{database}?host={postgresql.folder}",  # no such user
        f"postgresql://owner:{SECRET}@/{database}?host={tmp_path}",  # no server
        f"postgresql://owner:{SECRET}@127.0.0.1:1/{database}",
    ):
        settings = Settings(var=tmp_path, database_url=url)
        with pytest.raises(PoolUnavailableError) as raised:
            open_store(settings)
        assert SECRET not in str(raised.value) + repr(settings) + repr(make_engine(settings)) + caplog.text


@pytest.mark.parametrize(
    "url",
    [
        f"mysql://a:{SECRET}@b/c",
        f"postgresql://a:{SECRET}@host:port/c",
        f"postgresql://a:x@{SECRET}@host/c",
        SECRET,
    ],
)
def test_a_url_of_no_store_is_refused_without_repeating_it(url, tmp_path):
    with pytest.raises(PoolUnavailableError, match=r"postgresql://用户:密码@主机") as raised:
        open_store(Settings(var=tmp_path, database_url=url))
    assert SECRET not in str(raised.value)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_every_usual_way_to_write_the_scheme_is_taken(scheme, tmp_path):
    engine = make_engine(Settings(var=tmp_path, database_url=f"{scheme}://a:b@c/d"))
    assert engine.dialect.driver == "psycopg"


@ON_POSTGRESQL
def test_a_role_that_may_only_read_reads_and_is_told_why_it_cannot_write(engine, postgresql, settings):
    database = engine.url.database
    postgresql.execute("DROP ROLE IF EXISTS looker")
    postgresql.execute("CREATE ROLE looker LOGIN")
    postgresql.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO looker", database)
    try:
        looker = open_store(Settings(var=settings.var, database_url=postgresql.url(database, user="looker")))
        with reading(looker) as connection:
            assert lines(connection) == []
        with pytest.raises(PoolUnavailableError, match="permission denied"), writing(looker) as connection:
            connection.execute(insert(rejected).values(one_row().to_dict("records")))
        looker.dispose()
    finally:
        postgresql.execute("DROP OWNED BY looker", database)
        postgresql.execute("DROP ROLE looker")


def test_failures_do_not_carry_rows_into_messages(engine):
    name = "张三的电话"
    with pytest.raises(PoolUnavailableError) as raised, reading(engine) as connection:
        connection.execute(select(func.abs(rejected.c.line), text("no_such_column")).where(rejected.c.row == name))
    assert name not in str(raised.value)
