"""The briefing screen in a real browser: scenes turn by the clock on one canvas; a restarted server is found again."""

import os
import shutil
import subprocess
import sys
import time

import pytest
from playwright.sync_api import expect

from dashboard.wall.rotation import turn_at
from data.scenes import Programme, Scene, save_programme
from data.settings import Settings
from data.store import open_store
from tests.browser.conftest import ROOT, WAIT, answers, free_port, watch

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("wall")]

COUNTED = """
(() => {
  const real = HTMLCanvasElement.prototype.getContext
  window.drawnOn = new Set()
  HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    const made = real.call(this, kind, ...rest)
    if (String(kind).startsWith("webgl") && made) window.drawnOn.add(made)
    return made
  }
})()
"""
"""Counts the WebGL contexts that the page ever asks for."""
SCENES = (Scene("map", 7, "62"), Scene("ranking", 7, "6201", period="28d"), Scene("channels", 7, "62", period="ytd"))
TITLES = ("甘肃省矛盾纠纷态势", "兰州市县区排名", "甘肃省三调对接")


class OwnServer:
    """The product's server on a port that stays its own, so that it can be stopped and started again."""

    def __init__(self, settings: Settings) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = os.environ | {"PINGAN_VAR": str(settings.var), "DATABASE_URL": settings.database_url}
        self._log = settings.var.parent / "server.log"
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(self.port)]
        with self._log.open("a") as out:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=self._environment, stdout=out, stderr=subprocess.STDOUT
            )

    def wait(self) -> None:
        while not answers(self.url):
            assert self._process is not None
            assert self._process.poll() is None, self._log.read_text()
            time.sleep(0.1)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=30)


@pytest.fixture
def own_server(demo, tmp_path):
    settings = Settings(var=tmp_path / "var")
    shutil.copytree(demo.var, settings.var, ignore=shutil.ignore_patterns("feeds"))
    engine = open_store(settings)
    save_programme(engine, Programme("62", "三个画面", SCENES), person="王敏", now=1)
    engine.dispose()
    server = OwnServer(settings)
    server.start()
    server.wait()
    yield server
    server.kill()


def title_of(page) -> str:
    return str(page.locator(".wall-beat").locator("xpath=../div[1]").text_content())


def wait_for_every_scene_at_its_time(page) -> None:
    """Wait until each scene has been seen while the clock of the header said that it was its turn."""
    seconds = [scene.seconds for scene in SCENES]
    seen: set[str] = set()
    for _ in range(WAIT // 200):
        title, beat = page.evaluate(
            "() => { const clock = document.querySelector('.wall-beat');"
            " return [clock.parentElement.firstElementChild.textContent, Number(clock.dataset.beat)] }"
        )
        if title == TITLES[turn_at(beat, seconds).index]:
            seen.add(title)
        if seen == set(TITLES):
            return
        page.wait_for_timeout(200)
    raise AssertionError(f"seen at their time were only {sorted(seen)}")


def step_through(page, steps: int) -> None:
    """Press the key of the next scene, each time until it is shown, and then once that of the one before."""
    for _ in range(steps):
        following = TITLES[(TITLES.index(title_of(page)) + 1) % 3]
        page.keyboard.press("ArrowRight")
        expect(page.get_by_text(following)).to_be_visible()
    before = TITLES[(TITLES.index(title_of(page)) - 1) % 3]
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_text(before)).to_be_visible()


def is_on_one_canvas(page) -> bool:
    return page.locator("canvas").count() == 1 and page.evaluate("window.drawnOn.size") == 1


def test_scenes_turn_on_one_canvas_and_a_restarted_server_is_found_again(browser, own_server):
    watched = watch(browser, width=640, height=360)
    page = watched.page
    page.add_init_script(COUNTED)
    page.goto(f"{own_server.url}/wall?programme=三个画面")
    page.wait_for_selector("canvas", timeout=2 * WAIT)
    wait_for_every_scene_at_its_time(page)
    assert is_on_one_canvas(page)
    assert page.evaluate("window.history.length") <= 2  # a screen that runs for months must not fill it

    page.keyboard.press("Space")
    expect(page.get_by_text("已暂停")).to_be_visible()
    page.wait_for_url("**paused=1*")
    step_through(page, 4)  # once around, and on
    assert is_on_one_canvas(page)
    page.keyboard.press("Space")
    expect(page.get_by_text("已暂停")).not_to_be_visible()
    assert watched.complaints == []

    own_server.kill()
    expect(page.get_by_text("与服务器断开")).to_be_visible()
    assert title_of(page) in TITLES  # what was last shown stays
    expect(page.get_by_test_id("stDialog")).not_to_be_visible()
    stopped_at = page.locator(".wall-beat").get_attribute("data-beat")
    own_server.start()
    # Whether the page was loaded anew or its connection mended: the server tells the time again.
    told = "stopped => Number(document.querySelector('.wall-beat')?.dataset.beat ?? 0) > stopped"
    page.wait_for_function(told, arg=float(stopped_at or 0), timeout=2 * WAIT)
    watched.complaints.clear()  # while nobody answered the browser said so, rightly
    page.wait_for_selector("canvas")
    assert title_of(page) in TITLES
    expect(page.get_by_text("与服务器断开")).not_to_be_visible()
    assert watched.complaints == []
    assert watched.outside == []
    page.context.close()
