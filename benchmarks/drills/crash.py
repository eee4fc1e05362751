"""Kill the process that imports, publishes and compacts at random moments, while readers count."""

import json
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from sqlalchemy import func, select

from benchmarks.drills import feed
from data import batch_import
from data.batch_import import Delivery, import_file
from data.counting import Counting
from data.filter import IncidentFilter, Period
from data.queries import counts_by_type
from data.segments import collect, compact, publication, publish, read_manifest, verify
from data.settings import Settings
from data.store import PoolUnavailableError, open_store
from data.tables import batches, incidents
from geo.datum import Datum

PHASES = ("import", "publish", "compact")
COMPACT_EVERY, BULK_EVERY = 2, 8
EVER = IncidentFilter("62", Period(feed.AS_OF.date().replace(year=2024), feed.AS_OF.date().replace(year=2028)))
LATEST_PHASE = 300.0
"""Seconds after which a worker that never came to the phase that it was to die in is taken for stuck."""


@dataclass(frozen=True)
class Drill:
    """What a drill gave; all of `wrong_sums`, `reader_errors`, `lost`, `twice` have to be 0."""

    kills: int
    kills_by_phase: dict[str, int]
    files: int
    incidents: int
    queries: int
    wrong_sums: int
    reader_errors: int
    lost: int
    twice: int
    sound: bool
    seconds: float

    @property
    def is_passed(self) -> bool:
        """Whether nothing was lost, doubled or seen wrongly."""
        return self.sound and not (self.wrong_sums or self.reader_errors or self.lost or self.twice)


@dataclass
class _Shared:
    """Plain bytes of memory between the processes: a lock would stay locked by whoever is killed holding it."""

    phase: Any
    acknowledged: Any
    stop: Any


def crash_drill(settings: Settings, *, kills: int, seed: int, readers: int = 2) -> Drill:
    """Run it in an installation of its own.

    Parameters
    ----------
    settings
        Of an empty place; its store is filled with the drill's own incidents.
    """
    begun = time.monotonic()
    open_store(settings).dispose()
    context = get_context("forkserver")
    context.set_forkserver_preload(["benchmarks.drills.crash"])
    shared = _Shared(*(context.RawValue("q", 0) for _ in range(3)))
    outcomes = [settings.var / f"reader{number}.json" for number in range(readers)]
    reading = [context.Process(target=_read, args=(settings, shared, outcome)) for outcome in outcomes]
    for process in reading:
        process.start()
    try:
        by_phase, lost = _kill_all(settings, context, shared, kills, random.Random(seed))  # noqa: S311 - no secret
    finally:
        shared.stop.value = 1
        for process in reading:
            process.join()
    seen = Counter[str]()
    for outcome in outcomes:
        seen.update(json.loads(outcome.read_text()))
    return Drill(
        kills=kills,
        kills_by_phase=by_phase,
        queries=seen["queries"],
        wrong_sums=seen["wrong"],
        reader_errors=seen["errors"],
        seconds=round(time.monotonic() - begun, 1),
        **_left(settings, lost),
    )


def _kill_all(
    settings: Settings, context: ForkServerContext, shared: _Shared, kills: int, rng: random.Random
) -> tuple[dict[str, int], int]:
    by_phase = dict.fromkeys(PHASES, 0)
    longest = dict.fromkeys(PHASES, 0.05)
    lost = 0
    engine = open_store(settings)
    for number in range(kills):
        wanted = PHASES[number % len(PHASES)]
        shared.phase.value = 0
        worker = context.Process(target=_work, args=(settings, shared))
        worker.start()
        _await_phase(worker, shared, wanted)
        entered = time.monotonic()
        delay = rng.uniform(0, longest[wanted])
        while time.monotonic() - entered < delay and shared.phase.value == PHASES.index(wanted) + 1:
            time.sleep(0.0005)
        if shared.phase.value != PHASES.index(wanted) + 1:
            longest[wanted] = max(0.005, time.monotonic() - entered)  # the phase is over sooner: aim better
        else:
            longest[wanted] *= 1.25
        at = shared.phase.value
        worker.kill()
        worker.join()
        by_phase[PHASES[max(at, 1) - 1]] += 1
        with engine.connect() as connection:
            stored = connection.execute(select(func.count()).select_from(batches)).scalar_one()
        lost += max(0, shared.acknowledged.value - stored)
    engine.dispose()
    return by_phase, lost


def _await_phase(worker: BaseProcess, shared: _Shared, wanted: str) -> None:
    begun = time.monotonic()
    while shared.phase.value != PHASES.index(wanted) + 1:
        if not worker.is_alive() or time.monotonic() - begun > LATEST_PHASE:
            worker.kill()
            raise RuntimeError(f"the worker never came to {wanted!r} (exit code {worker.exitcode})")
        time.sleep(0.0005)


def _work(settings: Settings, shared: _Shared) -> None:
    """Take in file after file, publish, and compact and clear up every now and then, until killed."""
    engine = open_store(settings)
    places = feed.places()
    while True:
        with engine.connect() as connection:
            number = connection.execute(select(func.count()).select_from(batches)).scalar_one()
        file = feed.write(number, settings.var)
        shared.phase.value = 1
        batch_import.LEAST_ROWS = 1 if number % 2 else 1_000_000  # every other file makes its own segment
        import_file(engine, places, Delivery(file, "hotline", Datum.WGS84), as_of=feed.AS_OF, settings=settings)
        shared.acknowledged.value = number + 1
        file.unlink()
        shared.phase.value = 2
        publication.BULK_ROWS = 1 if number % BULK_EVERY == 0 else 250_000
        publish(engine, settings)
        if number % COMPACT_EVERY == 0:
            shared.phase.value = 3
            compact(engine, settings)
            collect(engine, settings, grace=0)


def _read(settings: Settings, shared: _Shared, outcome: Path) -> None:
    """Count until told to stop; every answer must be that after some file, and no earlier one than the last."""
    engine = open_store(settings)
    counting = Counting(engine, settings)
    answers, at = feed.Answers(), 0
    seen = {"queries": 0, "wrong": 0, "errors": 0}
    parent = parent_process()
    while not shared.stop.value and parent is not None and parent.is_alive():  # nobody stops an orphan
        seen["queries"] += 1
        try:
            rows = counting.run(counts_by_type(EVER, 3))
        except PoolUnavailableError as error:
            seen["errors"] += 1
            sys.stderr.write(f"reader: {error}\n")
            continue
        counts = zip(rows["place"], rows["dispute_type"], rows["incident_count"], strict=True)
        found = {(int(place), kind): int(count) for place, kind, count in counts if count}
        ahead = [number for number in range(at, shared.acknowledged.value + 2) if answers.after(number) == found]
        if ahead:
            at = ahead[0]
        else:
            seen["wrong"] += 1
            sys.stderr.write(f"reader: after file {at} no file gives {found}\n")
    counting.close()
    outcome.write_text(json.dumps(seen))


def _left(settings: Settings, lost: int) -> dict[str, Any]:
    """What is in the pool after the last kill, once it is published."""
    engine = open_store(settings)
    publish(engine, settings)
    with engine.connect() as connection:
        files = connection.execute(select(func.count()).select_from(batches)).scalar_one()
        names = connection.execute(select(incidents.c.external_id)).scalars().all()
    expected = sum(feed.Answers().after(files).values())
    manifest = read_manifest(engine, settings)
    counted = sum(sum(pq.read_table(file, columns=["weight"])["weight"].to_pylist()) for file in manifest.files)
    sound = verify(engine, settings).is_sound
    engine.dispose()
    return {
        "files": files,
        "incidents": len(names),
        "lost": lost + max(0, expected - counted) + max(0, expected - len(set(names))),
        "twice": max(0, counted - expected) + len(names) - len(set(names)),
        "sound": sound,
    }
