"""Made-up centres: near the published totals, the same for a seed, and taken in like any list."""

import geopandas as gpd
import pandas as pd
import pytest

from data.centres import columns
from data.centres.importing import import_centres
from data.centres.parsing import CentreRules
from data.centres.settings import SHIPPED, read_file
from data.places import open_places
from data.simulation.centres import TOTALS, write_centres
from data.store import open_store
from geo.datum import Datum
from geo.divisions import read_divisions
from geo.schematic import FILES


@pytest.fixture(scope="module")
def written(demo, tmp_path_factory):
    """Two lists of one seed."""
    townships = gpd.read_parquet(demo.geography / FILES[4])
    files = [tmp_path_factory.mktemp("centres") / name for name in ("one.csv", "two.csv")]
    for file in files:
        write_centres(file, divisions=read_divisions(), townships=townships, settings=read_file(SHIPPED), seed=0)
    return files


def test_the_totals_are_those_published_and_every_division_has_a_centre(written):
    table = pd.read_csv(written[0], dtype={columns.DIVISION: "str"})
    assert {name: int(table[columns.NUMBERS[name]].sum()) for name in TOTALS} == TOTALS
    divisions = read_divisions()
    wanted = divisions[(divisions["level"] <= 4) & divisions["counted"]]["code"]
    assert sorted(table[columns.DIVISION]) == sorted(wanted)
    assert (table[columns.NUMBERS["mediators"]] >= 1).all()
    assert (table["接待大厅"] == 1).all()


def test_a_seed_gives_the_same_list(written):
    assert written[0].read_bytes() == written[1].read_bytes()


def test_the_list_is_taken_in_whole_and_a_second_time_adds_nothing(written, demo, bare):
    rules = CentreRules(read_file(SHIPPED), open_places(demo), "62", Datum.WGS84)
    engine, at = open_store(bare), pd.Timestamp("2026-11-25 09:42", tz="Asia/Shanghai")
    first = import_centres(engine, written[0], rules, at=at, simulated=True)
    again = import_centres(engine, written[0], rules, at=at, simulated=True)
    engine.dispose()
    assert (first.added, first.rows_read, len(first.rejected)) == (1506, 1506, 0)
    assert (again.unchanged, again.rows_read) == (1506, 1506)
