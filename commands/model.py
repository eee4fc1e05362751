"""Models of the forecast: listed, rolled back."""

import datetime as dt
import time
from typing import Annotated

import typer
from rich.table import Table

from commands.shell import console, fail
from data.settings import read_settings

app = typer.Typer()
models = typer.Typer(help="Models of the forecast.", no_args_is_help=True)
app.add_typer(models, name="model")

PERSON = "manage.py"
"""Noted as who set a model aside, where it was done from the command line."""
Scope = Annotated[str, typer.Option(help="Study area, a division code; the installation's own unless given")]


@models.command("list")
def list_(scope: Scope = "") -> None:
    """Models of a study area, newest first; the first that is not set aside is in use."""
    from data.filter import date_of
    from data.forecasts.models import list_models
    from data.store import open_store

    settings = read_settings()
    table = Table("Model", "Learnt until", "Learnt at", "Method", "State")
    in_use = True
    for stored in list_models(open_store(settings), settings, scope or settings.root_code):
        state = "set aside" if stored.set_aside else "in use" if in_use else "earlier"
        in_use &= stored.set_aside
        learnt = dt.datetime.fromtimestamp(stored.learnt_at, settings.timezone)
        table.add_row(str(stored.id), str(date_of(stored.as_of)), f"{learnt:%Y-%m-%d %H:%M}", stored.method, state)
    console.print(table)


@models.command()
def back(scope: Scope = "") -> None:
    """Set the model in use aside and go back to the one before; the next assessment uses that one or learns anew."""
    from data.forecasts.models import model_in_use, roll_back
    from data.store import open_store

    settings = read_settings()
    engine = open_store(settings)
    area = scope or settings.root_code
    if model_in_use(engine, settings, area) is None:
        fail(f"There is no model of {area} in use. `manage.py assess` learns one.")
    now = roll_back(engine, settings, area, person=PERSON, moment=int(time.time()))
    console.print(f"Model {now.id} is in use." if now else "No model is left; the next assessment learns a new one.")
