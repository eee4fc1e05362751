"""Where a place lies on the map in the browser."""

import numpy as np
from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from dashboard.deck import fit
from geo.geography import Geography

MAP = "[data-testid=stDeckGlJsonChart]"


def pixel_of(page: Page, geography: Geography, unit: str, child: str) -> tuple[float, float]:
    """Pixels in the page of a point inside `child` on the map that is fitted to `unit`."""
    box = page.locator(MAP).bounding_box()
    assert box is not None
    view = fit(geography.unit(unit).geometry.bounds, round(box["width"]), round(box["height"]))
    point = geography.unit(child).geometry.representative_point()
    x, y = view.pixels(np.array([[point.x, point.y]]))[0]
    return box["x"] + float(x), box["y"] + float(y)


def click_child(page: Page, geography: Geography, unit: str, child: str) -> None:
    """Click a child on the map until the page has gone to it: software rendering drops clicks while it draws."""
    for _ in range(12):
        page.mouse.move(*pixel_of(page, geography, unit, child))
        page.wait_for_timeout(400)
        page.mouse.click(*pixel_of(page, geography, unit, child))
        try:
            page.wait_for_url(f"**code={child}*", timeout=5000)
        except PlaywrightTimeoutError:
            continue
        else:
            return
    raise AssertionError(f"no click reached {child}; the page is at {page.url}")
