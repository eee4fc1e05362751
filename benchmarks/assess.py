"""A province's assessment from the published pool: all levels and types, classes and clusters; and how it grows."""

import shutil
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer
from sqlalchemy import delete
from sqlalchemy.engine import make_url

from benchmarks.figures import peak_mb, show
from data.assessments.assess import Assessor
from data.assessments.ordered import Order
from data.assessments.parameters import Parameters
from data.counting import Counting
from data.counts import Counts
from data.cube import count_cube
from data.filter import IncidentFilter
from data.layers import layer_of
from data.settings import Settings, read_settings
from data.store import open_store, writing
from data.study_area import area_of_cells
from data.tables import assessment_parts, assessment_run_parts, assessment_runs, hotspots, scan_clusters
from geo.locate import open_locator
from risk.sparse_emerging import emerging_places

app = typer.Typer()
CURVE_STEPS = (26, 52, 104, 208)


@app.command()
def main(
    levels: Annotated[str, typer.Option(help="Levels; all unless given")] = "",
    types: Annotated[str, typer.Option(help="Types; 20 and the total unless given")] = "",
    steps: Annotated[int, typer.Option(help="Weeks")] = 104,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Time one run over a copy of the installation's store, a second run over the same, and the curve."""
    own = read_settings()
    now = pd.Timestamp.now(own.timezone)
    with tempfile.TemporaryDirectory() as folder:
        settings = copy_of(own, Path(folder))
        engine = open_store(settings)
        counting = Counting(engine, settings)
        latest = max(Counts(engine, counting).latest().values())
        newest = pd.Timestamp(latest, unit="s", tz="UTC").tz_convert(own.timezone)
        parameters = Order(levels, types, own.root_code, steps=steps).parameters(newest, now)
        assessor = Assessor(engine, counting, settings)
        begin, cpu = time.perf_counter(), time.process_time()
        outcome = assessor.assess(parameters)
        figures: dict[str, Any] = {
            "seconds": round(time.perf_counter() - begin, 2),
            "cpu_s": round(time.process_time() - cpu, 2),
            "peak_mb": peak_mb(),
            "parts": outcome.computed,
            "layers": len(parameters.layers),
            "types": len(parameters.dispute_types),
            "steps": steps,
        }
        begin = time.perf_counter()
        figures["second_run_new"] = assessor.assess(parameters).new
        figures["second_run_seconds"] = round(time.perf_counter() - begin, 3)
        figures["curve"] = curve(counting, settings, parameters)
        counting.close()
        engine.dispose()
    show(figures, as_json=as_json)


def copy_of(own: Settings, folder: Path) -> Settings:
    """An installation in a folder: a copy of the store without its runs, and the same files; the own is not touched."""
    source = make_url(own.url)
    if source.get_backend_name() != "sqlite" or not source.database:
        raise typer.BadParameter("only a store in one SQLite file can be copied for measuring")
    shutil.copy(source.database, folder / "store.sqlite")
    for name in ("segments", "geography"):
        (folder / name).symlink_to((own.var / name).resolve())
    settings = replace(own, var=folder, database_url="")
    engine = open_store(settings)
    tables = (assessment_run_parts, assessment_runs, assessment_parts, hotspots, scan_clusters)
    with writing(engine) as connection:
        # Parts of earlier runs would be recognised and not computed again.
        for table in tables:
            connection.execute(delete(table))
    engine.dispose()
    return settings


def curve(counting: Counting, settings: Settings, parameters: Parameters) -> list[dict[str, Any]]:
    """CPU seconds of the classes of all types together, by places and steps; `microseconds` are per place and step."""
    locator = open_locator(settings.geography)
    points = []
    for name in ("cell6", "cell7"):
        area = area_of_cells(counting, parameters.scope, layer_of(name), locator)
        for steps in CURVE_STEPS:
            cut = replace(parameters, steps=steps).cut
            asked = IncidentFilter(parameters.scope, cut.period)
            cube = count_cube(counting, asked, layer=area.layer, places=area.places, steps=cut)
            series = cube.series()
            begin = time.process_time()
            emerging_places(series, area.neighbours, steps=steps, settings=parameters.emerging, least_cases=3)
            seconds = time.process_time() - begin
            size = len(area.places) * steps
            points.append(
                {
                    "places": len(area.places),
                    "steps": steps,
                    "cpu_s": round(seconds, 3),
                    "microseconds": round(1e6 * seconds / size, 3),
                }
            )
    return points
