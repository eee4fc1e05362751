"""How well emerging clusters are found, at one false alert a year.

Four methods look at the same weekly counts: the prospective permutation scan, the emerging classes, an EWMA chart and
the change from week to week. Each gets the threshold at which data with permuted dates alert once in 365 days, and the
rate is then measured on other permutations. A cluster counts as found by an alert that shares a cell with it and that
the same week does not raise without the cluster. The clusters are put into a city's real incidents, or they are the
hotspots of a simulated province, whose truth is known.
"""

import tempfile
from pathlib import Path
from typing import Annotated, Any

import geopandas as gpd
import pandas as pd
import typer

from benchmarks.detecting.area import WEEKS
from benchmarks.detecting.injected import read_city, study_city
from benchmarks.detecting.nulls import LEAST_NULLS
from benchmarks.detecting.simulated import study_simulation
from benchmarks.figures import show
from data.settings import read_settings
from data.simulation import simulate
from geo.divisions import read_divisions
from geo.schematic import FILES

app = typer.Typer()
NEWEST = "2026-01-01"
"""End of the simulation: the same seed gives the same figures on any day."""


@app.command()
def main(
    incidents: Annotated[
        Path | None, typer.Option(exists=True, help="CSV or ZIP, no header: time, kind, latitude, longitude")
    ] = None,
    simulation: Annotated[bool, typer.Option("--simulation", help="A simulated province instead of a file")] = False,
    kinds: Annotated[str, typer.Option(help="Kinds to keep, comma-separated; all if empty")] = "BATTERY,ASSAULT",
    trials: Annotated[int, typer.Option(min=1, help="Clusters put in per relative risk")] = 60,
    nulls: Annotated[int, typer.Option(min=LEAST_NULLS, help="Permutations for the thresholds")] = 1000,
    simulated: Annotated[int, typer.Option(min=1000, help="Incidents of the simulation")] = 200_000,
    weeks: Annotated[int, typer.Option(min=10, help="Weeks a look at the simulation goes back")] = WEEKS,
    seed: Annotated[int, typer.Option()] = 1,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Power, delay, place error and false alerts of four methods, side by side."""
    if simulation == (incidents is not None):
        raise typer.BadParameter("expected either --incidents FILE or --simulation")
    if incidents is not None:
        city = read_city(incidents, [kind for kind in kinds.split(",") if kind])
        show(study_city(city, trials=trials, nulls=nulls, seed=seed), as_json=as_json)
        return
    show(of_simulation(simulated, weeks=weeks, nulls=nulls, seed=seed), as_json=as_json)


def of_simulation(incidents: int, *, weeks: int, nulls: int, seed: int) -> dict[str, Any]:
    """Simulate two years over the installation's grids, and study them."""
    settings = read_settings()
    grids = settings.geography / FILES[6]
    if not grids.exists():
        raise typer.BadParameter("expected the installation's grids: run manage.py geography first")
    with tempfile.TemporaryDirectory() as folder:
        simulate(
            Path(folder),
            grids=gpd.read_parquet(grids),
            divisions=read_divisions(),
            end=pd.Timestamp(NEWEST, tz=settings.timezone),
            incidents=incidents,
            seed=seed,
        )
        return study_simulation(Path(folder), weeks=weeks, nulls=nulls, seed=seed)
