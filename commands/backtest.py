"""Back-test the forecast: what it would have said in the last weeks, beside what came."""

import datetime as dt
import json
from typing import Annotated

import typer

from commands.shell import console, fail, now, progress
from data.settings import read_settings

app = typer.Typer()


@app.command()
def backtest(
    scope: Annotated[str, typer.Option(help="Study area, a division code; the installation's own unless given")] = "",
    as_of: Annotated[str, typer.Option(help="Last day counted, YYYY-MM-DD; the last complete one unless given")] = "",
    left_out: Annotated[int, typer.Option(min=0, help="Last days left out, whose reports are still coming in")] = 0,
    weeks: Annotated[int, typer.Option(help="Length of the history")] = 104,
    origins: Annotated[int, typer.Option(help="Last weeks, each foretold at its beginning")] = 26,
    refit: Annotated[int, typer.Option(help="Learn anew after so many weeks; each time costs a model")] = 13,
    levels: Annotated[str, typer.Option(help="city, county, township, village, grid, cell5-cell8; comma between")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one JSON line")] = False,
) -> None:
    """Roll the product's own forecaster over the last weeks and measure it at every level, for every type.

    By default 26 weeks by two models. Broken off, it goes on where it stopped; over the same data it says the same.
    """
    from data.backtests.order import LAYERS, BacktestOrder
    from data.backtests.run import Backtesting, BacktestRunningError
    from data.counting import Counting
    from data.counts import Counts
    from data.steps import last_complete_day
    from data.store import PoolUnavailableError, open_store

    settings = read_settings()
    engine = open_store(settings)
    counting = Counting(engine, settings)
    try:
        moments = Counts(engine, counting).latest().values()
        latest = dt.datetime.fromtimestamp(max(moments), settings.timezone) if moments else None
        last = dt.date.fromisoformat(as_of) if as_of else last_complete_day(latest, now(settings), left_out=left_out)
        layers = tuple(name.strip() for name in levels.split(",") if name.strip()) or LAYERS
        order = BacktestOrder(scope or settings.root_code, last, weeks, origins, refit, layers)
        with progress() as bars:
            task = bars.add_task("Back-test", total=None)
            made, new = Backtesting(engine, counting, settings).run(
                order,
                on_progress=lambda label, part, of: bars.update(task, description=label, completed=part, total=of),
            )
    except (ValueError, BacktestRunningError, PoolUnavailableError) as error:
        fail(str(error))
    finally:
        counting.close()
        engine.dispose()
    if as_json:
        typer.echo(json.dumps({"backtest_id": made.id, "new": new, "seconds": made.finished_at - made.started_at}))
        return
    words = "made" if new else "says the same"
    console.print(f"Back-test {made.id} {words}: {order.origins} weeks until {made.as_of}, {len(layers)} layers.")
