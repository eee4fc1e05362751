"""Readers: one process with a thread for each screen, all drilling through the same counts as a server's screens do."""

import multiprocessing
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

from benchmarks.fresh.pool import Made
from benchmarks.query import END
from data.counting import Counting
from data.counts import Counts
from data.filter import IncidentFilter, Period, date_of, day_number
from data.store import open_store
from geo.geography import Geography, open_geography


@dataclass
class Drills:
    """Seconds of each drill, whole and the map's own counts alone."""

    whole: list[float] = field(default_factory=list)
    map: list[float] = field(default_factory=list)


class Readers:
    """Running readers."""

    def __init__(self, ours: Connection, process: Any) -> None:
        self._ours, self._process = ours, process

    def finish(self) -> Drills:
        """Tell the readers to stop; return their drills."""
        self._ours.send("stop")
        drills: Drills = self._ours.recv()
        self._process.join()
        return drills


@contextmanager
def readers(made: Made, count: int, pause: float) -> Iterator[Readers]:
    """Start readers; the process has opened everything before the first of them drills."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=_read, args=(made, count, pause, theirs), daemon=True)
    process.start()
    ours.recv()
    yield Readers(ours, process)


def _read(made: Made, count: int, pause: float, told: Connection) -> None:
    engine = open_store(made.settings)
    counts = Counts(engine, Counting(engine, made.settings))
    geography = open_geography(made.settings.geography)
    screen = _Screens(counts, geography, made.settings.root_code)
    screen.drill(np.random.default_rng(0))  # opens files and divisions, as a server does before its first visitor
    drills, lock, stopped = Drills(), threading.Lock(), threading.Event()

    def read(seed: int) -> None:
        rng = np.random.default_rng(seed)
        stopped.wait(rng.uniform(0, pause))
        while not stopped.is_set():
            whole, own = screen.drill(rng)
            with lock:
                drills.whole.append(whole)
                drills.map.append(own)
            stopped.wait(rng.exponential(pause))

    threads = [threading.Thread(target=read, args=(seed,)) for seed in range(1, count + 1)]
    told.send("ready")
    for thread in threads:
        thread.start()
    told.recv()
    stopped.set()
    for thread in threads:
        thread.join()
    told.send(drills)
    engine.dispose()


class _Screens:
    """What a run of the map page counts, for a division that a reader opens."""

    def __init__(self, counts: Counts, geography: Geography, root: str) -> None:
        self._counts, self._geography, self._root = counts, geography, root
        self._period = Period(date_of(day_number(END) - 28), END)
        self._latest = (-1, {})
        self._lock = threading.Lock()

    def drill(self, rng: np.random.Generator) -> tuple[float, float]:
        """Open a random division one to four levels below the root; return seconds whole and of the map alone."""
        code = self._root
        for _ in range(rng.integers(1, 5)):
            children = self._geography.children(code)
            counted = children.loc[children["counted"].astype(bool), "code"]
            if counted.empty:
                break
            code = str(rng.choice(counted))
        children = self._geography.children(code)["code"].tolist()
        asked = IncidentFilter(self._root, self._period, code)
        begun = time.monotonic()
        self._read_latest()
        self._counts.by_child(asked, children)
        drawn = time.monotonic()
        self._counts.totals(asked)
        self._counts.series(asked, steps=26, days=7)
        self._counts.settled(asked)
        self._counts.overdue(asked, [day_number(END) - 1, day_number(self._period.start) - 1])
        done = time.monotonic()
        return done - begun, drawn - begun

    def _read_latest(self) -> None:
        """The pool's newest moment, which the page keeps for as long as nothing new is published."""
        version = self._counts.version()
        with self._lock:
            if self._latest[0] != version:
                self._latest = (version, self._counts.latest())
