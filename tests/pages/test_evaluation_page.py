"""模型评估: empty, full, failing, and the way back to an earlier model."""

import json
import shutil

from sqlalchemy import select, update

from data.forecasts.models import list_models
from data.settings import Settings
from data.store import open_store, writing
from data.tables import forecast_models
from tests.pages.conftest import texts


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
