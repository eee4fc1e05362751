"""The operator's command line."""

import typer

from commands import assess, bench, boundaries, demo, drill, keys, pool, store_care

app = typer.Typer(help="平安地图 operations", no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def main() -> None:
    """Operate the map: build the demo, import files, publish, assess, measure."""


for family in (demo, pool, boundaries, assess, bench, keys, store_care, drill):
    app.add_typer(family.app)

if __name__ == "__main__":
    app()
