"""The parts that are widgets, run without a browser."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.states import LateFeed, data_time_badge, late_text
from dashboard.viewport import Viewport, read_size

NOW = datetime(2026, 11, 25, 9, 42, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def crumbs() -> None:
    import streamlit as st

    from dashboard.breadcrumb import show_breadcrumb

    def go(code: str) -> None:
        st.session_state["gone"] = code

    show_breadcrumb([("62", "甘肃省"), ("6201", "兰州市"), ("620102", "城关*区")], go=go)


def whole_page() -> None:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    import geopandas as gpd
    import pandas as pd
    import streamlit as st

    from dashboard import ranking, states
    from dashboard.palette import LIGHT
    from dashboard.viewport import measure_viewport

    viewport = measure_viewport()
    st.session_state["window"] = viewport
    now = datetime(2026, 11, 25, 9, 42, tzinfo=ZoneInfo("Asia/Shanghai"))
    states.show_simulated_badge()
    states.show_schematic_badge()
    states.show_empty_note("兰州市 · <b>知识产权</b> · 近 7 天")
    states.show_loading(viewport)
    states.show_error(now, LIGHT, height=400)
    children = gpd.GeoDataFrame({"code": ["6201"], "name": ["兰州市"], "counted": [True]}, geometry=[None], crs=4326)
    numbers = pd.DataFrame({"incident_count": [7], "previous_count": [5], "rate": [1.0]}, index=["6201"])
    table = ranking.ranking_table(children, numbers)
    picked = ranking.show_ranking(table, key="r", viewport=viewport, palette=LIGHT, alt="市州排名")
    st.session_state["picked"] = picked


def test_every_unit_above_is_a_button_and_up_goes_one_level():
    page = AppTest.from_function(crumbs).run()
    assert not page.exception
    assert [button.label for button in page.button] == ["甘肃省 ›", "兰州市 ›", "上级"]
    assert page.markdown[0].value == "**城关\\*区**"
    page.button(key="up").click().run()
    assert page.session_state["gone"] == "6201"
    page.button(key="crumb-62").click().run()
    assert page.session_state["gone"] == "62"


def test_up_is_reached_by_backspace():
    page = AppTest.from_function(crumbs).run()
    assert page.button(key="up").proto.shortcut.lower() == "backspace"


def test_every_state_is_drawn_without_a_browser():
    page = AppTest.from_function(whole_page).run()
    assert not page.exception
    assert page.session_state["window"] == Viewport(1600, 900, known=False)
    assert page.session_state["picked"] is None
    words = " ".join(element.value for element in [*page.markdown, *page.info])
    assert "模拟数据" in words
    assert "边界为示意" in words
    assert "所选条件下没有纠纷。可以放宽时段或类型。" in words
    assert "<b>" not in words
    assert page.button(key="retry").label == "重试"


@pytest.mark.parametrize("size", [None, "", "x", "0x0", "1366", "axb"])
def test_an_unknown_window_is_taken_as_1600_by_900(size: object):
    assert read_size(size) == Viewport(1600, 900, known=False)


def test_sizes_follow_from_the_window():
    window = read_size("1366x768")
    assert window == Viewport(1366, 768, known=True)
    assert window.narrow
    assert (window.map_height(), window.map_height(taken=60), window.ranking_height()) == (500, 440, 398)
    assert Viewport(1920, 1080).map_width == 1244


def test_a_small_window_still_has_a_map():
    assert Viewport(600, 300).map_height(taken=60) == 240


def test_fresh_data_are_green_late_ones_orange_and_none_grey():
    assert data_time_badge(NOW - timedelta(seconds=12), NOW).startswith(
        ":green-badge[:material/sync: 数据截至 09\\:42 · 12 秒前"
    )
    assert data_time_badge(NOW - timedelta(minutes=38), NOW).startswith(":orange-badge[:material/warning:")
    assert data_time_badge(None, NOW) == ":gray-badge[:material/sync_disabled: 暂无数据]"


def test_the_late_banner_names_the_feed_and_the_others():
    feed = LateFeed("12345 热线", timedelta(minutes=38), 7)
    assert late_text(feed) == "12345 热线已有 38 分钟没有送来新数据,图上数字可能偏少。其他 7 个来源正常。"
    assert late_text(LateFeed("信访", timedelta(hours=3), 0)).endswith("可能偏少。")
