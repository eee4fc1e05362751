"""Governance centres: take in an office's list of them."""

import json
from pathlib import Path
from typing import Annotated

import typer

from commands.shell import console, fail, now
from data.settings import read_settings

app = typer.Typer()
centres = typer.Typer(help="Governance centres", no_args_is_help=True)
app.add_typer(centres, name="centres")

SHOWN_REJECTED = 20


@centres.command("import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV or XLSX, one row a centre")],
    datum: Annotated[str, typer.Option(help="Datum of its coordinates: wgs84, gcj02, bd09")] = "wgs84",
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one JSON line")] = False,
) -> None:
    """Take in a list of centres with their rooms and numbers of people; a later row with a code holds."""
    from data.centres.importing import import_centres
    from data.centres.parsing import CentreRules
    from data.centres.settings import BadCentreFileError, read_centre_settings
    from data.places import open_places
    from data.readers.errors import BadFileError
    from data.store import open_store
    from geo.datum import Datum
    from geo.schematic import is_built

    settings = read_settings()
    if datum not in [known.value for known in Datum]:
        fail(f"坐标系应为 {'、'.join(known.value for known in Datum)} 之一,现在是“{datum}”。")
    if not is_built(settings.geography):
        fail("There is no geography yet to place centres in: run `manage.py geography` (or `demo`) first.")
    try:
        rules = CentreRules(read_centre_settings(settings), open_places(settings), settings.root_code, Datum(datum))
        done = import_centres(open_store(settings), file, rules, at=now(settings))
    except (BadFileError, BadCentreFileError) as error:
        fail(str(error))
    if as_json:
        numbers = {name: getattr(done, name) for name in ("rows_read", "added", "updated", "unchanged")}
        refused = {"rejected": len(done.rejected), "dropped_columns": done.dropped_columns}
        typer.echo(json.dumps(numbers | refused, ensure_ascii=False))
        return
    console.print(
        f"{done.rows_read:,} rows read: {done.added:,} added, {done.updated:,} updated, {done.unchanged:,} unchanged, "
        f"{len(done.rejected):,} rejected.",
        highlight=False,
    )
    if done.dropped_columns:
        typer.echo(f"未导入的列:{'、'.join(done.dropped_columns)}")
    for row in done.rejected.head(SHOWN_REJECTED).itertuples():
        typer.echo(f"第 {row.line} 行 {row.column}:{row.reason}")
    if len(done.rejected) > SHOWN_REJECTED:
        typer.echo(f"另有 {len(done.rejected) - SHOWN_REJECTED} 行被拒收。")
