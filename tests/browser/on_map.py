"""Where a place lies on the map in the browser."""

import numpy as np
from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from dashboard.deck import fit
from dashboard.wording import table_name
from geo.geography import Geography

MAP = "[data-testid=stDeckGlJsonChart]"


def pixel_of(page: Page, geography: Geography, unit: str, child: str) -> tuple[float, float]:
    """Pixels in the page of a point inside `child` on the map that is fitted to `unit`."""
    # By its name: while a page changes, the map of the unit before may still stand beside it.
    shown = page.locator(f"{MAP}[aria-label^='{geography.unit(unit).name}']")
    box = shown.bounding_box()
    assert box is not None
    view = fit(geography.unit(unit).geometry.bounds, round(box["width"]), round(box["height"]))
    point = geography.unit(child).geometry.representative_point()
    x, y = view.pixels(np.array([[point.x, point.y]]))[0]
    return box["x"] + float(x), box["y"] + float(y)


def hover_child(page: Page, geography: Geography, unit: str, child: str) -> tuple[float, float]:
    """Point at a child until the map names it; returns the pixel. What is pointed at is drawn and can be clicked."""
    name = table_name(geography.unit(child).name)
    tooltip = page.locator(".deck-tooltip", has_text=name)
    x, y = pixel_of(page, geography, unit, child)
    for attempt in range(60):
        page.mouse.move(x + attempt % 2, y)
        page.wait_for_timeout(1000)
        if tooltip.is_visible():
            return x + attempt % 2, y
    raise AssertionError(f"the map never named {name}")


def click_child(page: Page, geography: Geography, unit: str, child: str) -> None:
    """Click a child on the map. A click is lost when drawing takes longer than a tap, hence the attempts."""
    for _ in range(6):
        x, y = hover_child(page, geography, unit, child)
        page.mouse.click(x, y)
        try:
            page.wait_for_url(f"**code={child}*", timeout=8000)
        except PlaywrightTimeoutError:
            continue
        return
    raise AssertionError(f"no click reached {child}; the page is at {page.url}")
