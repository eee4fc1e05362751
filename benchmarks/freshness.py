"""How soon a posted incident counts elsewhere, while feeds keep posting and readers keep drilling."""

import datetime as dt
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from benchmarks import figures
from benchmarks.fresh import pool, posting, reading, server, watching
from data.settings import read_settings
from geo.schematic import is_built

app = typer.Typer()


@app.command()
def freshness(
    behind: Annotated[int, typer.Option(min=10_000, help="Incidents published before")] = 10_000_000,
    per_second: Annotated[int, typer.Option(min=1, help="Incidents posted a second")] = 200,
    rows: Annotated[int, typer.Option(min=1, help="Incidents of a post")] = 10,
    seconds: Annotated[int, typer.Option(min=2, help="How long feeds post")] = 60,
    readers: Annotated[int, typer.Option(min=0, help="Readers that drill meanwhile")] = 20,
    pause: Annotated[float, typer.Option(min=0.0, help="Mean seconds that a reader looks before the next click")] = 3.0,
    keep: Annotated[Path | None, typer.Option(help="Keep the pool here; a temporary folder if not given")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object as the last line")] = False,
) -> None:
    """Start the real server on a large pool, post on schedule, count in another process, drill in a third.

    `p95_s` is from the HTTP answer to the moment when another process has counted that very incident. A reader's
    drill is everything that a run of the map page counts; what is withheld, cached over versions or drawn is left
    out. The record store itself holds only what is posted here and in earlier runs on the same folder.
    """
    settings = read_settings()
    if not is_built(settings.geography):
        typer.echo("There is no geography yet: run `python manage.py geography` (or `demo`) first.", err=True)
        raise typer.Exit(2)
    with ExitStack() as stack:
        folder = keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        made = pool.open_large(folder, settings, behind)
        base = stack.enter_context(server.running(made))
        count = per_second * seconds
        watch = stack.enter_context(watching.watcher(made, count))
        read = stack.enter_context(reading.readers(made, readers, pause))
        answered, took = posting.post_all(made, base, count=count, rows=rows, per_second=per_second)
        seen = watch.finish()
        drills = read.finish()
    late = [seen[serial] - moment for serial, moment in answered.items() if serial in seen]
    found = {
        "p95_s": round(figures.percentile_ms(late, 0.95) / 1000, 3),
        "p50_s": round(figures.percentile_ms(late, 0.5) / 1000, 3),
        "posted": count,
        "counted": len(late),
        "per_second": round(len(answered) / (max(answered.values()) - min(answered.values()) + rows / per_second), 1),
        "answer_p95_ms": figures.percentile_ms(took, 0.95),
        "behind": behind,
        "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
    }
    if drills.whole:
        found |= {
            "reader_p95_ms": figures.percentile_ms(drills.whole, 0.95),
            "reader_p50_ms": figures.percentile_ms(drills.whole, 0.5),
            "reader_map_p95_ms": figures.percentile_ms(drills.map, 0.95),
            "drills": len(drills.whole),
        }
    figures.show(found, as_json=as_json)
    if len(late) < count:
        raise typer.Exit(1)


if __name__ == "__main__":
    app()
