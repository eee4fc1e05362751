"""The record store's schema from release to release."""

from typing import Annotated

import typer

from commands.shell import console, fail
from data.settings import read_settings

app = typer.Typer()
store = typer.Typer(help="The record store's schema from release to release.", no_args_is_help=True)
app.add_typer(store, name="store")


@store.command()
def upgrade() -> None:
    """Make the tables of a new store, or bring an older one to this release and publish it anew.

    Whatever opens the store does the same; on PostgreSQL it takes the owner of the tables, whom nothing else needs.
    """
    from data.revisions import newest_revision
    from data.store import PoolUnavailableError, open_store

    try:
        open_store(read_settings()).dispose()
    except PoolUnavailableError as error:
        fail(str(error))
    console.print(f"The store is at revision {newest_revision()}.")


@store.command()
def downgrade(
    revision: Annotated[str, typer.Argument(help="Revision of the release to go back to, such as 0001")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask")] = False,
) -> None:
    """Take the store back to an earlier release: what only later ones know is lost, so make a backup first."""
    from data.engines import make_engine
    from data.revisions import UnknownRevisionError, move_to
    from data.store import PoolUnavailableError, writing

    if not yes:
        typer.confirm("What only later releases know will be lost. Is there a backup?", abort=True)
    engine = make_engine(read_settings())
    try:
        with writing(engine) as connection:
            move_to(connection, revision)
    except (ValueError, UnknownRevisionError, PoolUnavailableError) as error:
        fail(str(error))
    console.print(f"The store is at revision {revision}. Run that release's `manage.py publish` next.")


@store.command()
def revision(message: Annotated[str, typer.Argument(help="What changed, in a few words")]) -> None:
    """Write a migration for tables that changed (for developers); read it over before it is committed."""
    from data.revisions import write_revision

    file = write_revision(message)
    console.print(f"Written: {file}" if file else "The tables are as the newest revision says.")
