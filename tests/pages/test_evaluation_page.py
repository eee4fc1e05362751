"""模型评估: empty, full, failing, and the way back to an earlier model."""

import datetime as dt
import json
import shutil

import pytest
from sqlalchemy import select, update

from data.backtests.order import BacktestOrder
from data.backtests.storage import begin_backtest, finish_backtest, keep_layer
from data.counting import Counting
from data.counts import Counts
from data.forecasts.models import list_models
from data.forecasts.order import ForecastOrder
from data.forecasts.run import Forecasting
from data.settings import Settings
from data.store import open_store, writing
from data.tables import forecast_models
from tests.pages.conftest import texts

RULES = (
    "model", "last week", "mean of 4 weeks", "mean of 13 weeks", "mean of 52 weeks", "all history",
    "same weeks last year", "EWMA 13 weeks", "self + ring 1", "two-sided smoother",
)  # fmt: skip


def result_of(*, alarm: bool = False) -> dict:
    """What a back-test would have measured."""
    shares = {f"{measure}_{share}": 0.25 for measure in ("hit_rate", "pai", "pei") for share in ("1%", "5%", "10%")}
    rows = [
        {"forecast": name, "deviance": 1 + at / 10, "ratio": 1 / (1 + at / 10), "ratio_low": 0.5, "ratio_high": 0.99}
        | shares
        for at, name in enumerate(RULES)
    ]
    return {
        "places": 40,
        "incidents": 400,
        "comparison": rows,
        "reliability": [{"expected": 0.1 * at, "observed": 0.11 * at, "rows": 9} for at in range(1, 11)],
        "coverage": {"50%": 0.51, "90%": 0.903},
        "coverage_by_decile": [0.9] * 10,
        "weekly": [
            {"week": f"2026-0{1 + at // 4}-0{1 + at % 4 * 2}", "expected_count": 50.0, "incident_count": 47}
            | {"deviance": 0.9, "covered": 0.91}
            for at in range(8)
        ],
        "verdict": {"shown": True, "ratio": 0.8, "upper": 0.9, "drift": 4.2 if alarm else 0.3, "drifting": alarm},
        "loss_drift": 0.5,
        "drift_alarm": alarm,
    }


@pytest.fixture(scope="module")
def evaluated(demo, tmp_path_factory) -> Settings:
    """A copy of the demo with a forecast whose first week is over, and a back-test of one level."""
    import pandas as pd

    settings = Settings(var=tmp_path_factory.mktemp("evaluated"))
    shutil.copy(demo.var / "store.sqlite", settings.var / "store.sqlite")
    for folder in ("geography", "segments"):
        (settings.var / folder).symlink_to(demo.var / folder)
    engine = open_store(settings)
    counting = Counting(engine, settings)
    newest = dt.datetime.fromtimestamp(max(Counts(engine, counting).latest().values()), dt.UTC).date()
    as_of = newest - dt.timedelta(days=9)
    order = ForecastOrder("62", as_of, weeks=33, layers=("city", "township"))
    Forecasting(engine, counting, settings).run(order, assessment_run_id=0, on_progress=lambda *_: None)
    tested = BacktestOrder("62", as_of, layers=("township",))
    made = begin_backtest(engine, tested, data_version=1, moment=0)
    parts = [("", 1, result_of()), ("D06", 1, result_of(alarm=True)), ("D20", 1, {"places": 3, "incidents": 0})]
    keep_layer(engine, made, "township", parts)
    finish_backtest(engine, settings, made, pd.DataFrame({"layer": ["township"]}), moment=60)
    counting.close()
    engine.dispose()
    return settings


def test_measures_of_the_level_and_type_are_shown_in_words(evaluated, open_page):
    app = open_page(evaluated, page="evaluation_page")
    assert not app.exception
    said = texts(app)
    for words in ("误差比:模型 ÷ 上月件数", "90% 区间覆盖率", "漂移警报", "展示与停用", "模型卡", "不等于安全"):
        assert words in said
    compared = next(frame.value for frame in app.dataframe if "模型÷它" in frame.value.columns)
    assert compared["方法"].tolist()[0] == "模型"
    assert len(compared) == 10
    assert compared["方法"].str.isascii().sum() == 0


def test_drift_names_the_types_that_alarm(evaluated, open_page):
    app = open_page(evaluated, page="evaluation_page")
    assert "近 4 周与此前不同:劳动争议" in texts(app)


def test_what_was_published_stands_beside_what_came(evaluated, open_page):
    app = open_page(evaluated, page="evaluation_page")
    weekly = next(frame.value for frame in app.dataframe if "说过" in frame.value.columns)
    published = weekly[weekly["口径"].str.startswith("当时发布")]
    assert len(published) == 1
    assert float(published["说过"].iloc[0].replace(",", "")) > 0
    assert int(published["发生"].iloc[0].replace(",", "")) > 0


def test_a_type_that_did_not_come_says_so_and_a_wrong_link_is_told(evaluated, open_page):
    app = open_page(evaluated, page="evaluation_page", type="D20", level="township", horizon="9")
    assert not app.exception
    assert "无从评估" in texts(app)
    assert "horizon=9" in texts(app)


def test_every_level_and_type_has_a_state(evaluated, open_page):
    app = open_page(evaluated, page="evaluation_page")
    states = next(frame.value for frame in app.dataframe if "市州" in frame.value.columns)
    assert len(states) == 22
    assert states["市州"].str.match(r"展示 \d|停用 \d|无从判断").all()


def test_a_model_is_rolled_back_by_a_named_person_after_confirmation(evaluated, open_page, tmp_path):
    settings = Settings(var=tmp_path / "var")
    shutil.copytree(evaluated.var, settings.var, symlinks=True)
    app = open_page(settings, page="evaluation_page")
    app.button(key="roll-back").click().run()
    engine = open_store(settings)
    assert not list_models(engine, settings, "62")[0].set_aside
    app.text_input(key="acting-name-field").set_value("王敏").run()
    app.button(key="roll-back").click().run()
    assert not app.exception
    (model,) = list_models(engine, settings, "62")
    assert (model.set_aside, model.set_aside_by) == (True, "王敏")
    assert "已由 王敏 退回" in texts(app)
    engine.dispose()


def test_what_is_off_says_why(evaluated, open_page, tmp_path):
    settings = Settings(var=tmp_path / "var")
    shutil.copytree(evaluated.var, settings.var, symlinks=True)
    engine = open_store(settings)
    with writing(engine) as connection:
        text = json.loads(connection.execute(select(forecast_models.c.calibration)).scalar_one())
        text["city"]["verdicts"][""] |= {"shown": False, "ratio": 1.042}
        connection.execute(update(forecast_models).values(calibration=json.dumps(text)))
    engine.dispose()
    app = open_page(settings, page="evaluation_page")
    assert "市州:“全部类型”的预测近期没有胜过“上月件数”(误差比 1.042" in texts(app)


def test_without_a_backtest_the_page_says_what_to_run(demo, open_page):
    app = open_page(demo, page="evaluation_page")
    assert not app.exception
    assert "manage.py backtest" in texts(app)


def test_a_store_that_does_not_answer_is_an_error_frame(demo, open_page, tmp_path):
    settings = Settings(var=tmp_path / "broken")
    settings.var.mkdir()
    settings.geography.symlink_to(demo.geography)
    (settings.var / "store.sqlite").write_bytes(b"not a database" * 100)
    app = open_page(settings, page="evaluation_page")
    assert not app.exception
    assert "编号" in texts(app)
