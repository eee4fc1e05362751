"""The operator's command line."""

import importlib
import pkgutil
from typing import Annotated

import typer

app = typer.Typer(help="平安地图 operations", no_args_is_help=True, pretty_exceptions_enable=False)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})
def bench(context: typer.Context, name: Annotated[str, typer.Argument(help="Which benchmark")]) -> None:
    """Run one benchmark: `manage.py bench locate --points 1000000 --json`."""
    import benchmarks

    known = sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name != "figures")
    if name not in known:
        typer.echo(f"No benchmark named {name!r}. There are: {', '.join(known)}.", err=True)
        raise typer.Exit(2)
    importlib.import_module(f"benchmarks.{name}").app(context.args, prog_name=f"manage.py bench {name}")


@app.callback()
def main() -> None:
    """Operate the map: demo, import, publish, bench."""


if __name__ == "__main__":
    app()
