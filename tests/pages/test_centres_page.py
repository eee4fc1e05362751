"""综治中心: full, empty, failing; the lists, the way from a list to a division, and the file of gaps."""

import datetime as dt
import io

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import delete, func, select

from data.assessments.assess import Assessor
from data.assessments.parameters import Parameters, ScanSettings
from data.counting import Counting
from data.queries import facts
from data.settings import Settings
from data.store import open_store, writing
from data.tables import assessment_runs
from tests.pages.conftest import deck_of, texts
from tests.pages.staffed import add_centres, copy_of


@pytest.fixture(scope="module")
def staffed(demo, tmp_path_factory) -> Settings:
    """A copy of the demo with centres and a run over one type."""
    settings = copy_of(demo, tmp_path_factory.mktemp("staffed"))
    add_centres(settings)
    engine = open_store(settings)
    counting = Counting(engine, settings)
    newest = int(counting.run(select(func.max(facts.c.day).label("day")))["day"].iloc[0])
    as_of = dt.date(1970, 1, 1) + dt.timedelta(days=newest - 1)
    order = Parameters("62", as_of, ("township",), ("D06",), steps=26, scan=ScanSettings(layer=""))
    Assessor(engine, counting, settings).assess(order)
    counting.close()
    engine.dispose()
    return settings


@pytest.fixture
def open_centres(staffed, open_page):
    def open_(**params: str):
        app = open_page(staffed, page="centres_page", **params)
        assert not app.exception
        return app

    return open_


def layer_of(app, name: str) -> list[dict]:
    (found,) = [layer for layer in deck_of(app)["layers"] if layer["id"] == name]
    return found["data"]


def test_the_province_shows_its_centres_their_load_and_the_published_totals(open_centres):
    app = open_centres()
    said = texts(app)
    assert "1,506 处" in said
    assert "编制 4,720 · 干部 4,988 · 轮驻 10,000" in said
    assert "8,600" in said
    assert "模拟数据" in said
    assert "示意图,不作划界依据" in said
    table = app.dataframe[0].value
    assert len(table) == 15
    each = table["每人在办"].str.split().str[0].astype(float)
    assert each.is_monotonic_decreasing
    assert len(layer_of(app, "centres")) == 1 + 14 + 88


def test_a_level_of_all_centres_can_be_ranked(open_centres):
    app = open_centres(below="3")
    assert len(app.dataframe[0].value) == 88
    assert app.selectbox(key="centres-below").value == "3"


def test_a_county_shows_its_own_centres_and_withholds_few(open_centres):
    app = open_centres(code="620102")
    table = app.dataframe[0].value
    assert 20 < len(table) < 40
    hidden = table[table["在办"] == "<5"]
    assert len(hidden) > 1
    assert (hidden["每人在办"] == "—").all()
    assert all("ZZ" not in str(row) for row in layer_of(app, "centres"))


def test_hotspots_are_listed_by_their_way_to_the_right_room(open_centres):
    app = open_centres(show="hotspots", type="D06")
    table = app.dataframe[0].value
    assert set(table["纠纷类型"]) == {"劳动争议、欠薪"}
    assert table["最近的对口用房"].str.contains("劳动争议调解室").all()
    km = table["距离"].str.extract(r"^([\d.]+)")[0].astype(float).to_numpy()
    assert np.all(np.diff(km[~np.isnan(km)]) <= 0)
    rings = layer_of(app, "centre-hotspots")
    assert len(rings) > 10
    assert {ring["t"] for ring in rings} == {"劳动争议、欠薪热点"}


def test_gaps_are_listed_and_taken_away_as_a_file(open_centres):
    from dashboard.centres.gap_words import gap_csv
    from dashboard.centres.reads import read_centres
    from dashboard.pool import open_pool, reads_of

    app = open_centres(show="gaps")
    table = app.dataframe[0].value
    assert {"用房不够级", "热点太远"} <= set(table["缺口"])
    lacking = table[table["缺口"] == "用房不够级"]["说明"]
    assert lacking.str.startswith("按规模还缺:").all()
    (button,) = app.get("download_button")
    assert not button.proto.disabled
    pool = open_pool()
    found = read_centres(reads_of(pool), dt.date(2026, 11, 25))
    file = pd.read_csv(io.BytesIO(gap_csv(found.gaps, found.kinds, pool.geography)), dtype="str")
    assert len(file) == len(found.gaps)
    assert list(file.columns) == ["区划代码", "区划", "缺口", "纠纷类型", "说明"]
    assert file["说明"].notna().all()


def test_a_kind_of_gap_can_be_chosen_and_the_way_up_leads_to_the_province(open_centres):
    app = open_centres(show="gaps", gap="lacking", code="6201", below="4")
    assert set(app.dataframe[0].value["缺口"]) == {"用房不够级"}
    app.button(key="crumb-62").click().run()
    assert not app.exception
    assert "below" not in app.query_params
    assert "1,506 处" in texts(app)


def test_a_link_that_makes_no_sense_is_said(open_centres):
    app = open_centres(show="everything", code="6299999")
    assert "show=everything" in texts(app)
    assert "1,506 处" in texts(app)


def test_without_a_list_page_and_overlay_say_so(bare, open_page):
    app = open_page(bare, page="centres_page")
    assert not app.exception
    assert "manage.py centres import" in texts(app)
    assert not app.get("deck_gl_json_chart")
    assert "还没有综治中心名册" in texts(open_page(bare, overlay="centres"))


def test_without_an_assessment_centres_are_shown_and_distances_are_not(staffed, open_page, tmp_path):
    settings = copy_of(staffed, tmp_path)
    engine = open_store(settings)
    with writing(engine) as connection:
        connection.execute(delete(assessment_runs))
    engine.dispose()
    app = open_page(settings, page="centres_page", show="hotspots")
    assert not app.exception
    assert "manage.py assess" in texts(app)
    assert len(layer_of(app, "centres")) == 103


def test_a_wrong_file_of_settings_is_told_in_words(bare, open_page):
    (bare.var / "centres.yaml").write_text("rooms: {}", "utf-8")
    app = open_page(bare, page="centres_page")
    assert not app.exception
    assert "不能作为综治中心设置" in texts(app)


def test_a_store_that_does_not_answer_is_an_error_frame(demo, open_page, tmp_path):
    settings = Settings(var=tmp_path / "broken")
    settings.var.mkdir()
    settings.geography.symlink_to(demo.geography)
    (settings.var / "store.sqlite").write_bytes(b"not a database" * 100)
    app = open_page(settings, page="centres_page")
    assert not app.exception
    assert "编号" in texts(app)


def test_centres_lie_over_the_main_map_down_to_two_levels_below(staffed, open_page):
    app = open_page(staffed, overlay="centres")
    assert not app.exception
    assert len(layer_of(app, "centres")) == 1 + 14 + 88
    assert "叠加:■ 综治中心 103 处" in texts(app)
