"""Keys of feeds that post incidents over HTTP."""

import json
from typing import TYPE_CHECKING, Annotated

import pandas as pd
import typer
from rich.table import Table

from commands.shell import console, fail, now
from data.settings import Settings, read_settings

if TYPE_CHECKING:
    from data.api_keys import Grant

app = typer.Typer()
key = typer.Typer(help="Keys of feeds that post incidents", no_args_is_help=True)
app.add_typer(key, name="key")

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as one JSON line")]


@key.command()
def create(
    name: Annotated[str, typer.Argument(help="Whose key it is")],
    source: Annotated[list[str] | None, typer.Option(help="Source it may post; again for each further one")] = None,
    datum: Annotated[str, typer.Option(help="Datum of its coordinates: wgs84, gcj02, bd09; else the profile's")] = "",
    division: Annotated[str, typer.Option(help="Rows outside are rejected; the installation's own if not given")] = "",
    profile: Annotated[str, typer.Option(help="Feed profile that it writes by, in place of the source's own")] = "",
    days: Annotated[int | None, typer.Option(min=1, help="Days until it expires; never if not given")] = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and print it, once: only its hash is kept."""
    from data.api_keys import create_key
    from data.store import PoolUnavailableError, open_store

    settings = read_settings()
    moment = int(now(settings).timestamp())
    expires = None if days is None else moment + days * 86_400
    try:
        grant = _grant(settings, name, source or [], datum, division, profile, expires)
        made, text = create_key(open_store(settings), grant, now=moment)
    except (ValueError, PoolUnavailableError) as error:
        fail(str(error))
    if as_json:
        typer.echo(json.dumps({"id": made.id, "key": text}))
        return
    console.print(f"Key {made.id} of {made.name}. Keep it now, it can not be shown again:", highlight=False)
    typer.echo(text)


def _grant(
    settings: Settings, name: str, sources: list[str], datum: str, division: str, profile: str, expires: int | None
) -> "Grant":
    from data.api_keys import Grant
    from data.feeds.profiles import read_profiles
    from geo.datum import Datum

    if profile:
        profiles = read_profiles(settings)
        if profile not in profiles:
            raise ValueError(f"expected a profile of {', '.join(profiles)}, found {profile!r}")
        feed = profiles[profile]
        sources, datum = sources or [feed.source], datum or feed.datum.value
    if not datum:
        raise ValueError("expected --datum (wgs84, gcj02, bd09) or a --profile that says it, found neither")
    return Grant(name, tuple(sources), division or settings.root_code, Datum(datum), profile, expires)


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
