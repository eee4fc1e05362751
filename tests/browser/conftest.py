"""A real server and a real chromium; every request that would leave the machine is noted."""

import datetime as dt
import os
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from data.assessments.ordered import Order, assess_pool
from data.counting import Counting
from data.counts import Counts
from data.settings import Settings
from data.store import open_store

ROOT = Path(__file__).resolve().parents[2]
FLAGS = (
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-gpu-compositing",  # maps are drawn by software anyway; the page around them need not be as well
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
WAIT = 60_000
"""Milliseconds to wait for a text: pages are drawn by software on shared cores."""


def chromium() -> str:
    """Path of the machine's chromium; without one the test is skipped, but fails where CI is set."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        reason = "no chromium on this machine: apt-get install chromium fonts-noto-cjk"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="session")
def browser():
    expect.set_options(timeout=WAIT)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        yield launched
        launched.close()


@dataclass
class Watched:
    """A page, and what it asked of other machines or complained about."""

    page: Page
    outside: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


def is_local(url: str) -> bool:
    return url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:", "about:"))


def watch(browser: Browser, *, width: int = 1600, height: int = 900, theme: str = "light") -> Watched:
    """Open an empty page whose requests are watched."""
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme, locale="zh-CN")
    watched = Watched(context.new_page())
    watched.page.set_default_timeout(WAIT)
    watched.page.on("request", lambda request: is_local(request.url) or watched.outside.append(request.url))
    watched.page.on("console", lambda message: _note(watched, message.type, message.text, message.location))
    watched.page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    return watched


def _note(watched: Watched, kind: str, text: str, location: dict) -> None:
    # Below an address such as /data Streamlit's client first asks for /data/_stcore/… to find where the server lives.
    if kind == "error" and "/_stcore/" not in location.get("url", ""):
        watched.complaints.append(text)


@pytest.fixture
def watched(browser):
    opened = watch(browser)
    yield opened
    opened.page.context.close()
    assert opened.outside == []
    assert opened.complaints == []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    try:
        with urlopen(f"{url}/_stcore/health", timeout=1) as answer:  # noqa: S310 - a local server
            return answer.status == 200
    except (URLError, OSError):
        return False


def serve(settings: Settings, log: Path):
    """Start the product's own server on a free port; yields its address."""
    port = free_port()
    environment = os.environ | {"PINGAN_VAR": str(settings.var), "DATABASE_URL": settings.database_url}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with log.open("w") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT)
    url = f"http://127.0.0.1:{port}"
    try:
        while not answers(url):
            assert process.poll() is None, log.read_text()
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture(scope="session")
def alerted(demo: Settings, tmp_path_factory) -> Settings:
    """A copy of the demo, assessed, so that its injected hotspots are alerts."""
    own = Settings(var=tmp_path_factory.mktemp("desk") / "var")
    shutil.copytree(demo.var, own.var, ignore=shutil.ignore_patterns("feeds"))
    engine = open_store(own)
    latest = max(Counts(engine, Counting(engine, own)).latest().values())
    engine.dispose()
    now = dt.datetime.fromtimestamp(latest, own.timezone) + dt.timedelta(days=1)
    order = Order("township", "D02,D06,D10,D12", own.root_code, scan=False, forecast=False)
    done = assess_pool(own, order, now=now, on_progress=lambda _label, _done, _of: None)
    assert done.alerts.raised > 0
    return own


@pytest.fixture(scope="session")
def desk(alerted: Settings):
    """Address of a server where people work: alerts to act on, feeds that post."""
    yield from serve(alerted, alerted.var.parent / "server.log")


@pytest.fixture(scope="session")
def server(demo: Settings, tmp_path_factory):
    """Serve a copy of the demo, so that what a test imports stays here."""
    own = Settings(var=tmp_path_factory.mktemp("served") / "var")
    shutil.copytree(demo.var, own.var, ignore=shutil.ignore_patterns("feeds"))
    yield from serve(own, own.var.parent / "server.log")
