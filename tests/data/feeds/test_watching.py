import json
import os
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import func, select

from data.feeds import watching
from data.feeds.inbox import Inbox
from data.feeds.profiles import shipped_profiles
from data.feeds.watching import Watch
from data.store import PoolUnavailableError
from data.tables import batches, incidents
from data.tables.links import batch_notes

AT = pd.Timestamp("2026-11-25 09:42", tz="Asia/Shanghai")
GOOD = (
    "编号,纠纷类型,受理时间,区划代码,电话\nA1,邻里,2026-01-05 10:00:00,620102,1\nA2,漏水,2026-01-05 11:00:00,620102,1\n"
)
MIXED = GOOD.replace("A2,漏水,2026-01-05 11:00:00", "A2,邻里,昨天")

pytestmark = pytest.mark.parametrize("store", ["sqlite"], indirect=True)


@pytest.fixture
def watch(engine, places, settings) -> Watch:
    wanted = [shipped_profiles()[name] for name in ("hotline", "police")]
    watch = Watch(engine, places, settings, wanted)
    watch.look(AT)
    return watch


def later(seconds: int) -> pd.Timestamp:
    return AT + pd.Timedelta(seconds=seconds)


def put(watch: Watch, name: str, content: str = GOOD, feed: str = "hotline") -> Path:
    path = watch.settings.inbox / feed / name
    path.write_text(content, "utf-8")
    return path


def take_all(watch: Watch):
    """Two looks, far enough apart for whatever is not written to any more."""
    watch.look(later(100))
    return watch.look(later(200))


def names(watch: Watch, folder: str, feed: str = "hotline") -> list[str]:
    return sorted(path.name for path in (watch.settings.inbox / feed / folder).iterdir())


def stored(engine) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(incidents)).scalar_one()


def test_a_file_is_taken_once_it_has_stayed_as_it_is(watch, engine):
    path = put(watch, "一月.csv")
    assert watch.look(later(1)) == []
    assert watch.look(later(5)) == []
    (taken,) = watch.look(later(11))
    assert (taken.feed, taken.file, taken.batch.added) == ("hotline", "一月.csv", 2)
    assert not path.exists()
    assert names(watch, "done") == ["一月.csv", "一月.csv.report.json", "一月.csv.report.txt"]
    assert stored(engine) == 2


def test_a_file_that_is_still_growing_is_left_alone(watch, engine):
    path = put(watch, "a.csv", GOOD[:40])
    watch.look(later(1))
    with path.open("a") as file:
        file.write(GOOD[40:])
    assert watch.look(later(30)) == []
    assert [taken.batch.added for taken in watch.look(later(60))] == [2]


def test_a_file_that_somebody_has_open_for_writing_is_left_alone_however_old(watch, engine):
    path = put(watch, "a.csv")
    with path.open("a"):
        assert take_all(watch) == []
    assert [taken.batch.added for taken in watch.look(later(300))] == [2]


def test_a_file_under_an_unfinished_name_is_waited_for_and_taken_when_it_is_renamed(watch, engine):
    path = put(watch, "a.csv.part")
    put(watch, ".hidden.csv")
    assert take_all(watch) == []
    path.rename(path.with_name("a.csv"))
    watch.look(later(300))
    assert [taken.file for taken in watch.look(later(400))] == ["a.csv"]


def test_what_was_seen_outlives_the_process_that_saw_it(watch, engine, places, settings):
    put(watch, "a.csv")
    watch.look(later(1))
    another = Watch(engine, places, settings, watch.profiles)
    assert [taken.file for taken in another.look(later(20))] == ["a.csv"]


def test_a_clock_set_back_only_makes_a_file_wait(watch, engine):
    put(watch, "a.csv")
    watch.look(later(1000))
    assert watch.look(later(1)) == []
    assert [taken.file for taken in watch.look(later(20))] == ["a.csv"]


def test_a_file_that_fails_stops_no_other_and_says_why(watch, engine):
    put(watch, "a.csv", "甲,乙\n1,2\n")
    put(watch, "b.csv")
    put(watch, "c.csv", GOOD.replace("A", "P"), feed="police")
    put(watch, "d.pdf")
    found = {taken.file: taken for taken in take_all(watch)}
    assert {name: taken.batch is not None for name, taken in found.items()} == {
        "a.csv": False,
        "b.csv": True,
        "c.csv": True,
        "d.pdf": False,
    }
    assert "a.csv" in names(watch, "failed")
    said = (watch.settings.inbox / "hotline" / "failed" / "a.csv.report.txt").read_text("utf-8")
    assert "没有导入任何一行" in said
    assert "表头里没有找到必需的列" in said
    assert "只接收" in found["d.pdf"].reason
    assert stored(engine) == 4


def test_the_report_tells_the_counts_and_the_rejected_rows(watch, engine):
    put(watch, "a.csv", MIXED)
    take_all(watch)
    folder = watch.settings.inbox / "hotline" / "done"
    said = json.loads((folder / "a.csv.report.json").read_text("utf-8"))
    counts = [said["batch"][name] for name in ("rows_read", "added", "updated", "unchanged", "rejected")]
    assert (said["result"], counts) == ("done", [2, 1, 0, 0, 1])
    text = (folder / "a.csv.report.txt").read_text("utf-8")
    assert "读入 2 行:新增 1,更新 0,未变 0(其中版本较旧 0),退回 1" in text
    assert "未导入的列:电话" in text
    assert "昨天" in (folder / "a.csv.rejected.csv").read_text("utf-8-sig")
    with engine.connect() as connection:
        assert connection.execute(select(batch_notes.c.kind)).scalars().all() == ["watched"]


def test_stopped_between_import_and_move_the_same_file_adds_nothing_twice(watch, engine, monkeypatch):
    put(watch, "a.csv", MIXED)

    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(watching.Inbox, "put_away", stopped)
    with pytest.raises(KeyboardInterrupt):
        take_all(watch)
    monkeypatch.undo()
    (taken,) = watch.look(later(300))
    assert (taken.batch.repeat_of, taken.batch.added, taken.batch.rejected) == (1, 0, 1)
    assert stored(engine) == 1
    assert "a.csv.rejected.csv" in names(watch, "done")
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(batches)).scalar_one() == 1


def test_a_file_of_a_name_that_was_there_before_replaces_nothing(watch, engine):
    for content in (GOOD, GOOD.replace("A", "B")):
        put(watch, "a.csv", content)
        take_all(watch)
    assert [name for name in names(watch, "done") if name.endswith(".csv")] == ["a-2.csv", "a.csv"]
    assert stored(engine) == 4


def test_links_and_odd_names_are_put_aside_and_never_followed(watch, engine, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text(GOOD, "utf-8")
    folder = watch.settings.inbox / "hotline"
    (folder / "link.csv").symlink_to(secret)
    os.mkfifo(folder / "pipe.csv")
    put(watch, "-rf\n.csv")
    put(watch, "长" * 60 + ".csv")
    assert {taken.batch for taken in take_all(watch)} == {None}
    assert stored(engine) == 0
    assert secret.read_text("utf-8") == GOOD
    moved = [name for name in names(watch, "failed") if ".report." not in name]
    assert moved == sorted(["_rf_.csv", "link.csv", "pipe.csv", "长" * 30 + ".csv"])


def test_a_folder_that_is_a_link_is_not_used(watch, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "linked").symlink_to(elsewhere)
    with pytest.raises(OSError, match="符号链接"):
        Inbox(tmp_path / "linked").make()


def test_while_the_store_does_not_answer_files_stay_where_they_are(watch, engine, monkeypatch):
    path = put(watch, "a.csv")

    def away(*_, **__):
        raise PoolUnavailableError("连接失败")

    with monkeypatch.context() as patch:
        patch.setattr(watching, "import_file", away)
        with pytest.raises(PoolUnavailableError):
            take_all(watch)
    assert path.exists()
    assert [taken.batch.added for taken in watch.look(later(300))] == [2]
