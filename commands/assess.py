"""Assess what is published."""

import json
from typing import Annotated

import typer

from commands.shell import console, fail, now, progress
from data.settings import read_settings

app = typer.Typer()


@app.command()
def assess(
    levels: Annotated[str, typer.Option(help="city, county, township, village, grid, cell5-cell9; comma between")] = "",
    types: Annotated[str, typer.Option(help="Dispute types, `total` for all together; comma between")] = "",
    scope: Annotated[str, typer.Option(help="Study area, a division code; the installation's own unless given")] = "",
    as_of: Annotated[str, typer.Option(help="Last day counted, YYYY-MM-DD; the last complete one unless given")] = "",
    left_out: Annotated[int, typer.Option(min=0, help="Last days left out, whose reports are still coming in")] = 0,
    step: Annotated[str, typer.Option(help="day, week or month")] = "week",
    steps: Annotated[int, typer.Option(min=2, help="How many")] = 104,
    scan: Annotated[bool, typer.Option(help="Look for clusters in space and time as well")] = True,
    keep: Annotated[int, typer.Option(min=1, help="Runs kept, so that they can be compared")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one JSON line")] = False,
) -> None:
    """Find emerging hotspots and clusters in what is published; says nothing new where nothing is."""
    from data.assessments.assess import MovingDataError
    from data.assessments.lock import AssessmentRunningError
    from data.assessments.ordered import Order, assess_pool
    from data.store import PoolUnavailableError

    settings = read_settings()
    try:
        order = Order(levels, types, scope or settings.root_code, as_of, left_out, step, steps, scan, keep)
        with progress() as bars:
            task = bars.add_task("Assessment", total=None)
            outcome = assess_pool(
                settings,
                order,
                now=now(settings),
                on_progress=lambda label, done, of: bars.update(task, description=label, completed=done, total=of),
            )
    except (ValueError, AssessmentRunningError, MovingDataError, PoolUnavailableError) as error:
        fail(str(error))
    if as_json:
        typer.echo(json.dumps(outcome.__dict__))
    elif outcome.new:
        console.print(f"Run {outcome.run_id}: {outcome.computed} parts computed, {outcome.reused} as before.")
    else:
        console.print(f"Nothing new: run {outcome.run_id} says the same.")
