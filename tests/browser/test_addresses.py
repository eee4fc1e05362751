"""No address leads around the frame, not even for the first visitor of a fresh server."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import serve, watch

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("addresses")]


def test_the_stem_of_a_page_file_runs_the_frame(browser, bare, tmp_path):
    for server in serve(bare, tmp_path / "server.log"):
        for stem in ("data_page", "map_page"):  # the first is also the first visitor
            opened = watch(browser)
            opened.page.goto(f"{server}/{stem}")
            expect(opened.page.get_by_role("link", name="数据汇集")).to_be_visible()
            expect(opened.page.get_by_role("link", name="平安地图")).to_be_visible()
            opened.page.context.close()
            assert opened.outside == []
