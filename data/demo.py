"""The demo: geography drawn, feeds simulated, imported like real ones, published."""

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
from sqlalchemy import select

from data.batch_import import Batch, Delivery, import_file
from data.centres.importing import import_centres
from data.centres.parsing import CentreRules
from data.centres.settings import read_centre_settings
from data.places import Places, open_places
from data.revisions import drop_tables
from data.segments import publish
from data.settings import Settings
from data.simulation import FEED_DATUM, simulate
from data.simulation.centres import write_centres
from data.store import open_store, writing
from data.tables import batches, centres
from geo.datum import Datum
from geo.divisions import read_divisions
from geo.schematic import FILES, build, is_built

CENTRES = "centres.csv"
"""File of the simulated centres, beside those of the feeds."""

Progress = Callable[[str, float], None]
"""Called with the name of the step at work and the share of it that is done, 0 to 1."""


class RealDataError(ValueError):
    """The store holds data that were not simulated."""


@dataclass(frozen=True)
class Demo:
    """What to simulate."""

    incidents: int = 200_000
    days: int = 730
    seed: int = 0


def is_demo_built(settings: Settings) -> bool:
    """Whether a demo was built to its end here, and its geography is of this version."""
    return _marker(settings).is_file() and is_built(settings.geography)


def has_real_data(settings: Settings) -> bool:
    """Whether any batch came from a real feed, or any centre from an office's list."""
    engine = open_store(settings)
    try:
        with engine.connect() as connection:
            real = [select(table.c.id).where(~table.c.simulated).limit(1) for table in (batches, centres)]
            return any(connection.execute(query).first() is not None for query in real)
    finally:
        engine.dispose()


def build_geography(settings: Settings, on_progress: Progress) -> None:
    """Draw the schematic polygons unless they are there."""
    if not is_built(settings.geography):
        build(settings.geography, on_progress=lambda _label, share: on_progress("geography", share))
    on_progress("geography", 1.0)


def build_demo(settings: Settings, demo: Demo, *, end: pd.Timestamp, on_progress: Progress) -> list[Batch]:
    """Build the demo in place of whatever simulated data were there.

    Raises
    ------
    RealDataError
        The store holds real data; nothing was changed.
    """
    if has_real_data(settings):
        raise RealDataError("The store holds data from real feeds; the demo is not built over them.")
    build_geography(settings, on_progress)
    _clear(settings)
    grids = gpd.read_parquet(settings.geography / FILES[6])
    simulate(
        settings.feeds,
        grids=grids,
        divisions=read_divisions(),
        end=end,
        days=demo.days,
        incidents=demo.incidents,
        seed=demo.seed,
        on_progress=lambda _stage, share: on_progress("simulation", share),
    )
    on_progress("simulation", 1.0)
    places = open_places(settings)
    _add_centres(settings, places, seed=demo.seed, at=end)
    on_progress("centres", 1.0)
    done = _import_feeds(settings, places, end, on_progress)
    _marker(settings).write_text(json.dumps(asdict(demo) | {"end": end.isoformat()}))
    return done


def _add_centres(settings: Settings, places: Places, *, seed: int, at: pd.Timestamp) -> None:
    """Write the centres as an office's list, and take the list in."""
    kinds, file = read_centre_settings(settings), settings.feeds / CENTRES
    townships = gpd.read_parquet(settings.geography / FILES[4])
    write_centres(file, divisions=read_divisions(), townships=townships, settings=kinds, seed=seed)
    rules = CentreRules(kinds, places, settings.root_code, Datum.WGS84)
    engine = open_store(settings)
    import_centres(engine, file, rules, at=at, simulated=True)
    engine.dispose()


def _import_feeds(settings: Settings, places: Places, end: pd.Timestamp, on_progress: Progress) -> list[Batch]:
    engine = open_store(settings)
    files = {source: settings.feeds / f"{source}.csv" for source in FEED_DATUM}
    sizes = {source: file.stat().st_size for source, file in files.items()}
    finished, done = 0, []
    for source, file in files.items():
        delivery = Delivery(file, source, FEED_DATUM[source], simulated=True)
        done.append(import_file(engine, places, delivery, as_of=end))
        finished += sizes[source]
        on_progress("import", finished / sum(sizes.values()))
    publish(engine, settings)
    on_progress("publish", 1.0)
    engine.dispose()
    return done


def _clear(settings: Settings) -> None:
    _marker(settings).unlink(missing_ok=True)
    engine = open_store(settings)
    with writing(engine) as connection:
        drop_tables(connection)
    engine.dispose()
    for folder in (settings.segments, settings.feeds):
        shutil.rmtree(folder, ignore_errors=True)


def _marker(settings: Settings) -> Path:
    return settings.var / "demo.json"
