"""风险预判: full, empty, switched off, failing."""

import datetime as dt
import json
import shutil

import pytest
from sqlalchemy import select, update

from data.counting import Counting
from data.counts import Counts
from data.forecasts.order import ForecastOrder
from data.forecasts.run import Forecasting
from data.settings import Settings
from data.store import open_store, writing
from data.tables import forecast_models
from tests.pages.conftest import texts


@pytest.fixture(scope="module")
def foretold(demo, tmp_path_factory) -> Settings:
    """A copy of the demo with a forecast run over it, of a history too short for more than map and season."""
    settings = Settings(var=tmp_path_factory.mktemp("foretold"))
    shutil.copy(demo.var / "store.sqlite", settings.var / "store.sqlite")
    for folder in ("geography", "segments"):
        (settings.var / folder).symlink_to(demo.var / folder)
    engine = open_store(settings)
    counting = Counting(engine, settings)
    newest = dt.datetime.fromtimestamp(max(Counts(engine, counting).latest().values()), dt.UTC).date()
    order = ForecastOrder("62", newest - dt.timedelta(days=2), weeks=33, layers=("county", "township", "cell6"))
    Forecasting(engine, counting, settings).run(order, assessment_run_id=0, on_progress=lambda *_: None)
    counting.close()
    engine.dispose()
    return settings


@pytest.fixture
def switched_off(foretold, tmp_path) -> Settings:
    """The same, but the model has lost against last month's counts everywhere."""
    settings = Settings(var=tmp_path / "off")
    shutil.copytree(foretold.var, settings.var, symlinks=True)
    engine = open_store(settings)
    with writing(engine) as connection:
        text = json.loads(connection.execute(select(forecast_models.c.calibration)).scalar_one())
        for layer in text.values():
            for verdict in layer["verdicts"].values():
                verdict |= {"shown": False, "ratio": 1.042}
        connection.execute(update(forecast_models).values(calibration=json.dumps(text)))
    engine.dispose()
    return settings


def test_places_are_ranked_by_score_with_their_reasons_and_bounds(foretold, open_page):
    app = open_page(foretold, page="risk_page", level="county")
    assert not app.exception
    table = app.dataframe[0].value
    assert table["风险分"].is_monotonic_decreasing
    assert len(table) > 50
    said = texts(app)
    assert "未来 4 周预计" in said
    assert "分级界限(本模型固定)" in said
    assert "不等于安全" in said


def test_a_chosen_place_and_type_come_from_the_link(foretold, open_page):
    app = open_page(foretold, page="risk_page", level="county", type="D06", place="620102")
    assert not app.exception
    assert "城关区" in texts(app)
    assert "劳动争议" in texts(app)


def test_hexagons_have_the_same_page(foretold, open_page):
    app = open_page(foretold, page="risk_page", level="cell6")
    assert not app.exception
    assert len(app.dataframe[0].value) > 3


def test_the_model_card_and_its_verdicts_stand_below(foretold, open_page):
    app = open_page(foretold, page="risk_page", level="township")
    assert "模型卡" in texts(app)
    titles = [frame.value.columns.tolist() for frame in app.dataframe]
    assert any("误差比(模型÷上月件数)" in columns for columns in titles)


def test_a_link_that_makes_no_sense_is_said(foretold, open_page):
    app = open_page(foretold, page="risk_page", level="planet", type="D77")
    assert not app.exception
    assert "level=planet" in texts(app)


def test_a_model_that_lost_is_not_shown_and_says_why(switched_off, open_page):
    app = open_page(switched_off, page="risk_page", level="county")
    assert not app.exception
    assert "没有胜过“上月件数”(误差比 1.042" in texts(app)
    assert all("风险分" not in frame.value.columns for frame in app.dataframe)


def test_a_type_that_nothing_came_of_is_not_judged_and_says_so(switched_off, open_page):
    engine = open_store(switched_off)
    with writing(engine) as connection:
        text = json.loads(connection.execute(select(forecast_models.c.calibration)).scalar_one())
        text["county"]["verdicts"].pop("D20", None)
        connection.execute(update(forecast_models).values(calibration=json.dumps(text)))
    engine.dispose()
    app = open_page(switched_off, page="risk_page", level="county", type="D20")
    assert not app.exception
    assert "无从判断预测好坏" in texts(app)


def test_without_a_run_the_page_says_what_to_do(demo, open_page):
    app = open_page(demo, page="risk_page")
    assert not app.exception
    assert "manage.py assess" in texts(app)


def test_a_store_that_does_not_answer_is_an_error_frame(demo, open_page, tmp_path):
    settings = Settings(var=tmp_path / "broken")
    settings.var.mkdir()
    settings.geography.symlink_to(demo.geography)
    (settings.var / "store.sqlite").write_bytes(b"not a database" * 100)
    app = open_page(settings, page="risk_page")
    assert not app.exception
    assert "编号" in texts(app)
