"""An officer's walk: down to a grid by clicking, back, a cold link, and a file whose incident appears."""

import re

import pytest
import shapely
from playwright.sync_api import expect

from geo.geography import Geography, open_geography
from tests.browser.on_map import MAP, click_child

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("walk")]


@pytest.fixture(scope="module")
def geography(demo) -> Geography:
    return open_geography(demo.geography)


def largest_child(geography: Geography, code: str) -> str:
    children = geography.children(code)
    children = children[children.geometry.notna()]
    return str(children["code"].iloc[shapely.area(children.geometry.to_numpy()).argmax()])


def test_province_to_grid_by_clicking_then_back_and_backspace(watched, server, geography):
    page = watched.page
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(server)
    expect(page.get_by_text("市州排名")).to_be_visible()
    page.wait_for_selector(f"{MAP} canvas")
    way = ["62", "6201"]
    click_child(page, geography, "62", "6201")
    for title in ("县区", "乡镇街道", "村社区", "网格"):
        expect(page.get_by_text(f"{title}排名")).to_be_visible()
        way.append(largest_child(geography, way[-1]))
        click_child(page, geography, way[-2], way[-1])
    expect(page.get_by_text("本网格纠纷")).to_be_visible()
    assert [len(code) for code in way] == [2, 4, 6, 9, 12, 15]
    page.go_back()
    page.wait_for_url(f"**code={way[-2]}*")
    expect(page.get_by_text("网格排名")).to_be_visible()
    page.keyboard.press("Backspace")
    page.wait_for_url(f"**code={way[-3]}*")
    expect(page.get_by_text("村社区排名")).to_be_visible()


def test_a_cold_deep_link_opens_what_it_names_on_a_fresh_page(watched, server):
    watched.page.goto(f"{server}/?code=620102&type=D06&window=7d&shape=cells")
    expect(watched.page.get_by_text("乡镇街道排名")).to_be_visible()
    expect(watched.page.get_by_role("combobox", name="全部类型")).to_have_value("劳动争议、欠薪")
    expect(watched.page.get_by_text("边界为示意").first).to_be_visible()


def test_a_row_of_the_ranking_selects_on_the_map_and_leads_on(watched, server):
    page = watched.page
    page.goto(server)
    table = page.locator("[data-testid=stDataFrame]").first
    expect(table).to_be_visible()
    page.wait_for_selector(f"{MAP} canvas")
    button = page.get_by_role("button", name=re.compile("进入 .*"))
    for _ in range(6):
        table.click(position={"x": 60, "y": 50})
        page.wait_for_timeout(3000)
        if button.count():
            break
    expect(button).to_be_visible()
    button.click()
    page.wait_for_url("**code=62*")


def test_a_file_is_uploaded_and_its_incident_found_on_the_map(watched, server, tmp_path):
    page = watched.page
    link = f"{server}/?code=6203&window=custom&start=2015-03-01&end=2015-03-02"
    page.goto(link)
    expect(page.get_by_text("所选条件下没有纠纷")).to_be_visible()
    feed = tmp_path / "来访.csv"
    feed.write_text(
        "编号,纠纷类型,受理时间,区划代码,经度,纬度,当事人\n"
        "T1,邻里,2015-03-01 09:00:00,620302,102.19,38.52,某\nT2,,2015-03-01 09:00:00,620302,102.19,38.52,某\n",
        encoding="gb18030",
    )
    page.goto(f"{server}/data?section=batches")
    # Mended lists have a place of their own on the page.
    files = page.get_by_test_id("stFileUploader").filter(has_text="CSV、XLSX、Parquet")
    files.locator("input[type=file]").set_input_files(str(feed))
    for label, choice in (("来源", "中心来访"), ("坐标系", "WGS-84")):
        page.get_by_role("combobox", name=label, exact=True).click()
        page.get_by_role("option", name=re.compile(choice)).click()
    page.get_by_role("button", name="核对文件").click()
    expect(page.get_by_text("有 1 行不能入库,其余 1 行可以导入。")).to_be_visible()
    page.get_by_role("button", name="导入 1 行").click()
    expect(page.get_by_text("第 3 步,共 3 步")).to_be_visible()
    page.goto(link)
    expect(page.get_by_text("上期 0 → 本期 1")).to_be_visible()
