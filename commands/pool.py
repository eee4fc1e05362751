"""Files into the pool, and the pool published."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from commands.shell import console, fail, now, progress
from data.settings import read_settings

app = typer.Typer()


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV, XLSX or Parquet")],
    source: Annotated[str, typer.Option(help="Feed: hotline, police, court, …, or one of var/profiles")],
    datum: Annotated[str, typer.Option(help="Datum: wgs84, gcj02, bd09; the profile's if not given")] = "",
    rejected: Annotated[Path | None, typer.Option(help="Write rejected rows to this CSV")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one JSON line")] = False,
) -> None:
    """Take in one file, all or nothing, and publish it."""
    from data.batch_import import Delivery, import_file
    from data.batches import rejected_csv
    from data.feeds.profiles import read_profiles
    from data.places import open_places
    from data.readers.errors import BadFileError
    from data.segments import publish as publish_log
    from data.store import PoolUnavailableError, open_store
    from geo.datum import Datum
    from geo.schematic import is_built

    settings = read_settings()
    if not is_built(settings.geography):
        fail("There is no geography yet to place incidents in: run `manage.py geography` (or `demo`) first.")
    try:
        profile = read_profiles(settings).get(source)
        if profile is None:
            fail(f"没有名为 {source} 的来源配置。请核对名称,或在 var/profiles 下新建 {source}.yaml。")
        delivery = Delivery(file, profile.source, Datum(datum or profile.datum), profile=profile)
    except ValueError as error:
        fail(str(error))
    engine = open_store(settings)
    with progress(transient=True) as bars:
        task = bars.add_task("Rows read: 0", total=None)
        try:
            batch = import_file(
                engine,
                open_places(settings),
                delivery,
                as_of=now(settings),
                on_progress=lambda rows: bars.update(task, description=f"Rows read: {rows:,}"),
                settings=settings,
            )
        except BadFileError as error:
            fail(f"{file.name}: {error}")
        except PoolUnavailableError as error:
            fail(f"{file.name}: nothing was imported, the store does not answer: {error}")
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
