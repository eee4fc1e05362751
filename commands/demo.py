"""Build the demo, its geography, the legend."""

import datetime as dt
from typing import Annotated

import pandas as pd
import typer

from commands.shell import console, fail, now, progress
from data.settings import Settings, read_settings

app = typer.Typer()

STEPS = {
    "geography": "Townships, villages, grids",
    "simulation": "Simulated feeds",
    "centres": "Simulated centres",
    "import": "Import",
    "publish": "Publish",
    "legend": "Legend classes",
}


@app.command()
def demo(
    incidents: Annotated[int, typer.Option(min=1000, help="Distinct simulated incidents")] = 200_000,
    days: Annotated[int, typer.Option(min=120, help="Days of history before now")] = 730,
    seed: Annotated[int, typer.Option(help="Same seed and same end, same incidents")] = 0,
    until: Annotated[str, typer.Option(help="Local end of the history, YYYY-MM-DD HH:MM; now unless given")] = "",
    if_missing: Annotated[bool, typer.Option("--if-missing", help="Do nothing where data are there already")] = False,
) -> None:
    """Draw the schematic geography, simulate eight feeds and take them in."""
    from data.demo import Demo, RealDataError, build_demo, build_geography, has_real_data, is_demo_built

    settings = read_settings()
    end = _moment(until, settings) if until else now(settings)
    if if_missing and is_demo_built(settings):
        return
    with progress() as bars:
        tasks = {name: bars.add_task(label, total=1.0) for name, label in STEPS.items()}

        def show(step: str, share: float) -> None:
            bars.update(tasks[step], completed=share)

        if if_missing and has_real_data(settings):
            build_geography(settings, show)
            return
        try:
            done = build_demo(settings, Demo(incidents, days, seed), end=end, on_progress=show)
        except RealDataError as error:
            fail(f"{error} Set PINGAN_VAR or DATABASE_URL to a fresh place for a demo.")
        _fit_legend(settings)
        show("legend", 1.0)
    added, rejected = sum(batch.added for batch in done), sum(batch.rejected for batch in done)
    console.print(f"Demo ready: {added:,} simulated incidents, {rejected:,} dirty rows rejected, as feeds have them.")


def _moment(text: str, settings: Settings) -> pd.Timestamp:
    try:
        moment = pd.Timestamp(dt.datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=settings.timezone))
    except ValueError:
        fail(f"expected an end such as 2026-11-25 09:42, found {text!r}")
    if moment > now(settings):
        fail(f"expected an end that is over, found {text}")
    return moment


@app.command()
def geography() -> None:
    """Draw the schematic townships, villages and grids; what an installation with real feeds needs first."""
    from data.demo import build_geography

    with progress() as bars:
        task = bars.add_task(STEPS["geography"], total=1.0)
        build_geography(read_settings(), lambda _step, share: bars.update(task, completed=share))


@app.command()
def legend() -> None:
    """Fit the legend's classes anew to the last 365 days; colours change their meaning, so do it once a year."""
    _fit_legend(read_settings())


def _fit_legend(settings: Settings) -> None:
    from dashboard.breaks import fit_all, write_breaks
    from data.counting import Counting
    from data.store import open_store

    engine = open_store(settings)
    counting = Counting(engine, settings)
    until = (now(settings) + pd.Timedelta(days=1)).date()
    write_breaks(settings, fit_all(counting, settings, until=until))
    counting.close()
    engine.dispose()
