"""A room that looks at the map: what a feed posts appears by itself, and what was zoomed to stays."""

import json
import re
from datetime import datetime, timedelta
from io import BytesIO
from urllib.request import Request, urlopen

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from data.api_keys import Grant, create_key
from data.settings import Settings
from data.store import open_store
from geo.datum import Datum
from tests.browser.on_map import MAP

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk")]


@pytest.fixture
def key(alerted) -> str:
    """A key to post with."""
    engine = open_store(alerted)
    made = create_key(engine, Grant("hotline", ("hotline",), "62", Datum.WGS84), now=0)[1]
    engine.dispose()
    return made


def post(address: str, key: str, name: str, code: str) -> None:
    now = datetime.now(Settings().timezone) - timedelta(minutes=1)
    row = {"external_id": name, "dispute_type": "D15", "status": "accepted", "division_code": code}
    row |= {"occurred_at": f"{now:%Y-%m-%d %H:%M:%S}", "accepted_at": f"{now:%Y-%m-%d %H:%M:%S}"}
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    with urlopen(Request(f"{address}/api/v1/incidents", json.dumps([row]).encode(), headers)) as answer:  # noqa: S310
        assert json.load(answer)["added"] == 1


def picture(page: Page) -> np.ndarray:
    """Pixels of the map, without the pointer on it."""
    page.mouse.move(5, 5)
    page.wait_for_timeout(1500)
    shown = Image.open(BytesIO(page.locator(MAP).screenshot())).convert("RGB")
    return np.asarray(shown).astype(int)


def apart(one: np.ndarray, other: np.ndarray) -> float:
    """Share of the pixels that differ."""
    return float((np.abs(one - other).max(axis=2) > 24).mean())


def test_a_posted_incident_appears_by_itself_and_the_zoom_survives(desk, key, watched):  # the page closes first
    page = watched.page
    post(desk, key, "L1", "620103")  # so that what says that the feed is late does not come and go between the pictures
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(desk)
    page.locator(f"{MAP} canvas").wait_for()
    expect(page.get_by_text(re.compile("数据截至"))).to_be_visible()
    tooltip = page.locator(".deck-tooltip")
    box = page.locator(MAP).bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for attempt in range(60):  # until the map is drawn
        page.mouse.move(middle[0] + attempt % 2, middle[1])
        page.wait_for_timeout(500)
        if tooltip.is_visible():
            break
    whole = picture(page)
    page.mouse.move(*middle)
    for _ in range(3):
        page.mouse.wheel(0, -300)
        page.wait_for_timeout(300)
    zoomed = picture(page)
    post(desk, key, "L2", "620102")
    expect(page.get_by_role("log")).to_contain_text("城关区 · 村(社区)务、承包")
    page.wait_for_timeout(2500)  # the ring fades within two seconds
    after = picture(page)
    assert apart(zoomed, after) < 0.03
    assert apart(whole, after) > 0.1
    expect(page.get_by_text(re.compile("数据截至.*分钟前"))).to_be_visible()
