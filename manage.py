"""The operator's command line."""

import sys

import typer

from commands import (
    assess,
    backtest,
    bench,
    boundaries,
    centres,
    demo,
    drill,
    feeds,
    keys,
    model,
    pool,
    store,
    store_care,
)

app = typer.Typer(help="平安地图 operations", no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def main() -> None:
    """Operate the map: build the demo, import files, publish, assess, measure."""


for family in (demo, pool, feeds, boundaries, centres, assess, backtest, model, bench, keys, store, store_care, drill):
    app.add_typer(family.app)


def run() -> None:
    """Run a command; a store that does not answer ends any of them with its reason and code 2."""
    try:
        app()
    except RuntimeError as error:
        from data.unavailable import PoolUnavailableError

        if not isinstance(error, PoolUnavailableError):
            raise
        typer.echo(str(error), err=True)
        sys.exit(2)


if __name__ == "__main__":
    run()
