import datetime as dt
import shutil

import pytest

from data.assessments.assess import Assessor
from data.assessments.parameters import Parameters, ScanSettings
from data.assessments.runs import list_runs
from data.counting import Counting
from data.settings import Settings
from data.store import open_store
from tests.pages.conftest import deck_of, texts

TYPES = ("D02", "D06")


@pytest.fixture(scope="module")
def assessed(demo, tmp_path_factory) -> Settings:
    """A copy of the demo with a run over it."""
    settings = Settings(var=tmp_path_factory.mktemp("assessed"))
    shutil.copy(demo.var / "store.sqlite", settings.var / "store.sqlite")
    for folder in ("geography", "segments"):
        (settings.var / folder).symlink_to(demo.var / folder)
    engine = open_store(settings)
    counting = Counting(engine, settings)
    newest = max(row for row in Counting(engine, settings).run(_last_days())["day"])
    as_of = dt.date(1970, 1, 1) + dt.timedelta(days=int(newest) - 1)
    scan = ScanSettings(replications=99)
    layers = ("county", "township", "cell6", "cell7")
    Assessor(engine, counting, settings).assess(Parameters("62", as_of, layers, ("", *TYPES), scan=scan))
    counting.close()
    engine.dispose()
    return settings


def _last_days():
    from sqlalchemy import func, select

    from data.queries import facts

    return select(func.max(facts.c.day).label("day"))


def test_the_page_lists_hotspots_and_opens_the_best(assessed, open_page):
    app = open_page(assessed, page="hotspots_page", type="total")
    assert not app.exception
    table = app.dataframe[0].value
    assert len(table) > 3
    assert set(table["纠纷类型"]) == {"各类合计"}
    said = texts(app)
    assert "为什么" in said
    assert "显著偏高" in said
    assert "边界为示意" in said
    assert "模拟数据" in said
    assert "示意图,不作划界依据" in said
    assert any(layer["id"] == "children" for layer in deck_of(app)["layers"])


def test_hexagons_have_the_same_page(assessed, open_page):
    app = open_page(assessed, page="hotspots_page", level="cell7", type="total")
    assert not app.exception
    assert any(layer["id"] == "cells" for layer in deck_of(app)["layers"])
    assert "://" not in str(deck_of(app))


def test_a_link_opens_the_hotspot_it_names(assessed, open_page):
    table = open_page(assessed, page="hotspots_page", type="total", level="county")
    listed = table.dataframe[0].value
    app = open_page(assessed, page="hotspots_page", type="total", level="county", place="620102", of="total")
    assert not app.exception
    if "城关区" in " ".join(listed["地点"]):
        assert "城关区" in texts(app)


def test_a_link_with_nonsense_says_so(assessed, open_page):
    app = open_page(assessed, page="hotspots_page", level="street", run="99")
    assert not app.exception
    assert "level=street" in texts(app)
    assert "run=99" in texts(app)


@pytest.fixture
def assessed_twice(assessed, tmp_path) -> Settings:
    """The same, and a run over four weeks less after it."""
    settings = Settings(var=tmp_path / "twice")
    shutil.copytree(assessed.var, settings.var, symlinks=True)
    engine = open_store(settings)
    counting = Counting(engine, settings)
    (first,) = list_runs(engine, scope="62")
    before = first.as_of - dt.timedelta(days=28)
    Assessor(engine, counting, settings).assess(Parameters("62", before, ("county",), ("",), scan=ScanSettings("")))
    counting.close()
    engine.dispose()
    return settings


def test_two_runs_are_compared_on_the_page(assessed_twice, open_page):
    app = open_page(assessed_twice, page="hotspots_page", type="total", level="county")
    assert not app.exception
    changes = next(frame.value for frame in app.dataframe if "那次" in frame.value.columns)
    assert set(changes["变化"]) <= {"新出现", "类别变化", "已消失"}
    assert (changes["那次"] != changes["这次"]).all()
    assert any("第 1 次研判" in option for box in app.selectbox for option in box.options)


def test_a_single_run_is_compared_with_nothing(assessed, open_page):
    app = open_page(assessed, page="hotspots_page", type="total", level="county")
    assert all("那次" not in frame.value.columns for frame in app.dataframe)


def test_nothing_listed_says_what_to_do(assessed, open_page):
    app = open_page(assessed, page="hotspots_page", type="D20")
    assert not app.exception
    assert "所选条件下没有热点" in texts(app)


def test_before_the_first_run_the_page_says_how_to_make_one(bare, open_page):
    app = open_page(bare, page="hotspots_page")
    assert not app.exception
    assert "还没有研判过" in texts(app)


def test_a_store_that_fails_is_said_without_a_traceback(demo, open_page, tmp_path):
    broken = Settings(var=tmp_path / "broken")
    broken.var.mkdir()
    broken.geography.symlink_to(demo.geography)
    (broken.var / "store.sqlite").write_text("not a database, but long enough to be taken for one " * 50)
    app = open_page(broken, page="hotspots_page")
    assert not app.exception
    assert "暂时取不到数据" in texts(app)


@pytest.mark.parametrize(("shape", "drawn"), [("areas", "children"), ("cells", "cells")])
def test_the_map_has_a_layer_of_classes_with_both_rows_of_the_legend(assessed, open_page, shape, drawn):
    app = open_page(assessed, code="6201", measure="emerging", shape=shape)
    assert not app.exception
    said = texts(app)
    assert "无明显模式" in said
    assert "冷点" in said
    assert "时段、来源、渠道和状态筛选不影响本图层" in said
    (layer,) = [each for each in deck_of(app)["layers"] if each["id"] == drawn]
    assert layer["getFillColor"].count("==") == 16


def test_without_an_assessment_of_the_layer_the_map_shows_counts(assessed, demo, open_page):
    for settings, code in ((demo, "6201"), (assessed, "62")):
        app = open_page(settings, code=code, measure="emerging")
        assert not app.exception
        assert "件数(件)" in texts(app)


def test_a_source_is_assessed_by_itself_when_somebody_asks_for_it(assessed, open_page):
    app = open_page(assessed, page="hotspots_page", level="county", source="police", type="total")
    assert not app.exception
    assert "还没有单独按" in texts(app)
    app.button(key="assess-source").click().run()
    assert not app.exception
    assert set(app.dataframe[0].value["纠纷类型"]) <= {"各类合计"}
    assert "还没有单独按" not in texts(app)
    engine = open_store(assessed)
    newest = list_runs(engine, scope="62")[0]
    assert newest.sources == ("police",)
    assert newest.parameters["layers"] == ["county"]
    engine.dispose()
    again = open_page(assessed, page="hotspots_page", level="township", type="total")
    assert not again.exception
    assert "police" not in str(again.dataframe[0].value)


def test_hotspots_can_be_narrowed_to_those_that_arose_lately(assessed, open_page):
    every = open_page(assessed, page="hotspots_page", type="total").dataframe[0].value
    lately = open_page(assessed, page="hotspots_page", type="total", since="4").dataframe[0].value
    assert 0 < len(lately) < len(every)
    first = str(_as_of(assessed) - dt.timedelta(days=27))
    assert (lately["自"].where(lately["自"] != "—", "") >= first).all()
    begun = (every["自"] != "—") & (every["自"] >= first)
    assert len(lately) == begun.sum()


def test_levels_offered_are_those_of_the_run(assessed, open_page):
    app = open_page(assessed, page="hotspots_page")
    level = next(box for box in app.selectbox if box.key == "hotspot-level")
    assert level.options == ["县区", "乡镇街道", "六边形 6 级", "六边形 7 级"]


def _as_of(settings) -> dt.date:
    engine = open_store(settings)
    newest = next(run for run in list_runs(engine, scope="62") if not run.sources)
    engine.dispose()
    return newest.as_of
