"""网格: full, empty, failing; small counts told nowhere; neighbours, alerts and letters that touch the place."""

import base64
import datetime as dt
import re

import pandas as pd
import pytest
from sqlalchemy import func, select

from dashboard.grid.printing import _CSS
from data.assessments.assess import Assessor
from data.assessments.parameters import Parameters, ScanSettings
from data.counting import Counting
from data.counts import Counts
from data.filter import IncidentFilter, Period
from data.forecasts.order import ForecastOrder
from data.forecasts.run import Forecasting
from data.queries import facts
from data.settings import Settings
from data.store import open_store
from tests.pages.conftest import texts
from tests.pages.staffed import add_centres, copy_of

VILLAGE, GRID = "620102001001", "620102001001001"


@pytest.fixture(scope="module")
def known(demo, tmp_path_factory) -> Settings:
    """A copy of the demo with centres, a run over villages and a forecast of villages and grids."""
    settings = copy_of(demo, tmp_path_factory.mktemp("known"))
    add_centres(settings)
    engine = open_store(settings)
    counting = Counting(engine, settings)
    newest = int(counting.run(select(func.max(facts.c.day).label("day")))["day"].iloc[0])
    as_of = dt.date(1970, 1, 1) + dt.timedelta(days=newest - 1)
    order = Parameters("62", as_of, ("village",), ("",), scan=ScanSettings(replications=19))
    Assessor(engine, counting, settings).assess(order)
    weeks = ForecastOrder("62", as_of, weeks=33, layers=("village",))
    Forecasting(engine, counting, settings).run(weeks, assessment_run_id=0, on_progress=lambda *_: None)
    counting.close()
    engine.dispose()
    return settings


@pytest.fixture
def open_place(known, open_page):
    def open_(**params: str):
        app = open_page(known, page="grid_page", **params)
        assert not app.exception
        return app

    return open_


@pytest.fixture(scope="module")
def counted(known) -> pd.DataFrame:
    """Villages and their incidents of 52 weeks: `code`, `incident_count` (NA = withheld)."""
    engine = open_store(known)
    counting = Counting(engine, known)
    counts = Counts(engine, counting)
    newest = int(counting.run(select(func.max(facts.c.day).label("day")))["day"].iloc[0])
    end = dt.date(1970, 1, 1) + dt.timedelta(days=newest + 1)
    found = []
    for township in ("620102001", "620102002", "620102003", "620102004"):
        asked = IncidentFilter("62", Period(end - dt.timedelta(days=364), end), township)
        found.append(counts.by_child(asked, []))
    counting.close()
    engine.dispose()
    table = pd.concat(found).reset_index()
    return table[table["code"].str.len() == 12]


def test_a_village_is_shown_whole(open_place):
    app = open_place(code=VILLAGE)
    said = texts(app)
    for word in ("新增纠纷", "在办", "风险分", "每周新增", "所属综治中心", "预警", "函件", "相邻", "本村网格"):
        assert word in said
    assert VILLAGE in said
    assert "雁南街道" in said or "城关区" in said
    assert "边界为示意" in said
    assert "示意图,不作划界依据" in said
    assert "模拟数据" in said
    assert f'href="grid?code={GRID}"' in said
    assert re.search(r'href="centres\?code=620102001"', said)
    assert "公里,常驻" in said
    assert _CSS.strip() in said
    assert "打印于" in said
    for handle in ("stHeader", "st-key-grid-search-box", "st-key-grid-tools"):
        assert handle in _CSS


def test_a_grid_names_its_village_and_what_touches_it(open_place):
    from dashboard.pool import open_pool
    from geo.touching import touching

    app = open_place(code=GRID)
    said = texts(app)
    assert "所在村" in said
    assert f'href="grid?code={VILLAGE}"' in said
    around = touching(open_pool().geography, GRID)
    assert around
    for code in around:
        assert f'href="grid?code={code}"' in said


def test_a_village_with_few_incidents_tells_neither_number_nor_list_nor_weeks(open_place, counted):
    code = counted[counted["incident_count"].isna()]["code"].iloc[0]
    said = texts(open_place(code=code, window="364d"))
    assert "&lt;5" in said
    assert "不逐件列出" in said
    assert "发生时间" not in said
    pictures = [base64.b64decode(each).decode() for each in re.findall(r"svg\+xml;base64,([\w+/=]+)", said)]
    (bars,) = [picture for picture in pictures if 'text-anchor="end"' in picture]
    heights = re.findall(r'<rect x="[\d.]+" y="[\d.]+" width="[\d.]+" height="([\d.]+)"', bars)
    assert heights
    assert {float(height) for height in heights} == {6.0}


def test_a_village_with_enough_lists_its_incidents(open_place, counted):
    row = counted.dropna(subset=["incident_count"]).sort_values("incident_count").iloc[-1]
    assert row["incident_count"] >= 5
    said = texts(open_place(code=row["code"], window="364d"))
    assert "发生时间" in said
    assert f">{int(row['incident_count']):,}<" in said


def test_the_search_finds_by_name_and_by_code(open_place):
    app = open_place(code=VILLAGE)
    app.text_input(key="grid-search").set_value("620102001001001").run()
    assert app.button(key=f"grid-found-{GRID}")
    app.button(key=f"grid-found-{GRID}").click().run()
    assert not app.exception
    assert GRID in texts(app)
    app.text_input(key="grid-search").set_value("畅家巷").run()
    assert app.button(key=f"grid-found-{VILLAGE}")


def test_what_is_not_found_is_said(open_place):
    app = open_place()
    app.text_input(key="grid-search").set_value("没有这个地方").run()
    assert not app.exception
    assert "没有找到" in texts(app)


@pytest.mark.parametrize("code", ["620102001999", "6201", "<b>x</b>"])
def test_a_bad_code_is_told_with_what_was_expected(open_place, code):
    said = texts(open_place(code=code))
    assert "不认识的内容" in said
    assert "12 位数字" in said
    assert "请在上面输入" in said


def test_without_a_code_the_page_asks_for_one(open_place):
    said = texts(open_place())
    assert "请在上面输入网格或村" in said
    assert "不认识" not in said


def test_an_installation_without_runs_centres_or_incidents_says_so(bare, open_page):
    app = open_page(bare, page="grid_page", code=VILLAGE)
    assert not app.exception
    said = texts(app)
    assert "还没有预测过" in said
    assert "还没有研判过" in said
    assert "名册里没有覆盖这里的中心" in said


def test_a_store_that_does_not_answer_is_an_error_frame(demo, open_page, tmp_path):
    settings = Settings(var=tmp_path / "broken")
    settings.var.mkdir()
    settings.geography.symlink_to(demo.geography)
    (settings.var / "store.sqlite").write_bytes(b"not a database" * 100)
    app = open_page(settings, page="grid_page", code=VILLAGE)
    assert not app.exception
    assert "编号" in texts(app)


def test_the_map_leads_from_a_village_or_grid_to_its_page(known, open_page):
    app = open_page(known, code=GRID)
    assert not app.exception
    (link,) = [each for each in app.get("link_button") if each.proto.label == "全部情况"]
    assert link.proto.url == f"grid?code={GRID}"
