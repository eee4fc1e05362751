"""No address leads around the frame, not even for the first visitor of a fresh server."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import serve

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("stem", ["map_page", "data_page"])
def test_the_stem_of_a_page_file_runs_the_frame(watched, bare, tmp_path, stem):
    for server in serve(bare, tmp_path / "server.log"):
        watched.page.goto(f"{server}/{stem}")
        expect(watched.page.get_by_role("link", name="数据汇集")).to_be_visible()
        expect(watched.page.get_by_role("link", name="平安地图")).to_be_visible()
