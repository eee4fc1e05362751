"""Server time of a drill-down on the demo's data with cold caches of counts, and how soon the first map is painted."""

import importlib.util
import logging
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from benchmarks import figures
from data.demo import is_demo_built
from data.settings import Settings, read_settings
from geo.geography import Geography, open_geography

app = typer.Typer()

ROOT = Path(__file__).resolve().parents[1]
LEVELS = {2: "city", 3: "county", 4: "township", 5: "village", 6: "grid"}
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
COLOURS = 20
"""A painted map has more colours than this, an empty canvas one or two."""
NOTE_FIRST_DRAW = """
for (const call of ["drawElements", "drawArrays", "drawElementsInstanced", "drawArraysInstanced"]) {
  const draw = WebGL2RenderingContext.prototype[call]
  WebGL2RenderingContext.prototype[call] = function (...given) {
    window.firstDraw ??= performance.timeOrigin + performance.now()
    return draw.apply(this, given)
  }
}
"""
"""Notes when the map's first layer is handed to the graphics device; what comes after is the device's own time."""


@app.command("map")
def map_(
    units: Annotated[int, typer.Option(min=1, help="Random units a level (all 14 cities)")] = 14,
    opened: Annotated[int, typer.Option(min=0, help="Times a browser opens the map of a fresh server; 0 for none")] = 3,
    seed: Annotated[int, typer.Option(help="Seed of the choice of units")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object as the last line")] = False,
) -> None:
    """Milliseconds that the page's run takes on the server when a unit is opened, in Streamlit's own test runner.

    Every unit is drilled into once, from its parent and down to grids, so that its counts have never been read;
    the province was opened before, as a user has it. `drill_cpu_p50_ms` is the page's own thread in processor time,
    which other load on the machine touches less. `first_map_s` is the median over fresh servers, from opening the
    address to painted colours; `first_draw_s` to the first layer handed to the graphics device, which this browser
    imitates in software.
    """
    settings = read_settings()
    if not is_demo_built(settings):
        typer.echo(f"There is no demo under {settings.var}. Run `python manage.py demo` first.", err=True)
        raise typer.Exit(2)
    logging.disable(logging.WARNING)
    seconds, cpu = _drill(_chosen(open_geography(settings.geography), settings, units, np.random.default_rng(seed)))
    every = [each for times in seconds.values() for each in times]
    found: dict[str, Any] = {
        "drill_p50_ms": figures.percentile_ms(every, 0.5),
        "drill_p95_ms": figures.percentile_ms(every, 0.95),
        "drill_cpu_p50_ms": figures.percentile_ms(cpu, 0.5),
        "drills": len(every),
        "levels": {
            LEVELS[level]: {
                "p50_ms": figures.percentile_ms(times, 0.5),
                "p95_ms": figures.percentile_ms(times, 0.95),
            }
            for level, times in seconds.items()
        },
        "peak_mb": figures.peak_mb(),
    }
    browser = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if opened and browser and importlib.util.find_spec("playwright"):
        times = [_first_map(browser) for _ in range(opened)]
        found["first_draw_s"] = round(statistics.median(drawn for drawn, _ in times), 2)
        found["first_map_s"] = round(statistics.median(painted for _, painted in times), 2)
    figures.show(found, as_json=as_json)


def _chosen(geography: Geography, settings: Settings, units: int, rng: np.random.Generator) -> dict[int, list[str]]:
    """Random counted codes of each level, each the child of a random parent above."""
    chosen: dict[int, list[str]] = {}
    parents = [settings.root_code]
    for level in LEVELS:
        found: set[str] = set()
        while len(found) < (min(units, 14) if level == min(LEVELS) else units):
            children = geography.children(str(rng.choice(parents)))
            codes = children.loc[children["counted"].astype(bool), "code"].tolist()
            if codes:
                found.add(str(rng.choice(codes)))
        chosen[level] = rng.permutation(sorted(found)).tolist()
        parents = chosen[level]
    return chosen


def _drill(chosen: dict[int, list[str]]) -> tuple[dict[int, list[float]], list[float]]:
    """Seconds of each run of the page by level, and processor seconds of each."""
    from streamlit.testing.v1 import AppTest

    from dashboard.warm_up import warm_up

    warm_up()  # as the server does before its first visitor
    page = AppTest.from_function(_timed_page, default_timeout=120)
    for _ in range(2):
        page.run()
    seconds: dict[int, list[float]] = {}
    cpu = []
    for level, codes in chosen.items():
        for code in codes:
            page.query_params["code"] = code
            page.run()
            if page.exception or page.error or not page.get("deck_gl_json_chart"):
                raise RuntimeError(f"the page of {code} failed: {[each.value for each in page.exception]}")
            wall, worked = page.session_state["timed"]
            seconds.setdefault(level, []).append(wall)
            cpu.append(worked)
    return seconds, cpu


def _timed_page() -> None:
    """Script of the test runner: it stands alone, hence its imports."""
    import time

    import streamlit as st

    from dashboard.viewport import Viewport
    from pages import map_page

    begun, worked = time.perf_counter(), time.thread_time()
    map_page.show(Viewport(known=True))
    st.session_state["timed"] = (time.perf_counter() - begun, time.thread_time() - worked)


def _first_map(browser: str) -> tuple[float, float]:
    """Seconds from opening a fresh server's address to the first layer drawn, and to colours seen."""
    from playwright.sync_api import sync_playwright

    with _server() as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=browser, args=["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader"]
        )
        page = chromium.new_page(viewport={"width": 1920, "height": 1080})
        page.add_init_script(NOTE_FIRST_DRAW)
        opened, begun = time.time(), time.perf_counter()
        page.goto(address, wait_until="commit")
        canvas = page.locator("[data-testid=stDeckGlJsonChart] canvas").first
        canvas.wait_for(timeout=120_000)
        while _colours(canvas.screenshot()) <= COLOURS:
            if time.perf_counter() - begun > 120:
                raise TimeoutError("the map was not painted within two minutes")
        painted = time.perf_counter() - begun
        drawn = page.evaluate("window.firstDraw") / 1000 - opened
        chromium.close()
    return drawn, painted


def _colours(png: bytes) -> int:
    from PIL import Image

    return len(set(Image.open(BytesIO(png)).convert("RGB").resize((240, 160), Image.Resampling.NEAREST).getdata()))


@contextmanager
def _server() -> Iterator[str]:
    """A server that nobody has used yet; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), *options]
    running = subprocess.Popen(  # noqa: S603 - our own program
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ)
    )
    try:
        _await(f"http://127.0.0.1:{port}/_stcore/health", running)
        yield f"http://127.0.0.1:{port}/"
    finally:
        running.terminate()
        running.wait(timeout=20)


def _await(address: str, running: subprocess.Popen) -> None:
    for _ in range(1200):
        if running.poll() is not None:
            raise RuntimeError(f"the server ended with code {running.returncode}")
        with suppress(OSError), urllib.request.urlopen(address, timeout=2):  # noqa: S310 - our own server
            return
        time.sleep(0.1)
    raise TimeoutError("the server did not start within two minutes")


if __name__ == "__main__":
    app()
