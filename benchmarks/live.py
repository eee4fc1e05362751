"""Many live maps at once: how soon a posted incident is on them, what a refresh takes, whether memory grows."""

import asyncio
import shutil
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks import figures
from benchmarks.fresh import server
from benchmarks.fresh.pool import Made
from benchmarks.screens.asking import post_one, processor_s, resident_mb, version_of
from benchmarks.screens.session import Screen, open_screen
from data.api_keys import Grant, create_key
from data.demo import is_demo_built
from data.settings import Settings, read_settings
from data.store import open_store
from geo.datum import Datum

app = typer.Typer()

LOOK_S = 1.0
"""How often a screen asks for the version, as the page's own component does."""
COUNTY = "620102"
PLACES = ("", "code=6201", f"code={COUNTY}", "window=7d", "code=6201&shape=cells", "", f"code={COUNTY}&window=7d", "")
"""What the screens look at, in turn: all of it counts an incident of the county."""
GRACE_S = 8.0
"""Seconds after the last post in which every screen must have it."""
WARM = 0.25
"""Share of the accelerated refreshes after which caches are full and growth is counted."""


@dataclass
class Seen:
    """By number of the post, when each screen showed it (monotonic seconds)."""

    moments: dict[int, list[float]] = field(default_factory=dict)


@app.command()
def live(
    screens: Annotated[int, typer.Option(min=1, help="Screens open at once")] = 20,
    posts: Annotated[int, typer.Option(min=1, help="Incidents posted while every screen looks once a second")] = 20,
    every: Annotated[float, typer.Option(min=0.5, help="Seconds between two posts")] = 3.0,
    accelerated: Annotated[int, typer.Option(min=8, help="New versions that follow without a pause")] = 480,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object as the last line")] = False,
) -> None:
    """Open screens on the real server over a copy of the demo, post, and watch them refresh.

    `seen_p95_s` is from the HTTP answer to a post until a screen has received the number that counts it, over all
    posts and screens; `refresh_p95_s` from a screen's request to the last message of its refresh. Painting by a browser
    is not in them. `memory_growth_mb` is by how much the server's resident memory grew over the last three quarters
    of the accelerated refreshes: 480 new versions are one a minute for eight hours.
    """
    settings = read_settings()
    if not is_demo_built(settings):
        typer.echo(f"There is no demo under {settings.var}. Run `python manage.py demo` first.", err=True)
        raise typer.Exit(2)
    with tempfile.TemporaryDirectory() as folder:
        made = _copy(settings, Path(folder) / "var")
        with server.started(made) as (port, process):
            found = asyncio.run(_measure(made, (port, process), screens, (posts, every, accelerated)))
    figures.show(found, as_json=as_json)
    if found["seen"] < found["expected"]:
        raise typer.Exit(1)


def _copy(settings: Settings, var: Path) -> Made:
    """The demo where posts change nothing that stays, and a key to post with."""
    shutil.copytree(settings.var, var, ignore=shutil.ignore_patterns("feeds", "geography"))
    (var / "geography").symlink_to(settings.geography.resolve())
    own = replace(settings, var=var, database_url="")
    engine = open_store(own)
    key = create_key(engine, Grant("live", ("hotline",), settings.root_code, Datum.WGS84), now=0)[1]
    engine.dispose()
    return Made(own, key)


async def _measure(made: Made, running: tuple[int, int], count: int, plan: tuple[int, float, int]) -> dict[str, Any]:
    (port, process), (posts, every, accelerated) = running, plan
    shown = [await open_screen(port, PLACES[at % len(PLACES)]) for at in range(count)]
    for _ in range(2):  # what every screen reads has been read once, as on screens that have stood there for a while
        await asyncio.to_thread(post_one, port, made.key, COUNTY)
        await _refresh_all(shown, port)
    seen, stop = Seen(), asyncio.Event()
    phases = [LOOK_S * at / count for at in range(count)]
    watching = [asyncio.create_task(_look(*each, port, seen, stop)) for each in zip(shown, phases, strict=True)]
    answered = []
    for _ in range(posts):
        await asyncio.sleep(every)
        answered.append(await asyncio.to_thread(post_one, port, made.key, COUNTY))
    await asyncio.sleep(GRACE_S)
    stop.set()
    await asyncio.gather(*watching)
    late = [moment - answered[number] for number, moments in seen.moments.items() for moment in moments]
    took = [seconds for screen in shown for seconds in screen.took]
    found = {
        "seen_p95_s": round(figures.percentile_ms(late, 0.95) / 1000, 3),
        "seen_p50_s": round(figures.percentile_ms(late, 0.5) / 1000, 3),
        "refresh_p95_s": round(figures.percentile_ms(took, 0.95) / 1000, 3),
        "refresh_p50_s": round(figures.percentile_ms(took, 0.5) / 1000, 3),
        "screens": count,
        "posted": posts,
        "seen": len(late),
        "expected": posts * count,
        "refreshes": len(took),
    }
    worked = processor_s(process)
    memory = [await _next_version(made, port, process, shown) for _ in range(accelerated)]
    each = (processor_s(process) - worked) / (accelerated * count)
    return found | _growth(memory) | {"server_cpu_per_refresh_ms": round(1000 * each, 1)}


async def _look(screen: Screen, phase: float, port: int, seen: Seen, stop: asyncio.Event) -> None:
    """One screen from now on: it looks once a second, refreshes when it has heard of another version, and counts."""
    begun, shown = screen.total, 0
    screen.took.clear()
    await asyncio.sleep(phase)  # browsers do not look at the same moment
    while not stop.is_set():
        await screen.refresh(await asyncio.to_thread(version_of, port))
        moment = time.monotonic()
        for number in range(shown, screen.total - begun):
            seen.moments.setdefault(number, []).append(moment)
        shown = max(shown, screen.total - begun)
        await asyncio.sleep(LOOK_S)


async def _refresh_all(shown: Sequence[Screen], port: int) -> None:
    version = await asyncio.to_thread(version_of, port)
    await asyncio.gather(*(screen.refresh(version) for screen in shown))


async def _next_version(made: Made, port: int, process: int, shown: Sequence[Screen]) -> float:
    """Post, let every screen refresh once the post counts, and return the server's memory in MB."""
    before = await asyncio.to_thread(version_of, port)
    await asyncio.to_thread(post_one, port, made.key, COUNTY)
    while await asyncio.to_thread(version_of, port) == before:
        await asyncio.sleep(0.05)
    await _refresh_all(shown, port)
    return resident_mb(process)


def _growth(memory: Sequence[float]) -> dict[str, Any]:
    """By how much memory grew after it was warm; ends are medians of a tenth, for single readings jump."""
    tenth = max(1, len(memory) // 10)
    warm = int(WARM * len(memory))
    first, last = statistics.median(memory[warm : warm + tenth]), statistics.median(memory[-tenth:])
    return {
        "memory_growth_mb": round(last - first, 1),
        "memory_mb": round(last, 1),
        "memory_warm_mb": round(first, 1),
        "versions": len(memory),
    }


if __name__ == "__main__":
    app()
