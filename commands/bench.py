"""Run a benchmark."""

import importlib
import pkgutil
from typing import Annotated

import typer

from commands.shell import fail

app = typer.Typer()


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})
def bench(context: typer.Context, name: Annotated[str, typer.Argument(help="Which benchmark")]) -> None:
    """Run one benchmark: `manage.py bench locate --points 1000000 --json`."""
    import benchmarks

    modules = pkgutil.iter_modules(benchmarks.__path__)
    known = sorted(found.name for found in modules if found.name != "figures" and not found.ispkg)
    if name not in known:
        fail(f"No benchmark named {name!r}. There are: {', '.join(known)}.")
    importlib.import_module(f"benchmarks.{name}").app(context.args, prog_name=f"manage.py bench {name}")
