"""Pictures of the pages for README and docs: `make screenshots`."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from data.settings import read_settings
from tests.browser.conftest import FLAGS, ROOT, WAIT, chromium, serve

PICTURES = ROOT / "docs" / "pictures"
SHOTS = {
    "map-light": ("", "light", 1600, 900),
    "map-dark-hexagons": ("?code=6201&shape=cells", "dark", 1600, 900),
    "map-county": ("?code=620102", "light", 1366, 768),
    "map-change": ("?measure=previous", "dark", 1920, 1080),
    "map-empty": ("?code=6203&type=D20&window=7d&channel=court", "light", 1366, 768),
    "hotspots-light": ("hotspots", "light", 1600, 900),
    "data-light": ("data", "light", 1600, 900),
    "data-dark": ("data", "dark", 1366, 768),
}
"""Name to address, theme, width and height."""


def settle(page: Page) -> None:
    """Wait until the picture no longer changes: the map is drawn by software some seconds after its data came."""
    page.wait_for_selector("[data-testid=stDataFrame] canvas, [data-testid=stDeckGlJsonChart] canvas", timeout=WAIT)
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
    for server in serve(read_settings(), log):
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
            for name in wanted:
                path, theme, width, height = SHOTS[name]
                page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=theme)
                page.goto(f"{server}/{path}")
                settle(page)
                page.screenshot(path=PICTURES / f"{name}.png")
                page.close()
            browser.close()


if __name__ == "__main__":
    main()
