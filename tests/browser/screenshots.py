"""Pictures of the pages for README and docs: `make screenshots`."""

import sys
import tempfile
from pathlib import Path

import pandas as pd
from playwright.sync_api import Browser, Page, sync_playwright

from data.settings import read_settings
from tests.browser.conftest import FLAGS, ROOT, WAIT, chromium, serve
from tests.browser.staged import stage

PICTURES = ROOT / "docs" / "pictures"
SHOTS = {
    "map-light": ("", "light", 1600, 900),
    "map-dark-hexagons": ("?code=6201&shape=cells", "dark", 1600, 900),
    "map-county": ("?code=620102", "light", 1366, 768),
    "map-change": ("?measure=previous", "dark", 1920, 1080),
    "map-empty": ("?code=6203&type=D20&window=7d&channel=court", "light", 1366, 768),
    "hotspots-light": ("hotspots", "light", 1600, 900),
    "alerts-light": ("alerts?type=D10&code=6201", "light", 1600, 900),
    "alerts-dark": ("alerts", "dark", 1366, 768),
    "letters-light": ("letters", "light", 1600, 900),
    "trends-light": ("trends", "light", 1600, 900),
    "trends-dark": ("trends?code=6201", "dark", 1920, 1080),
    "risk-light": ("risk", "light", 1600, 900),
    "evaluation-light": ("evaluation", "light", 1600, 900),
    "centres-light": ("centres", "light", 1600, 900),
    "grid-light": ("grid?code=620102001001", "light", 1600, 900),
    "data-light": ("data", "light", 1600, 900),
    "data-dark": ("data", "dark", 1366, 768),
    "wall": ("wall?embed=true&embed_options=dark_theme&scene=1&paused=1", "dark", 1920, 1080),
    "wall-wide": ("wall?embed=true&embed_options=dark_theme&scene=1&paused=1", "dark", 3840, 1080),
    "scenes-light": ("scenes", "light", 1600, 900),
}
"""Name to address, theme, width and height."""


DRAWN = "canvas, form, img, [data-testid=stNumberInput]"
"""What stands on one page or another when its data are there, and not before."""


def settle(page: Page) -> None:
    """Wait until the picture no longer changes: the map is drawn by software some seconds after its data came."""
    page.wait_for_selector(f"[data-testid=stMain] :is({DRAWN})", state="attached", timeout=2 * WAIT)
    before = b""
    for _ in range(20):
        page.wait_for_timeout(2000)
        now = page.screenshot()
        if now == before:
            return
        before = now


def main() -> None:
    """Write all pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    log = Path(tempfile.gettempdir()) / "screenshots-server.log"
    wanted = sys.argv[1:] or list(SHOTS)
    with tempfile.TemporaryDirectory() as folder:
        settings = stage(read_settings(), Path(folder), pd.Timestamp.now(read_settings().timezone))
        for server in serve(settings, log):
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
                for name in wanted:
                    take(browser, server, name)
                browser.close()


def take(browser: Browser, server: str, name: str) -> None:
    """Write one picture."""
    path, theme, width, height = SHOTS[name]
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=theme, locale="zh-CN")
    page.goto(f"{server}/{path}")
    settle(page)
    page.screenshot(path=PICTURES / f"{name}.png")
    page.close()


if __name__ == "__main__":
    main()
