"""Another process that counts until it has seen every posted incident."""

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

import pandas as pd
from sqlalchemy import BigInteger, Select, func, literal, select

from benchmarks.fresh.pool import FIRST, Made
from data.counting import Counting
from data.filter import Period
from data.queries import bounded, facts
from data.store import open_store

PAUSE = 0.05
"""Seconds between two counts."""

GRACE = 20.0
"""Seconds after the last post in which all must be counted."""


class Watcher:
    """A running watcher."""

    def __init__(self, ours: Connection, process: Any) -> None:
        self._ours, self._process = ours, process

    def finish(self) -> dict[int, float]:
        """Tell that all is posted; return when each incident was counted first (monotonic seconds)."""
        self._ours.send("posted")
        seen = self._ours.recv()
        self._process.join()
        return dict(seen)


@contextmanager
def watcher(made: Made, count: int) -> Iterator[Watcher]:
    """Start a watcher; it has counted once before anything is posted."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=_watch, args=(made, count, theirs), daemon=True)
    process.start()
    ours.recv()
    yield Watcher(ours, process)


def _watch(made: Made, count: int, told: Connection) -> None:
    engine = open_store(made.settings)
    counting = Counting(engine, made.settings)
    asked = _asked(count)
    before = _weights(counting, asked)
    told.send("ready")
    seen: dict[int, float] = {}
    deadline = float("inf")
    while len(seen) < count and time.monotonic() < deadline:
        now = _weights(counting, asked)
        moment = time.monotonic()
        for serial, weight in now.items():
            if serial not in seen and weight > before.get(serial, 0):
                seen[serial] = moment
        time.sleep(PAUSE)
        if deadline == float("inf") and told.poll():
            deadline = time.monotonic() + GRACE
    if deadline == float("inf"):
        told.recv()
    told.send(seen)
    counting.close()
    engine.dispose()


def _asked(count: int) -> Select:
    """How many incidents were accepted in each of the seconds that stand for the posted ones."""
    first = int(FIRST.timestamp())
    month = Period(FIRST.date().replace(day=1), (FIRST + pd.offsets.MonthBegin()).date())
    weight = func.sum(facts.c.weight).label("weight")
    within = facts.c.accepted_at.between(literal(first, BigInteger), literal(first + count - 1, BigInteger))
    return bounded(select(facts.c.accepted_at, weight).where(within), month).group_by(facts.c.accepted_at)


def _weights(counting: Counting, asked: Select) -> dict[int, int]:
    found = counting.run(asked)
    serials = found["accepted_at"].astype("int64") - int(FIRST.timestamp())
    return dict(zip(serials.tolist(), found["weight"].astype("int64").tolist(), strict=True))
