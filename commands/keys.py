"""Keys of feeds that post incidents over HTTP."""

import json
from typing import Annotated

import pandas as pd
import typer
from rich.table import Table

from commands.shell import console, fail, now
from data.settings import read_settings

app = typer.Typer()
key = typer.Typer(help="Keys of feeds that post incidents", no_args_is_help=True)
app.add_typer(key, name="key")

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as one JSON line")]


@key.command()
def create(
    name: Annotated[str, typer.Argument(help="Whose key it is")],
    source: Annotated[list[str], typer.Option(help="Source it may post; again for each further one")],
    datum: Annotated[str, typer.Option(help="Datum of its coordinates: wgs84, gcj02, bd09")],
    division: Annotated[str, typer.Option(help="Rows outside are rejected; the installation's own if not given")] = "",
    days: Annotated[int | None, typer.Option(min=1, help="Days until it expires; never if not given")] = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and print it, once: only its hash is kept."""
    from data.api_keys import Grant, create_key
    from data.store import PoolUnavailableError, open_store
    from geo.datum import Datum

    settings = read_settings()
    moment = int(now(settings).timestamp())
    expires = None if days is None else moment + days * 86_400
    try:
        grant = Grant(name, tuple(source), division or settings.root_code, Datum(datum), expires_at=expires)
        made, text = create_key(open_store(settings), grant, now=moment)
    except (ValueError, PoolUnavailableError) as error:
        fail(str(error))
    if as_json:
        typer.echo(json.dumps({"id": made.id, "key": text}))
        return
    console.print(f"Key {made.id} of {made.name}. Keep it now, it can not be shown again:", highlight=False)
    typer.echo(text)


@key.command("list")
def list_(as_json: AsJson = False) -> None:
    """List all keys, without the keys themselves."""
    from data.api_keys import list_keys
    from data.store import PoolUnavailableError, open_store

    settings = read_settings()
    try:
        keys = list_keys(open_store(settings))
    except PoolUnavailableError as error:
        fail(str(error))
    if as_json:
        typer.echo(json.dumps([each.__dict__ for each in keys], ensure_ascii=False))
        return
    names = ("id", "name", "sources", "division", "datum", "created_at", "expires_at", "revoked_at", "last_used_at")
    table = Table(*names)
    for each in keys:
        values = each.__dict__ | {"sources": ", ".join(each.sources), "datum": each.datum.value}
        for name in names[-4:]:
            values[name] = _local(values[name], settings.timezone)
        table.add_row(*(str(values[name]) for name in names))
    console.print(table)


def _local(seconds: int | None, zone: object) -> str:
    return "" if seconds is None else f"{pd.Timestamp(seconds, unit='s', tz='UTC').tz_convert(zone):%Y-%m-%d %H:%M}"


@key.command()
def revoke(number: Annotated[int, typer.Argument(help="As `key list` shows it")]) -> None:
    """Make a key worthless from now on."""
    from data.api_keys import UnknownKeyError, revoke_key
    from data.store import PoolUnavailableError, open_store

    settings = read_settings()
    try:
        revoke_key(open_store(settings), number, now=int(now(settings).timestamp()))
    except UnknownKeyError:
        fail(f"There is no key {number}; see `manage.py key list`.")
    except PoolUnavailableError as error:
        fail(str(error))
    console.print(f"Key {number} is revoked.")
