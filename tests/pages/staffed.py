"""An installation of the demo's data with centres in it, for tests of the pages that show them."""

import shutil
from pathlib import Path

import geopandas as gpd
import pandas as pd

from data.centres.importing import import_centres
from data.centres.parsing import CentreRules
from data.centres.settings import read_centre_settings
from data.places import open_places
from data.settings import Settings
from data.simulation.centres import write_centres
from data.store import open_store
from geo.datum import Datum
from geo.divisions import read_divisions
from geo.schematic import FILES

AT = pd.Timestamp("2026-11-25 09:42", tz="Asia/Shanghai")


def copy_of(demo: Settings, var: Path) -> Settings:
    """The demo's store, copied; its folders are only linked."""
    settings = Settings(var=var)
    shutil.copy(demo.var / "store.sqlite", settings.var / "store.sqlite")
    for folder in ("geography", "segments"):
        (settings.var / folder).symlink_to(demo.var / folder)
    return settings


def add_centres(settings: Settings) -> None:
    """Write the simulated centres and take them in."""
    kinds, file = read_centre_settings(settings), settings.var / "list.csv"
    townships = gpd.read_parquet(settings.geography / FILES[4])
    write_centres(file, divisions=read_divisions(), townships=townships, settings=kinds, seed=0)
    engine = open_store(settings)
    rules = CentreRules(kinds, open_places(settings), settings.root_code, Datum.WGS84)
    import_centres(engine, file, rules, at=AT, simulated=True)
    engine.dispose()
