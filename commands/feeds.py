"""Feeds: their profiles, watched folders, and pulls from other databases."""

import json
import os
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from commands.shell import console, fail, now
from data.settings import Settings, read_settings

if TYPE_CHECKING:
    from data.feeds.profile import FeedProfile
    from data.feeds.watching import Taken, Watch

app = typer.Typer()

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as one JSON line")]


@app.command()
def profiles() -> None:
    """Check and list the profiles of all feeds, the shipped ones and those in var/profiles."""
    found = _profiles(read_settings())
    table = Table("feed", "title", "source", "datum", "rhythm", "pull")
    for each in found.values():
        view = each.pull.view if each.pull else ""
        table.add_row(each.name, each.title, each.source, each.datum.value, f"{each.rhythm_minutes} min", view)
    console.print(table)


@app.command()
def watch(
    feed: Annotated[list[str] | None, typer.Option(help="Feed to watch; again for each further one; all else")] = None,
    once: Annotated[bool, typer.Option("--once", help="Look once and end, for cron")] = False,
    settle: Annotated[int, typer.Option(min=0, help="Seconds a file must have stayed as it is")] = 10,
    every: Annotated[int, typer.Option(min=1, help="Seconds between two looks")] = 5,
    as_json: AsJson = False,
) -> None:
    """Take in the files that come into var/inbox/FEED and put them away in done or failed with a report."""
    from data.feeds.watching import Watch
    from data.locks import HeldElsewhereError, only_one
    from data.places import open_places
    from data.store import open_store

    settings = read_settings()
    found = _profiles(settings)
    wanted = [_chosen(found, name) for name in feed] if feed else list(found.values())
    _check_geography(settings)
    engine = open_store(settings)
    looks = Watch(engine, open_places(settings), settings, wanted, settle)
    try:
        with only_one(engine, settings, "watch", wait=False):
            _look(looks, as_json)
            while not once:
                time.sleep(every)
                _look(looks, as_json)
    except HeldElsewhereError:
        fail("Another process watches the folders already.")
    except OSError as error:
        fail(str(error))
    except KeyboardInterrupt:
        console.print("Stopped.")


def _look(looks: "Watch", as_json: bool) -> None:
    """Look once; a store that does not answer keeps the files where they are for the next look."""
    from data.segments import publish
    from data.unavailable import PoolUnavailableError

    try:
        taken = looks.look(now(looks.settings))
        if any(each.batch is not None for each in taken):
            publish(looks.engine, looks.settings)
    except PoolUnavailableError as error:
        typer.echo(f"The store does not answer, the next look tries again: {error}", err=True)
        return
    for each in taken:
        _tell(each, as_json)


def _tell(taken: "Taken", as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(asdict(taken), ensure_ascii=True))
        return
    name = f"{taken.feed}/{ascii(taken.file) if not taken.file.isprintable() else taken.file}"
    if taken.batch is None:
        typer.echo(f"{name}: failed. {taken.reason}")
        return
    batch = taken.batch
    typer.echo(
        f"{name}: {batch.rows_read} rows, {batch.added} added, {batch.updated} updated, "
        f"{batch.unchanged} unchanged, {batch.rejected} rejected"
        + (" (the very same file came before)" if batch.repeat_of else "")
        + (" (still being written, stays)" if taken.still_written else "")
    )


@app.command()
def pull(
    feed: Annotated[str, typer.Argument(help="Feed whose profile says which view to read")],
    as_json: AsJson = False,
) -> None:
    """Take in what another database's view holds since the last pull, and publish it."""
    from data.feeds.pulling import pull as pull_view
    from data.feeds.remote_view import PullError
    from data.locks import HeldElsewhereError, only_one
    from data.places import open_places
    from data.segments import publish
    from data.store import open_store

    settings = read_settings()
    profile = _chosen(_profiles(settings), feed)
    if profile.pull is None:
        fail(f"来源 {feed} 的配置没有 pull 一节。请先写明视图和水位列。")
    url = os.environ.get(profile.pull.url_variable, "")
    if not url:
        fail(f"环境变量 {profile.pull.url_variable} 没有设置。请把来源数据库的地址放在其中。")
    _check_geography(settings)
    engine = open_store(settings)
    try:
        with only_one(engine, settings, f"pull-{feed}", wait=False):
            done = pull_view(engine, open_places(settings), profile, url, as_of=now(settings))
    except PullError as error:
        publish(engine, settings)  # parts before the failure are stored
        fail(str(error))
    except HeldElsewhereError:
        fail(f"Another process pulls {feed} at the moment.")
    publish(engine, settings)
    if as_json:
        typer.echo(json.dumps(asdict(done), ensure_ascii=False))
        return
    console.print(
        f"{done.rows_read:,} rows read: {done.written.added:,} added, {done.written.updated:,} updated, "
        f"{done.written.unchanged:,} unchanged, {done.rejected:,} rejected.",
        highlight=False,
    )


def _profiles(settings: Settings) -> "dict[str, FeedProfile]":
    from data.feeds.profiles import read_profiles
    from data.feeds.yaml_section import BadProfileError

    try:
        return read_profiles(settings)
    except BadProfileError as error:
        fail(str(error))


def _chosen(found: "dict[str, FeedProfile]", name: str) -> "FeedProfile":
    if name not in found:
        fail(f"没有名为 {name} 的来源配置,只有:{'、'.join(found)}。请核对名称,或在 var/profiles 下新建 {name}.yaml。")
    return found[name]


def _check_geography(settings: Settings) -> None:
    from geo.schematic import is_built

    if not is_built(settings.geography):
        fail("There is no geography yet to place incidents in: run `manage.py geography` (or `demo`) first.")
