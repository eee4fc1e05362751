"""From files to counted: whole deliveries read, checked, placed, stored and published, against the plain way."""

import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import geopandas as gpd
import pandas as pd
import typer
from sqlalchemy import Engine, func, select

from benchmarks import figures
from benchmarks.memory import MemoryWatch
from benchmarks.plain.ingest import rows_per_second
from data.batch_import import Batch, Delivery, import_files
from data.places import Places, open_places
from data.segments import publish, read_manifest
from data.settings import ROOT, Settings, read_settings
from data.simulation import FEED_DATUM
from data.store import open_store
from data.tables import changes
from geo.schematic import FILES, build, is_built

app = typer.Typer()

ROUND = 1_000_000
"""Incidents simulated once; further rounds deliver them under other numbers."""
MILLION = 1_000_000
_SIMULATE = """
import sys
from pathlib import Path
import geopandas, pandas
from data.simulation import simulate
from geo.divisions import read_divisions
simulate(Path(sys.argv[1]), grids=geopandas.read_parquet(sys.argv[2]), divisions=read_divisions(),
         end=pandas.Timestamp(sys.argv[3]), incidents=int(sys.argv[4]), seed=int(sys.argv[5]))
"""
AS_OF = "2026-11-25T09:00:00+08:00"


@app.command()
def ingest(
    rows: Annotated[int, typer.Option(help="Rows to deliver, about")] = 5_000_000,
    plain_rows: Annotated[int, typer.Option(help="Rows that the plain way takes")] = 100_000,
    seed: Annotated[int, typer.Option(help="Seed of the simulation")] = 0,
    folder: Annotated[Path | None, typer.Option(help="Folder of drawn outlines; built if missing")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object as the last line")] = False,
) -> None:
    """Rows a second until they count, and how many times as fast as the plain way on the same files.

    The plain way is a script of pandas, a loop of h3-py, `geopandas.sjoin` and `to_sql` over the largest feed's first
    rows (`benchmarks.plain.ingest`). Rows count when they are published; moments in between publications are taken
    from a straight line.
    """
    geography = folder or read_settings().geography
    if not is_built(geography):
        build(geography)
    with tempfile.TemporaryDirectory(prefix="ingest-") as name:
        settings = Settings(var=Path(name))
        settings.geography.symlink_to(geography.resolve())
        deliveries = _deliver(settings, rows, seed)
        places = open_places(settings)
        busy = _cpu_seconds()
        with MemoryWatch() as memory:
            found = _measure(settings, places, deliveries)
        cpu = (_cpu_seconds() - busy) / found.stored
        grids = gpd.read_parquet(settings.geography / FILES[6])
        busy = _cpu_seconds()
        plain = rows_per_second(deliveries[0].path, grids, plain_rows, settings.var)
        plain_cpu = (_cpu_seconds() - busy) / plain_rows
    total = found.counted[-1][1]
    seconds = found.counted[-1][0]
    figures.show(
        {
            "rows_per_s": round(total / seconds),
            "first_million_rows_per_s": round(found.rate(0, min(MILLION, total))),
            "last_million_rows_per_s": round(found.rate(max(0, total - MILLION), total)),
            "ratio": round(total / seconds / plain, 2),
            "peak_mb": memory.peak_mb,
            "rows": total,
            "files": len(deliveries),
            "added": found.added,
            "updated": found.updated,
            "rejected": found.rejected,
            "plain_rows_per_s": round(plain),
            "cpu_us_per_row": round(cpu * 1e6, 1),
            "plain_cpu_us_per_row": round(plain_cpu * 1e6, 1),
        },
        as_json=as_json,
    )


def _deliver(settings: Settings, rows: int, seed: int) -> list[Delivery]:
    """Files of eight feeds, round by round; the simulation runs in a process of its own, for its memory's sake."""
    incidents = min(rows, ROUND)
    grids = str(settings.geography / FILES[6])
    command = [sys.executable, "-c", _SIMULATE, str(settings.feeds), grids, AS_OF, str(incidents), str(seed)]
    subprocess.run(command, check=True, cwd=ROOT)  # noqa: S603 - our own
    found = []
    for number in range(max(1, round(rows / incidents))):
        for source, datum in FEED_DATUM.items():
            path = settings.feeds / f"{number}-{source}.csv"
            header, _, body = (settings.feeds / f"{source}.csv").read_bytes().partition(b"\n")
            # Each round's numbers begin with a letter of its own: other incidents, in the order a feed numbers them.
            path.write_bytes(header + b"\n" + re.sub(rb"(?m)^(?=[A-Z]{2}\d)", b"%c" % (65 + number), body))
            found.append(Delivery(path, source, datum, simulated=True))
    return found


@dataclass
class _Run:
    """What came of a run: seconds and rows counted by then, after each publication; what became of the rows."""

    counted: list[tuple[float, int]] = field(default_factory=lambda: [(0.0, 0)])
    stored: int = 0
    added: int = 0
    updated: int = 0
    rejected: int = 0

    def add(self, batch: Batch) -> None:
        """Count a file that is stored."""
        self.stored += batch.rows_read
        self.added += batch.added
        self.updated += batch.updated
        self.rejected += batch.rejected

    def rate(self, first: int, last: int) -> float:
        """Rows a second between two numbers of rows, moments in between publications on a straight line."""
        return (last - first) / (self._moment(last) - self._moment(first))

    def _moment(self, rows: int) -> float:
        for (begun, before), (ended, after) in zip(self.counted, self.counted[1:], strict=False):
            if rows <= after:
                return begun + (ended - begun) * (rows - before) / (after - before)
        raise ValueError(f"expected at most {self.counted[-1][1]} rows, found {rows}")


def _measure(settings: Settings, places: Places, deliveries: list[Delivery]) -> _Run:
    engine = open_store(settings)
    run, done, news = _Run(), threading.Event(), threading.Event()
    begun = time.perf_counter()

    def keep_publishing() -> None:
        while True:
            news.wait()
            news.clear()
            last, stored = done.is_set(), run.stored
            if stored > run.counted[-1][1]:
                publish(engine, settings)
                run.counted.append((time.perf_counter() - begun, stored))
            if last and run.counted[-1][1] == run.stored:
                return

    publisher = threading.Thread(target=keep_publishing)
    publisher.start()
    for delivery, batch in import_files(
        engine, places, deliveries, as_of=pd.Timestamp(AS_OF).tz_convert(str(settings.timezone)), settings=settings
    ):
        if not isinstance(batch, Batch):
            raise batch
        run.add(batch)
        print(f"{delivery.path.name}: {run.stored:,} rows stored in {time.perf_counter() - begun:.1f} s", flush=True)
        news.set()
    done.set()
    news.set()
    publisher.join()
    _check(engine, settings, run)
    engine.dispose()
    return run


def _check(engine: Engine, settings: Settings, run: _Run) -> None:
    """Nothing is missing: every entry of the log is in a segment, and the incidents that count are those added."""
    with engine.connect() as connection:
        entries, weight = connection.execute(select(func.count(), func.sum(changes.c.weight))).one()
    published = sum(segment.rows for segment in read_manifest(engine, settings).segments)
    if (published, weight) != (entries, run.added):
        raise RuntimeError(f"{published} of {entries} entries are published, {weight} of {run.added} incidents count")


def _cpu_seconds() -> float:
    """Processor time of this process and of those that published, which a busy machine lengthens less than the run."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
