"""Assess what is published: hotspots, forecast, score, alerts; once, or again and again."""

import json
import re
import time
from typing import Annotated

import typer

from commands.shell import console, fail, now, progress
from data.settings import Settings, read_settings

app = typer.Typer()

UNITS = {"m": 60, "h": 3600, "d": 86_400}


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
    forecast: Annotated[bool, typer.Option(help="Forecast and score as well")] = True,
    refit: Annotated[int, typer.Option(min=0, help="Learn anew when the model is so many days old; 0: always")] = 7,
    sources: Annotated[str, typer.Option(help="Hotspots of these sources alone; comma between")] = "",
    keep: Annotated[int, typer.Option(min=1, help="Runs kept, so that they can be compared")] = 50,
    every: Annotated[str, typer.Option(help="Again and again: 15m, 1h, 1d; ends with Ctrl-C")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one JSON line")] = False,
) -> None:
    """Find hotspots, forecast the coming weeks, score every place and raise alerts; nothing new where nothing is."""
    from data.assessments.ordered import Order

    settings = read_settings()
    scope = scope or settings.root_code
    order = Order(levels, types, scope, as_of, left_out, step, steps, scan, keep, forecast, refit, sources)
    if not every:
        _assess_once(settings, order, as_json=as_json)
        return
    pause = _seconds(every)
    while True:
        begun = time.monotonic()
        try:
            _assess_once(settings, order, as_json=as_json)
        except typer.Exit:
            console.print("Tried again at the next turn.")
        time.sleep(max(0.0, pause - (time.monotonic() - begun)))


def _seconds(text: str) -> int:
    found = re.fullmatch(r"([1-9]\d*)([mhd])", text)
    if not found:
        fail(f"expected a pause such as 15m, 1h or 1d, found {text!r}")
    return int(found[1]) * UNITS[found[2]]


def _assess_once(settings: Settings, order, *, as_json: bool) -> None:
    from data.assessments.assess import MovingDataError
    from data.assessments.lock import AssessmentRunningError
    from data.assessments.ordered import assess_pool
    from data.forecasts.models import DamagedModelError
    from data.store import PoolUnavailableError

    try:
        with progress() as bars:
            task = bars.add_task("Assessment", total=None)
            done = assess_pool(
                settings,
                order,
                now=now(settings),
                on_progress=lambda label, part, of: bars.update(task, description=label, completed=part, total=of),
            )
    except (ValueError, AssessmentRunningError, MovingDataError, DamagedModelError, PoolUnavailableError) as error:
        fail(str(error))
    hotspots, run = done.hotspots, done.forecast
    if as_json:
        forecast = {"forecast_run_id": run.id, "new_forecast": done.new_forecast, "rows": run.rows} if run else {}
        alerts = {name: getattr(done.alerts, name) for name in ("raised", "grown", "settled")}
        typer.echo(json.dumps(hotspots.__dict__ | forecast | {"new_alerts": done.alerts.new, "alerts": alerts}))
        return
    if hotspots.new:
        console.print(f"Run {hotspots.run_id}: {hotspots.computed} parts computed, {hotspots.reused} as before.")
    else:
        console.print(f"Nothing new: run {hotspots.run_id} says the same.")
    if run is not None:
        words = "made" if done.new_forecast else "says the same"
        console.print(f"Forecast run {run.id} {words}: {run.rows:,} places and types, model {run.model_id}.")
    console.print(_alert_words(done.alerts))


def _alert_words(alerts) -> str:
    if alerts.is_past:
        return "Alerts: none, a later day has been gone through."
    if not alerts.new:
        return "Alerts: nothing new."
    return f"Alerts: {alerts.raised} raised, {alerts.grown} grown, {alerts.settled} settled before."
