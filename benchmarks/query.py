"""The map's own counting queries over many incidents, against databases with covering indexes in the same run."""

import datetime as dt
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import typer
from sqlalchemy import Engine, Select

from benchmarks import figures
from benchmarks.peers.postgresql import PostgresqlPeer
from data import queries
from data.counting import Counting
from data.dialects import render
from data.filter import IncidentFilter, Period
from data.segments import LOG_SCHEMA, read_manifest, segment_rows, write_file
from data.segments.manifest import advance
from data.settings import Settings, read_settings
from data.store import open_store, writing
from geo.divisions import read_divisions
from geo.hexagons import LEVEL_RESOLUTION, cell_of
from geo.schematic import FILES, is_built
from risk.incident import CHANNELS, DISPUTE_TYPES, SOURCES, STATUSES, LocatedBy

app = typer.Typer()

END = dt.date(2026, 11, 1)
MONTHS = 24
PEER_COLUMNS = ("weight", "month", "day", "place", "cell", "dispute_type", "duplicate")
"""What the queries touch; the peer is spared the rest."""

PEER_INDEXES = (
    ("place", "day", "month", "dispute_type", "cell", "duplicate", "weight"),
    ("month", "place", "day", "dispute_type", "cell", "duplicate", "weight"),
)
"""Every query asked here is answered by an index alone: places first for a division, months first for a period."""

AskPeer = Callable[[Select], list[tuple]]
OpenPeer = Callable[[Path, Settings], AskPeer]


@dataclass(frozen=True)
class Ground:
    """Where incidents may happen: 15-digit `places`, their share of all and a box of degrees for each."""

    places: np.ndarray
    share: np.ndarray
    boxes: np.ndarray


@app.command()
def query(
    incidents: Annotated[int, typer.Option(min=10_000, help="Incidents to synthesise")] = 10_000_000,
    rounds: Annotated[int, typer.Option(min=3, help="Runs of each query on our side")] = 40,
    peer_rounds: Annotated[int, typer.Option(min=1, help="Runs of each query on SQLite")] = 3,
    seed: Annotated[int, typer.Option(help="Same seed, same incidents")] = 0,
    folder: Annotated[Path | None, typer.Option(help="Keep everything here; a temporary folder if not given")] = None,
    sqlite: Annotated[bool, typer.Option(help="Ask SQLite as well")] = True,
    postgresql: Annotated[str, typer.Option(help="Ask PostgreSQL as well: URL of an empty database")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object as the last line")] = False,
) -> None:
    """p50 and p95 of each query, and how many times as long others take (median of each).

    Segments are as compaction leaves them: one file a month, sorted. The others get the same rows, read back from
    the segments, covering indexes and statistics, SQLite memory for all of its pages too. All answers must be equal.
    """
    peers = {"sqlite": _sqlite if sqlite else None, "postgresql": _postgresql(postgresql) if postgresql else None}
    opened = {name: peer for name, peer in peers.items() if peer}
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        _run(folder, incidents, seed, (rounds, peer_rounds), opened, as_json)
        return
    with tempfile.TemporaryDirectory() as temporary:
        _run(Path(temporary), incidents, seed, (rounds, peer_rounds), opened, as_json)


def _run(
    folder: Path, incidents: int, seed: int, rounds: tuple[int, int], opened: dict[str, OpenPeer], as_json: bool
) -> None:
    settings = Settings(var=folder)
    engine = open_store(settings)
    ground = _ground(read_settings())
    begun = time.perf_counter()
    if not settings.segments.is_dir():
        _write_segments(engine, settings, ground, incidents, seed)
    written = time.perf_counter()
    peers = {name: open_(folder, settings) for name, open_ in opened.items()}
    filled = time.perf_counter()
    counting = Counting(engine, settings)
    found = {}
    for name, asked in _asked(ground).items():
        found[name] = _compare(counting, peers, asked, rounds)
    figures.show(
        {
            "queries": found,
            "incidents": incidents,
            "segments_mb": _size_mb(settings.segments.glob("*.parquet")),
            "sqlite_mb": _size_mb(folder.glob("peer.sqlite")),
            "write_segments_s": round(written - begun, 1),
            "fill_peers_s": round(filled - written, 1),
            "peak_mb": figures.peak_mb(),
        },
        as_json=as_json,
    )
    counting.close()
    engine.dispose()


def _asked(ground: Ground) -> dict[str, Select]:
    """The queries, of the county and the township where most happens."""
    county, township = (_busiest(ground, digits) for digits in (6, 9))
    month = Period(END - dt.timedelta(days=30), END)
    year = Period(END.replace(year=END.year - 1), END)
    always = Period(END.replace(year=END.year - MONTHS // 12), END)
    return {
        "cells_of_county": queries.counts_by_cell(IncidentFilter("62", month, county), LEVEL_RESOLUTION[3]),
        "counties_by_type": queries.counts_by_type(IncidentFilter("62", year), 3),
        "grids_of_township": queries.counts_by_child(IncidentFilter("62", month, township), 6),
        "city_by_day": queries.counts_by_child_and_day(IncidentFilter("62", year), 2),
        "full_scan": queries.counts_by_child(IncidentFilter("62", always), 2),
    }


def _busiest(ground: Ground, digits: int) -> str:
    codes, at = np.unique(ground.places // 10 ** (15 - digits), return_inverse=True)
    return str(codes[np.bincount(at, weights=ground.share).argmax()])


def _compare(counting: Counting, peers: dict[str, AskPeer], asked: Select, rounds: tuple[int, int]) -> dict[str, float]:
    table, ours = _timed(lambda: counting.run(asked), rounds[0])
    expected = sorted(table.itertuples(index=False, name=None))
    found = {
        "p50_ms": figures.percentile_ms(ours, 0.5),
        "p95_ms": figures.percentile_ms(ours, 0.95),
        "rows": len(expected),
    }
    for name, ask in peers.items():
        rows, theirs = _timed(lambda ask=ask: ask(asked), rounds[1])
        assert sorted(rows) == expected, f"rows of {name} differ: {asked}"
        found |= {
            f"{name}_ms": figures.median_ms(theirs),
            f"{name}_ratio": round(statistics.median(theirs) / statistics.median(ours), 2),
        }
    return found


def _timed(ask: Callable[[], Any], rounds: int) -> tuple[Any, list[float]]:
    found = ask()  # both sides start warm
    seconds = []
    for _ in range(rounds):
        begun = time.perf_counter()
        found = ask()
        seconds.append(time.perf_counter() - begun)
    return found, seconds


def _ground(settings: Settings) -> Ground:
    """Grids where they are built, counties otherwise, with their people as shares."""
    if is_built(settings.geography):
        import geopandas as gpd

        grids = gpd.read_parquet(settings.geography / FILES[6])
        places, weight = grids["code"].astype("int64").to_numpy(), grids["weight"].to_numpy()
        return Ground(places, weight / weight.sum(), grids.bounds.to_numpy())
    counties = read_divisions().query("level == 3 and counted")
    places = counties["code"].str.ljust(15, "0").astype("int64").to_numpy()
    weight = counties["population"].fillna(10_000).to_numpy(dtype=float)
    west = 95 + (np.arange(len(places)) % 10)[:, None]
    south = 33 + (np.arange(len(places)) // 10)[:, None]
    return Ground(places, weight / weight.sum(), np.hstack([west, south, west + 0.5, south + 0.5]))


def _write_segments(engine: Engine, settings: Settings, ground: Ground, incidents: int, seed: int) -> None:
    """One sorted segment a month, named in the manifest."""
    settings.segments.mkdir(parents=True)
    rng = np.random.default_rng(seed)
    months = pd.date_range(end=END, periods=MONTHS + 1, freq="MS", tz=settings.timezone)
    position = 1
    for month, (start, end) in enumerate(pairwise(months)):
        size = incidents * (month + 1) // MONTHS - incidents * month // MONTHS
        log = _log(rng, ground, size, int(start.timestamp()), int(end.timestamp()), position)
        rows = segment_rows(pa.Table.from_pandas(log, LOG_SCHEMA, preserve_index=False), str(settings.timezone))
        part = (write_file(rows, settings.segments), position, position + size - 1)
        manifest = read_manifest(engine, settings)
        with writing(engine) as connection:
            advance(connection, manifest, [part], part[2])
        position += size


def _log(rng: np.random.Generator, ground: Ground, size: int, start: int, end: int, first_id: int) -> pd.DataFrame:
    """Log rows of one month: places by their people, kinds common and rare, 8 % without coordinates."""
    at = rng.choice(len(ground.places), size, p=ground.share)
    west, south, east, north = ground.boxes[at].T
    longitude = rng.uniform(west, east)
    longitude[rng.random(size) < 0.08] = np.nan
    occurred = rng.integers(start, end, size)
    accepted = occurred + rng.exponential(86_400, size).astype("int64")
    closed = pd.array(accepted + rng.exponential(20 * 86_400, size).astype("int64"), dtype="Int64")
    is_open = rng.random(size) < 0.1
    closed[is_open] = pd.NA
    return pd.DataFrame(
        {
            "incident_id": np.arange(first_id, first_id + size),
            "weight": 1,
            "source": _drawn(rng, list(SOURCES), size),
            "dispute_type": _drawn(rng, list(DISPUTE_TYPES), size),
            "sub_source": None,
            "channel": _drawn(rng, list(CHANNELS), size),
            "status": np.where(is_open, _drawn(rng, list(STATUSES)[:3], size), "closed"),
            "outcome": np.where(is_open, None, _drawn(rng, ["success", "failure", "litigation"], size)),
            "scale": _drawn(rng, ["1", "2"], size),
            "resolved_level": _drawn(rng, ["village", "township"], size),
            "occurred_at": occurred,
            "accepted_at": accepted,
            "closed_at": closed,
            "place": ground.places[at],
            "cell": cell_of(longitude, rng.uniform(south, north)),
            "located_by": int(LocatedBy.GEOMETRY),
            "conflict": False,
            "duplicate": False,
            "recorded_at": accepted,
        }
    )


def _drawn(rng: np.random.Generator, words: list[str], size: int) -> np.ndarray:
    share = 1 / np.arange(1, len(words) + 1)
    return np.array(words, dtype=object)[rng.choice(len(words), size, p=share / share.sum())]


def _sqlite(folder: Path, settings: Settings) -> AskPeer:
    """SQLite with the rows of the segments."""
    file = folder / "peer.sqlite"
    is_new = not file.is_file()
    peer = sqlite3.connect(file, isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1500000", "temp_store=MEMORY"):
        peer.execute(f"PRAGMA {pragma}")
    if is_new:
        # Types matter: SQLite seeks in an index only where column and value have the same affinity.
        names = ", ".join(f"{name} {'TEXT' if name == 'dispute_type' else 'INTEGER'}" for name in PEER_COLUMNS)
        peer.execute(f"CREATE TABLE facts (incident_id INTEGER PRIMARY KEY, {names})")
        for segment in sorted(settings.segments.glob("*.parquet")):
            rows = pq.read_table(segment, columns=["incident_id", *PEER_COLUMNS])
            _fill(peer, zip(*(column.to_numpy().tolist() for column in rows.columns), strict=True))
        for number, columns in enumerate(PEER_INDEXES):
            peer.execute(f"CREATE INDEX covering_{number} ON facts ({', '.join(columns)})")
        peer.execute("ANALYZE")

    def ask(query: Select) -> list[tuple]:
        text, values = render(query, "sqlite")
        return peer.execute(text, values).fetchall()

    return ask


def _postgresql(url: str) -> OpenPeer:
    return lambda _, settings: (
        PostgresqlPeer(url, sorted(settings.segments.glob("*.parquet")), PEER_COLUMNS, PEER_INDEXES).ask
    )


def _fill(peer: sqlite3.Connection, rows: Iterable[tuple]) -> None:
    peer.execute("BEGIN")
    marks = ", ".join("?" * (len(PEER_COLUMNS) + 1))
    peer.executemany(f"INSERT INTO facts VALUES ({marks})", rows)  # noqa: S608 - marks only
    peer.execute("COMMIT")


def _size_mb(files: Any) -> float:
    return round(sum(file.stat().st_size for file in files) / 1e6, 1)


if __name__ == "__main__":
    app()
