"""The operator's command line."""

import importlib
import json
import pkgutil
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from data.settings import Settings, read_settings

app = typer.Typer(help="平安地图 operations", no_args_is_help=True, pretty_exceptions_enable=False)
console = Console()

STEPS = {
    "geography": "Townships, villages, grids",
    "simulation": "Simulated feeds",
    "import": "Import",
    "publish": "Publish",
    "legend": "Legend classes",
}


@app.callback()
def main() -> None:
    """Operate the map: build the demo, import files, publish, measure."""


@app.command()
def demo(
    incidents: Annotated[int, typer.Option(min=1000, help="Distinct simulated incidents")] = 200_000,
    days: Annotated[int, typer.Option(min=120, help="Days of history before now")] = 730,
    seed: Annotated[int, typer.Option(help="Same seed, same incidents")] = 0,
    if_missing: Annotated[bool, typer.Option("--if-missing", help="Do nothing where data are there already")] = False,
) -> None:
    """Draw the schematic geography, simulate eight feeds and take them in."""
    from data.demo import Demo, RealDataError, build_demo, build_geography, has_real_data, is_demo_built

    settings = read_settings()
    if if_missing and is_demo_built(settings):
        return
    with _progress() as bars:
        tasks = {name: bars.add_task(label, total=1.0) for name, label in STEPS.items()}

        def show(step: str, share: float) -> None:
            bars.update(tasks[step], completed=share)

        if if_missing and has_real_data(settings):
            build_geography(settings, show)
            return
        try:
            done = build_demo(settings, Demo(incidents, days, seed), end=_now(settings), on_progress=show)
        except RealDataError as error:
            _fail(f"{error} Set PINGAN_VAR or DATABASE_URL to a fresh place for a demo.")
        _fit_legend(settings)
        show("legend", 1.0)
    added, rejected = sum(batch.added for batch in done), sum(batch.rejected for batch in done)
    console.print(f"Demo ready: {added:,} simulated incidents, {rejected:,} dirty rows rejected, as feeds have them.")


@app.command()
def geography() -> None:
    """Draw the schematic townships, villages and grids; what an installation with real feeds needs first."""
    from data.demo import build_geography

    with _progress() as bars:
        task = bars.add_task(STEPS["geography"], total=1.0)
        build_geography(read_settings(), lambda _step, share: bars.update(task, completed=share))


@app.command()
def legend() -> None:
    """Fit the legend's classes anew to the last 365 days; colours change their meaning, so do it once a year."""
    _fit_legend(read_settings())


def _fit_legend(settings: Settings) -> None:
    from dashboard.breaks import fit_all, write_breaks
    from data.counting import Counting
    from data.store import open_store

    engine = open_store(settings)
    counting = Counting(engine, settings)
    until = (_now(settings) + pd.Timedelta(days=1)).date()
    write_breaks(settings, fit_all(counting, settings, until=until))
    counting.close()
    engine.dispose()


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV, XLSX or Parquet")],
    source: Annotated[str, typer.Option(help="hotline, police, court, petition, grid_patrol, citizen, walk_in, …")],
    datum: Annotated[str, typer.Option(help="Datum of its coordinates: wgs84, gcj02, bd09")],
    rejected: Annotated[Path | None, typer.Option(help="Write rejected rows to this CSV")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one JSON line")] = False,
) -> None:
    """Take in one file, all or nothing, and publish it."""
    from data.batch_import import Delivery, import_file
    from data.batches import rejected_csv
    from data.places import open_places
    from data.readers.errors import BadFileError
    from data.segments import publish as publish_log
    from data.store import PoolUnavailableError, open_store
    from geo.datum import Datum
    from geo.schematic import is_built

    settings = read_settings()
    if not is_built(settings.geography):
        _fail("There is no geography yet to place incidents in: run `manage.py geography` (or `demo`) first.")
    try:
        delivery = Delivery(file, source, Datum(datum))
    except ValueError as error:
        _fail(str(error))
    engine = open_store(settings)
    with _progress(transient=True) as bars:
        task = bars.add_task("Rows read: 0", total=None)
        try:
            batch = import_file(
                engine,
                open_places(settings),
                delivery,
                as_of=_now(settings),
                on_progress=lambda rows: bars.update(task, description=f"Rows read: {rows:,}"),
            )
        except BadFileError as error:
            _fail(f"{file.name}: {error}")
        except PoolUnavailableError as error:
            _fail(f"{file.name}: nothing was imported, the store does not answer: {error}")
    publish_log(engine, settings)
    if rejected and batch.id:
        rejected.write_bytes(rejected_csv(engine, batch.id))
    _show_batch(batch.__dict__, as_json)


def _show_batch(figures: dict, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(figures, ensure_ascii=False))
        return
    table = Table(show_header=False)
    for name, value in figures.items():
        table.add_row(name, str(value))
    console.print(table)


@app.command()
def publish() -> None:
    """Publish what the log holds beyond the manifest."""
    from data.segments import publish as publish_log
    from data.store import open_store

    settings = read_settings()
    rows = publish_log(open_store(settings), settings)
    console.print(f"{rows:,} rows published.")


@app.command()
def assess(
    levels: Annotated[str, typer.Option(help="city, county, township, village, grid, cell5-cell9; comma between")] = "",
    types: Annotated[str, typer.Option(help="Dispute types, `total` for all together; comma between")] = "",
    scope: Annotated[str, typer.Option(help="Study area, a division code; the installation's own unless given")] = "",
    as_of: Annotated[str, typer.Option(help="Last day counted, YYYY-MM-DD; the last complete one unless given")] = "",
    left_out: Annotated[int, typer.Option(min=0, help="Last days left out, whose reports are still coming in")] = 0,
    step: Annotated[str, typer.Option(help="day, week or month")] = "week",
    steps: Annotated[int, typer.Option(min=2, help="How many")] = 104,
    scan: Annotated[bool, typer.Option(help="Look for clusters in space and time as well")] = True,
    keep: Annotated[int, typer.Option(min=1, help="Runs kept, so that they can be compared")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one JSON line")] = False,
) -> None:
    """Find emerging hotspots and clusters in what is published; says nothing new where nothing is."""
    from data.assessments.assess import MovingDataError
    from data.assessments.lock import AssessmentRunningError
    from data.assessments.ordered import Order, assess_pool
    from data.store import PoolUnavailableError

    settings = read_settings()
    try:
        order = Order(levels, types, scope or settings.root_code, as_of, left_out, step, steps, scan, keep)
        with _progress() as bars:
            task = bars.add_task("Assessment", total=None)
            outcome = assess_pool(
                settings,
                order,
                now=_now(settings),
                on_progress=lambda label, done, of: bars.update(task, description=label, completed=done, total=of),
            )
    except (ValueError, AssessmentRunningError, MovingDataError, PoolUnavailableError) as error:
        _fail(str(error))
    if as_json:
        typer.echo(json.dumps(outcome.__dict__))
    elif outcome.new:
        console.print(f"Run {outcome.run_id}: {outcome.computed} parts computed, {outcome.reused} as before.")
    else:
        console.print(f"Nothing new: run {outcome.run_id} says the same.")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})
def bench(context: typer.Context, name: Annotated[str, typer.Argument(help="Which benchmark")]) -> None:
    """Run one benchmark: `manage.py bench locate --points 1000000 --json`."""
    import benchmarks

    known = sorted(found.name for found in pkgutil.iter_modules(benchmarks.__path__) if found.name != "figures")
    if name not in known:
        _fail(f"No benchmark named {name!r}. There are: {', '.join(known)}.")
    importlib.import_module(f"benchmarks.{name}").app(context.args, prog_name=f"manage.py bench {name}")


def _now(settings: Settings) -> pd.Timestamp:
    return pd.Timestamp.now(settings.timezone).floor("s")


def _progress(*, transient: bool = False) -> Progress:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=transient)


def _fail(message: str) -> None:
    typer.echo(message, err=True)
    raise typer.Exit(2)


if __name__ == "__main__":
    app()
