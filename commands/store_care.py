"""Look after what is published: put together, clear up, recount, rebuild."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.table import Table
from sqlalchemy import Engine

from commands.shell import console, fail
from data.settings import Settings, read_settings

app = typer.Typer()

AS_JSON = Annotated[bool, typer.Option("--json", help="Print the result as one JSON line")]
LEVELS = {"province": 1, "city": 2, "county": 3, "township": 4, "village": 5, "grid": 6}
SHOWN = 50
"""Differences printed for people; `--json` has all of them."""


@contextmanager
def _pool() -> Iterator[tuple[Engine, Settings]]:
    from data.store import PoolUnavailableError, open_store

    settings = read_settings()
    try:
        engine = open_store(settings)
        yield engine, settings
        engine.dispose()
    except PoolUnavailableError as error:
        fail(str(error))


@app.command()
def compact(as_json: AS_JSON = False) -> None:
    """Put the segments together by month, one file each or a few; no count changes, readers go on."""
    from data.segments import compact as put_together

    with _pool() as (engine, settings):
        done = put_together(engine, settings)
    if as_json:
        typer.echo(json.dumps(done.__dict__))
    else:
        console.print(f"{done.before:,} segments became {done.after:,}; {done.rows:,} rows written again.")


@app.command()
def collect(
    grace: Annotated[int, typer.Option(min=0, help="Seconds that a nameless file stays for queries under way")] = 900,
    as_json: AS_JSON = False,
) -> None:
    """Remove files that no manifest names, such as those that compaction replaced."""
    from data.segments import collect as clear

    with _pool() as (engine, settings):
        files, size = clear(engine, settings, grace=grace)
    if as_json:
        typer.echo(json.dumps({"files": files, "bytes": size}))
    else:
        console.print(f"{files:,} files removed, {size / 1e6:,.1f} MB.")


@app.command()
def verify(
    level: Annotated[str, typer.Option(help=f"Places that differences are told by: {', '.join(LEVELS)}")] = "county",
    as_json: AS_JSON = False,
) -> None:
    """Recount current rows, log and segments; say where they differ and end with code 1 where they do."""
    from data.segments import verify as recount

    if level not in LEVELS:
        fail(f"没有“{level}”这一层级。可选：{', '.join(LEVELS)}。")
    with _pool() as (engine, settings):
        found = recount(engine, settings, level=LEVELS[level])
    differences = found.differences.to_dict("records")
    if as_json:
        figures = {**found.__dict__, "differences": differences, "sound": found.is_sound}
        typer.echo(json.dumps(figures, ensure_ascii=False))
    else:
        for said in found.damaged:
            typer.echo(said)
        if differences:
            console.print(_table(differences[:SHOWN]))
            typer.echo(f"{len(differences):,} differences.")
        typer.echo(
            f"{found.incidents:,} incidents, {found.log_rows:,} rows in the log, {found.segment_rows:,} in segments, "
            f"{found.unpublished:,} not published yet: {'all agree' if found.is_sound else 'NOT SOUND'}."
        )
    if not found.is_sound:
        raise typer.Exit(1)


def _table(differences: list[dict]) -> Table:
    table = Table(*differences[0])
    for row in differences:
        table.add_row(*map(str, row.values()))
    return table


@app.command()
def rebuild(
    everything: Annotated[bool, typer.Option("--all", help="All segments, whatever their checksums say")] = False,
    as_json: AS_JSON = False,
) -> None:
    """Make missing and damaged segments again from the log."""
    from data.segments import rebuild as make_again
    from data.segments.rebuilding import LogIncompleteError

    with _pool() as (engine, settings):
        try:
            done = make_again(engine, settings, everything=everything)
        except LogIncompleteError as error:
            fail(str(error))
    if as_json:
        typer.echo(json.dumps(done.__dict__))
    else:
        console.print(f"{done.checked:,} segments checked, {len(done.files):,} made again.")
