"""What every command shares: the console, progress bars, the clock, and how a command ends in failure."""

from typing import NoReturn

import pandas as pd
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from data.settings import Settings

console = Console()


def now(settings: Settings) -> pd.Timestamp:
    """The present second, local."""
    return pd.Timestamp.now(settings.timezone).floor("s")


def progress(*, transient: bool = False) -> Progress:
    """Bars of the house."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=transient)


def fail(message: str) -> NoReturn:
    """Say why on the error stream and end with code 2."""
    typer.echo(message, err=True)
    raise typer.Exit(2)
