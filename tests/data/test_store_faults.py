"""What an import and a publication come to when servers restart, processes race and clocks are set back."""

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import event, func, select

from data import arrow_reading
from data.batch_import import Delivery, import_file
from data.segments import publish, read_manifest
from data.store import PoolUnavailableError
from data.tables import batches, changes, incidents, rejected
from geo.datum import Datum

ROOT = Path(__file__).resolve().parents[2]
ROWS = 300
TABLES = (incidents, changes, batches, rejected)
HEADER = "编号,纠纷类型,受理时间,区划代码"

IMPORT = """
import json, sys
from pathlib import Path
import numpy as np, pandas as pd
from data import arrow_reading
from data.batch_import import Delivery, import_file
from data.places import known_places
from data.segments import publish
from data.settings import Settings
from data.store import open_store
from geo.datum import Datum

class Nowhere:
    def locate(self, longitude, latitude):
        return np.zeros(len(longitude), dtype="int64")

settings = Settings(var=Path(sys.argv[1]), database_url=sys.argv[2])
engine = open_store(settings)
codes, drawn = pd.Series(["62", "620102"]), pd.Series([True, True])
places = known_places(codes, drawn, root="62", bounds=(92, 32, 109, 43), locator=Nowhere())
now = pd.Timestamp("2026-11-25", tz="Asia/Shanghai")
sys.stdin.readline()  # all that take part have got here
done = []
for path in sys.argv[3:]:
    batch = import_file(engine, places, Delivery(Path(path), "hotline", Datum.WGS84), as_of=now)
    done.append({"added": batch.added, "repeat": batch.repeat_of is not None, "published": publish(engine, settings)})
print(json.dumps(done))
"""


def feed(folder: Path, name: str, rows: int = ROWS) -> Path:
    lines = [HEADER, *(f"{name}-{number},邻里,2026-01-02 03:04:05,620102" for number in range(rows))]
    (folder / f"{name}.csv").write_text("\n".join(lines), encoding="utf-8")
    return folder / f"{name}.csv"


def rows_in(engine) -> dict[str, int]:
    with engine.connect() as connection:
        tables = (incidents, changes, batches, rejected)
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables
        }


def race(settings, files: list[Path], *, racers: int) -> list[list[dict]]:
    """Let processes import and publish the same files at the same time; what each said of each file."""
    command = [sys.executable, "-c", IMPORT, str(settings.var), settings.database_url, *map(str, files)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    running = [subprocess.Popen(command, cwd=ROOT, **pipes) for _ in range(racers)]
    for process in running:
        process.stdin.write("\n")
    said = [process.communicate()[0] for process in running]
    assert [process.returncode for process in running] == [0] * racers
    return [json.loads(text) for text in said]


def check_race(engine, settings, files: list[Path], *, racers: int) -> None:
    said = race(settings, files, racers=racers)
    for outcomes in zip(*said, strict=True):
        assert sorted(outcome["added"] for outcome in outcomes) == [0] * (racers - 1) + [ROWS]
        assert sum(outcome["repeat"] for outcome in outcomes) == racers - 1
    total = ROWS * len(files)
    assert sum(outcome["published"] for outcomes in said for outcome in outcomes) == total
    assert read_manifest(engine, settings).rows == total
    assert rows_in(engine) == {"incidents": total, "changes": total, "batches": len(files), "rejected": 0}


def test_the_same_batch_from_two_processes_at_once_is_one_batch_and_published_once(engine, settings, tmp_path):
    check_race(engine, settings, [feed(tmp_path, "a")], racers=2)


@pytest.mark.drill
def test_many_batches_from_many_processes_at_once_come_in_and_are_published_once_each(engine, settings, tmp_path):
    check_race(engine, settings, [feed(tmp_path, f"f{number}") for number in range(12)], racers=6)


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_a_server_that_restarts_in_mid_import_leaves_nothing_and_the_import_can_be_repeated(
    engine, settings, places, postgresql, tmp_path, as_of
):
    kept = Delivery(feed(tmp_path, "before"), "hotline", Datum.WGS84)
    import_file(engine, places, kept, as_of=as_of)
    held = rows_in(engine)
    restarted = []

    def restart(_connection, _cursor, statement, *_others) -> None:
        if "INSERT INTO changes" in statement and not restarted:  # the rows are in, their log is not
            restarted.append(statement)
            postgresql.stop(mode="immediate")
            postgresql.start()

    event.listen(engine, "before_cursor_execute", restart)
    broken = Delivery(feed(tmp_path, "a"), "hotline", Datum.WGS84)
    with pytest.raises(PoolUnavailableError, match="没有留下其中任何内容,可以重试"):
        import_file(engine, places, broken, as_of=as_of)
    assert restarted
    assert rows_in(engine) == held
    assert import_file(engine, places, broken, as_of=as_of).added == ROWS
    assert publish(engine, settings) == 2 * ROWS


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_a_server_that_restarts_in_mid_publication_is_told_and_the_next_one_publishes_all(
    engine, settings, places, postgresql, tmp_path, as_of, monkeypatch
):
    import_file(engine, places, Delivery(feed(tmp_path, "a"), "hotline", Datum.WGS84), as_of=as_of)

    def restart(*arguments):
        postgresql.stop(mode="immediate")
        postgresql.start()
        return from_server(*arguments)

    from_server = arrow_reading._from_server
    monkeypatch.setattr(arrow_reading, "_from_server", restart)
    with pytest.raises(PoolUnavailableError):
        publish(engine, settings)
    monkeypatch.undo()
    assert read_manifest(engine, settings).rows == 0
    assert publish(engine, settings) == ROWS


def test_a_clock_that_was_set_back_changes_no_count_and_moves_no_moment_back(engine, settings, places, tmp_path, as_of):
    for name, moment in (("a", as_of), ("b", as_of - pd.Timedelta(days=30)), ("c", as_of)):
        import_file(engine, places, Delivery(feed(tmp_path, name), "hotline", Datum.WGS84), as_of=moment)
        assert publish(engine, settings) == ROWS
    with engine.connect() as connection:
        moments = list(connection.execute(select(changes.c.recorded_at).order_by(changes.c.position)).scalars())
    assert moments == sorted(moments)
    assert read_manifest(engine, settings).rows == rows_in(engine)["changes"]
