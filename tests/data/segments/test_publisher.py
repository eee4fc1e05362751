import datetime as dt
import os
import threading

from sqlalchemy import func, select

from data import queries
from data.counting import Counting
from data.filter import IncidentFilter, Period
from data.locks import only_one
from data.segments import publish, read_manifest
from data.segments.publisher import COLLECT_EVERY, Publisher
from data.tables import changes
from tests.data.segments.lives import live

EVER = IncidentFilter("62", Period(dt.date(2024, 1, 1), dt.date(2027, 1, 1)))


def summed(engine) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.sum(changes.c.weight)).where(~changes.c.duplicate)).scalar_one()


def test_a_turn_publishes_what_the_log_has_grown_by(engine, settings):
    publisher = Publisher(engine, settings)
    assert publisher.turn() == 0
    live(engine, 0)
    assert publisher.turn() == read_manifest(engine, settings).rows > 0
    assert publisher.turn() == 0


def test_a_turn_leaves_the_work_to_whoever_is_at_it(engine, settings):
    live(engine, 0)
    publisher = Publisher(engine, settings)
    with only_one(engine, settings, "publish"):
        assert publisher.turn() == 0
        assert publisher.failure == ""
    assert publisher.turn() > 0


def test_a_failure_is_said_and_tried_again_after_longer_and_longer(engine, settings):
    live(engine, 0)
    settings.var.mkdir(exist_ok=True)
    settings.segments.write_text("a file where the folder should be")
    publisher = Publisher(engine, settings, interval=0.1)
    pauses = []
    for _ in range(12):
        assert publisher.turn() == 0
        pauses.append(publisher.pause)
    assert publisher.failure
    assert pauses == sorted(pauses)
    assert pauses[-1] == 30
    settings.segments.unlink()
    assert publisher.turn() > 0
    assert publisher.failure == ""
    assert publisher.pause == 0.1


def test_nameless_files_go_every_now_and_then(engine, settings):
    now = [0.0]
    live(engine, 0)
    publisher = Publisher(engine, settings, clock=lambda: now[0])
    publisher.turn()
    nameless = settings.segments / "old.parquet"
    nameless.write_bytes(b"old")
    os.utime(nameless, (0, 0))
    now[0] = COLLECT_EVERY - 1
    publisher.turn()
    assert nameless.exists()
    now[0] = COLLECT_EVERY
    publisher.turn()
    assert not nameless.exists()


def test_its_thread_publishes_what_comes_in_and_readers_count_it(engine, settings):
    counting = Counting(engine, settings)
    publisher = Publisher(engine, settings, interval=0.01)
    publisher.start()
    for number in range(4):
        live(engine, number, incidents=10)
        publisher.call()
    publisher.stop()
    publish(engine, settings)  # what the last turn came too early for
    assert counting.run(queries.totals(EVER))["incident_count"].tolist() == [summed(engine)]
    assert publisher.failure == ""
    assert "publisher" not in [thread.name for thread in threading.enumerate()]
    counting.close()
