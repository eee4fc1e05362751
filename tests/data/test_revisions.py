"""Stores of earlier releases get to this one and back with all they hold."""

import shutil
import threading

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, inspect, select, text

from data.engines import make_engine
from data.revisions import (
    FIRST,
    FOLDER,
    UnknownRevisionError,
    bring_up_to_date,
    differences,
    move_to,
    newest_revision,
    revision_of,
    write_revision,
)
from data.segments import read_manifest
from data.settings import Settings
from data.store import PoolUnavailableError, add_rows, open_store, writing
from data.tables import metadata
from tests.data.conftest import STORES

ROWS = 400


@pytest.fixture(params=STORES)
def empty(request, tmp_path):
    """Settings of a store without any table."""
    if request.param == "sqlite":
        yield Settings(var=tmp_path / "var")
        return
    server = request.getfixturevalue("postgresql")
    database = server.new_database("template0")
    yield Settings(var=tmp_path / "var", database_url=server.url(database))
    server.drop(database)


@pytest.fixture
def first(empty):
    """Settings of a store of the first release, which does not say so, with incidents that were corrected."""
    engine = make_engine(empty)
    with writing(engine) as connection:
        move_to(connection, FIRST)
        connection.execute(text("DROP TABLE alembic_version"))
    tables = MetaData()
    tables.reflect(engine)
    now, log = first_rows(np.random.default_rng(3))
    with writing(engine) as connection:
        add_rows(connection, tables.tables["incidents"], now)
        add_rows(connection, tables.tables["changes"], log)
        connection.execute(
            tables.tables["segments"].insert(),
            {"file_name": "a.parquet", "first_position": 1, "last_position": 9, "rows": 9}
            | {"size": 1, "file_hash": "", "published_at": 0},
        )
    engine.dispose()
    return empty


def first_rows(rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    accepted = rng.integers(1_760_000_000, 1_764_000_000, ROWS)
    closed = pd.Series(accepted + 86400).where(pd.Series(rng.random(ROWS) < 0.5))
    facts = pd.DataFrame(
        {
            "source": "hotline",
            "dispute_type": rng.choice(["D01", "D06"], ROWS),
            "sub_source": None,
            "channel": "none",
            "status": rng.choice(["accepted", "closed"], ROWS),
            "outcome": None,
            "scale": None,
            "resolved_level": None,
            "occurred_at": accepted,
            "accepted_at": accepted,
            "closed_at": closed,
            "place": rng.choice([620102001001001, 620201000000000], ROWS),
            "cell": 0,
            "located_by": 1,
            "conflict": False,
        }
    )
    ids = np.arange(1, ROWS + 1)
    now = facts.assign(id=ids, external_id=[f"号{n}" for n in ids], longitude=103.5, latitude=np.nan, batch_id=1)
    corrected = facts[: ROWS // 4]
    before = corrected.assign(status="accepted", place=620102002001001)
    parts = [(before, 1), (facts[ROWS // 4 :], 1), (before, -1), (corrected, 1)]
    log = pd.concat([part.assign(incident_id=ids[part.index], weight=weight) for part, weight in parts])
    return now, log.assign(batch_id=1, recorded_at=1_764_000_000)


def rows_of(settings: Settings, columns: dict[str, list[str]]) -> dict[str, list]:
    """Rows of some columns of some tables, sorted."""
    engine = make_engine(settings)
    tables = MetaData()
    tables.reflect(engine)
    found = {}
    with engine.connect() as connection:
        for name, wanted in columns.items():
            query = select(*(tables.tables[name].c[column] for column in wanted))
            found[name] = sorted(map(str, connection.execute(query)))
    engine.dispose()
    return found


def columns_of(settings: Settings) -> dict[str, list[str]]:
    engine = make_engine(settings)
    found = inspect(engine)
    columns = {name: [column["name"] for column in found.get_columns(name)] for name in found.get_table_names()}
    engine.dispose()
    return columns


def move(settings: Settings, target: str) -> None:
    engine = make_engine(settings)
    with writing(engine) as connection:
        move_to(connection, target)
    engine.dispose()


def test_the_revisions_lead_to_the_tables_as_they_are(first):
    move(first, newest_revision())
    engine = make_engine(first)
    with engine.connect() as connection:
        found = differences(connection)
    engine.dispose()
    assert not found, "The tables changed: write a migration with `manage.py store revision MESSAGE` and read it over."


def test_a_new_store_has_the_tables_as_they_are(empty):
    engine = make_engine(empty)
    with writing(engine) as connection:
        assert bring_up_to_date(connection) is None
        assert revision_of(connection) == newest_revision()
        assert differences(connection) == []
    engine.dispose()


def test_up_and_down_and_up_again_keeps_every_row(first):
    columns = {name: kept for name, kept in columns_of(first).items() if name != "segments"}
    held = rows_of(first, columns)
    assert len(held["incidents"]) == ROWS
    move(first, newest_revision())
    assert rows_of(first, columns) == held
    move(first, FIRST)
    assert columns_of(first) == columns_of_first_release()
    assert rows_of(first, columns) == held
    move(first, newest_revision())
    assert rows_of(first, columns) == held


def columns_of_first_release() -> dict[str, list[str]]:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        move_to(connection, FIRST)
        found = inspect(connection)
        columns = {name: [column["name"] for column in found.get_columns(name)] for name in found.get_table_names()}
    engine.dispose()
    return columns


def test_an_older_store_that_is_opened_counts_as_it_did(first):
    columns = ("dispute_type", "place")
    before = "SELECT dispute_type, place, SUM(weight) FROM changes GROUP BY 1, 2 HAVING SUM(weight) <> 0"
    engine = make_engine(first)
    with engine.connect() as connection:
        held = {(kind, place): int(count) for kind, place, count in connection.execute(text(before))}
    engine.dispose()
    opened = open_store(first)
    found = pd.concat([pq.read_table(file).to_pandas() for file in read_manifest(opened, first).files])
    opened.dispose()
    counted = found.groupby(list(columns), observed=True)["weight"].sum()
    assert {key: int(count) for key, count in counted.items() if count} == held
    assert sum(held.values()) == ROWS


def test_an_upgrade_that_fails_leaves_the_older_store_as_it_was(first):
    engine = make_engine(first)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE api_keys (id INTEGER)"))
    before, held = columns_of(first), rows_of(first, {"segments": ["file_name"]})
    with pytest.raises(Exception, match="api_keys"), writing(engine) as connection:
        bring_up_to_date(connection)
    assert columns_of(first) == before
    assert rows_of(first, {"segments": ["file_name"]}) == held
    engine.dispose()


def test_a_store_of_a_newer_release_and_one_of_none_are_refused(empty):
    engine = make_engine(empty)
    with writing(engine) as connection:
        bring_up_to_date(connection)
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(PoolUnavailableError, match="9999"):
        open_store(empty)
    with writing(engine) as connection:
        connection.execute(text("DROP TABLE alembic_version"))
        with pytest.raises(UnknownRevisionError, match="未发布"):
            revision_of(connection)
    engine.dispose()


def test_a_revision_that_is_not_known_is_a_wrong_call(empty):
    engine = make_engine(empty)
    with writing(engine) as connection:
        bring_up_to_date(connection)
        with pytest.raises(ValueError, match="0001, 0002"):
            move_to(connection, "0815")
    engine.dispose()


def test_processes_that_open_an_older_store_at_once_upgrade_it_once(first, caplog):
    failed = []

    def open_it() -> None:
        try:
            open_store(first).dispose()
        except Exception as error:  # noqa: BLE001 - told by the assertion below
            failed.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len([record for record in caplog.records if "已从版本 0001 升级" in record.getMessage()]) == 1


def test_a_revision_is_written_for_what_changed(monkeypatch, tmp_path):
    folder = tmp_path / "migrations"
    shutil.copytree(FOLDER, folder)
    monkeypatch.setattr("data.revisions.FOLDER", folder)
    added = Table("new_table", metadata, Column("id", Integer, primary_key=True))
    try:
        file = write_revision("Something new")
    finally:
        metadata.remove(added)
    assert file.name == f"{int(newest_revision()) + 1:04d}_something_new.py"
    written = file.read_text(encoding="utf-8")
    assert '"""Something new."""' in written
    assert "new_table" in written
