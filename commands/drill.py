"""Drills: faults made on purpose, with figures."""

import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from commands.shell import console

app = typer.Typer()
drill = typer.Typer(help="Faults made on purpose, in a place of their own, with figures.", no_args_is_help=True)
app.add_typer(drill, name="drill")


@drill.callback()
def drills() -> None:
    """Faults made on purpose, in a place of their own, with figures."""


@drill.command()
def crash(
    kills: Annotated[int, typer.Option(min=1, help="How often the worker is killed")] = 100,
    readers: Annotated[int, typer.Option(min=1, help="Processes that count meanwhile")] = 2,
    seed: Annotated[int, typer.Option(help="Of the moments of the kills")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one JSON line")] = False,
) -> None:
    """Kill import, publication and compaction at random moments while readers count; code 1 if anything is wrong."""
    from benchmarks.drills.crash import crash_drill
    from data.settings import Settings

    with tempfile.TemporaryDirectory() as folder:
        done = crash_drill(Settings(var=Path(folder)), kills=kills, seed=seed, readers=readers)
    if as_json:
        typer.echo(json.dumps(asdict(done)))
    else:
        for name, value in asdict(done).items():
            console.print(f"{name}: {value}")
    if not done.is_passed:
        raise typer.Exit(1)
