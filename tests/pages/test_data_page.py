import shutil

import pytest
from sqlalchemy import func, select

from data.batch_list import BatchFilter, list_batches
from data.settings import Settings
from data.store import open_store
from data.tables import incidents
from data.tables.links import dismissed_pairs, links
from tests.pages.conftest import texts

GOOD = "编号,纠纷类型,受理时间,区划代码,联系电话\nA1,邻里,2026-01-05 10:00:00,620102,x\nA2,邻里,昨天,620102,x\n"


def rows_in(settings: Settings) -> int:
    engine = open_store(settings)
    with engine.connect() as connection:
        count = connection.execute(select(func.count()).select_from(incidents)).scalar_one()
    engine.dispose()
    return count


@pytest.fixture
def own(demo, tmp_path) -> Settings:
    """A copy of the demo, for tests that link or retry."""
    settings = Settings(var=tmp_path / "own")
    shutil.copytree(demo.var, settings.var, ignore=shutil.ignore_patterns("geography", "feeds"))
    (settings.var / "geography").symlink_to(demo.var / "geography")
    return settings


def test_a_full_pool_shows_every_source_with_its_volumes_and_places(demo, open_page):
    app = open_page(demo, page="data_page")
    assert not app.exception
    said = texts(app)
    for word in ("12345 热线", "部门推送", "约定每 6 小时", "代码 ", "坐标 ", "归入“其他”", "模拟数据", "退回待改"):
        assert word in said
    assert said.count("data:image/svg+xml") == 8
    conflicts, reasons = app.dataframe[0].value, app.dataframe[1].value
    assert (conflicts["件次"].isin(["1", "2", "3", "4"])).sum() == 0
    assert "<5" in set(conflicts["件次"])
    assert conflicts["地图"].str.startswith("/?code=62").all()
    assert reasons["行数"].sum() > 0


def test_the_days_looked_at_stand_in_the_url(demo, open_page):
    few = open_page(demo, page="data_page")
    many = open_page(demo, page="data_page", days="365", section="nonsense")
    assert "近 365 天件次" in texts(many)
    assert many.dataframe[1].value["行数"].sum() >= few.dataframe[1].value["行数"].sum()
    assert many.query_params.get("days") in ("365", ["365"])


@pytest.mark.parametrize(
    ("section", "says"),
    [
        ("sources", "○ 未接入"),
        ("batches", "还没有导入过数据"),
        ("duplicates", "没有待判断的疑似重复"),
        ("silent", "无法判断"),
    ],
)
def test_an_empty_pool_says_what_to_do_in_every_section(bare, open_page, section, says):
    app = open_page(bare, page="data_page", section=section)
    assert not app.exception
    assert says in texts(app)


@pytest.mark.parametrize("section", ["sources", "batches", "duplicates", "silent"])
def test_a_failing_store_is_said_without_a_traceback(demo, open_page, tmp_path, section):
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    broken = Settings(var=tmp_path / "v", database_url=f"sqlite:///{blocked}/store.sqlite")
    broken.var.mkdir()
    broken.geography.symlink_to(demo.geography)
    app = open_page(broken, page="data_page", section=section)
    assert not app.exception
    assert "暂时取不到数据" in texts(app)


def test_a_pair_is_linked_and_taken_apart_again_and_the_map_counts_accordingly(own, open_page):
    app = open_page(own, page="data_page", section="duplicates", days="365")
    assert not app.exception
    button = next(each for each in app.button if each.key.startswith("link-"))
    button.click().run()
    assert not app.exception
    assert "同一件" in texts(app)
    assert button.key not in {each.key for each in app.button}
    engine = open_store(own)
    with engine.connect() as connection:
        assert len(connection.execute(select(links)).all()) == 2
        assert connection.execute(select(func.count()).where(incidents.c.duplicate)).scalar_one() == 1
    assert len(list_batches(engine, BatchFilter(kind="links"))) == 1
    next(each for each in app.button if each.key.startswith("unlink-")).click().run()
    assert not app.exception
    with engine.connect() as connection:
        assert connection.execute(select(links)).all() == []
    engine.dispose()
    assert button.key in {each.key for each in app.button}


def test_a_dismissed_pair_does_not_come_back(own, open_page):
    app = open_page(own, page="data_page", section="duplicates", days="365")
    button = next(each for each in app.button if each.key.startswith("dismiss-"))
    button.click().run()
    assert not app.exception
    assert button.key not in {each.key for each in app.button}
    again = open_page(own, page="data_page", section="duplicates", days="365")
    assert button.key not in {each.key for each in again.button}
    engine = open_store(own)
    with engine.connect() as connection:
        assert len(connection.execute(select(dismissed_pairs)).all()) == 1
    engine.dispose()


def test_silent_places_come_with_the_caveat_and_what_chance_would_give(demo, open_page):
    app = open_page(demo, page="data_page", section="silent")
    assert not app.exception
    said = texts(app)
    assert "“没有上报”不等于“没有纠纷”" in said
    app.segmented_control(key="silent-level").set_value(5).run()
    app.selectbox(key="silent-weeks").select(104).run()
    app.selectbox(key="silent-least").select(3.0).run()
    assert not app.exception
    said = texts(app)
    assert "按偶然至少也会有约" in said
    assert "沉默的村(社区)" in said


def check(app, name: str, content: bytes, *, feed: str = "hotline"):
    uploader = next(each for each in app.file_uploader if each.key.startswith("import-file"))
    uploader.upload(name, content, "text/csv").run()
    app.selectbox(key="import-source").select(feed).run()
    app.selectbox(key="import-datum").select_index(0).run()
    app.button(key="import-check").click().run()
    return app


def open_batches(open_page, settings):
    return open_page(settings, page="data_page", section="batches")


def test_batches_add_up_and_show_their_rejected_rows(demo, open_page):
    app = open_batches(open_page, demo)
    assert not app.exception
    batches = app.dataframe[0].value
    assert len(batches) == 8
    assert (batches["新增"] + batches["更新"] + batches["未变"] + batches["退回"] == batches["行数"]).all()
    assert set(batches["类别"]) == {"文件"}
    assert len(app.dataframe[1].value) > 0
    app.selectbox(key="batch-source").select("police").run()
    assert app.dataframe[0].value["来源"].tolist() == ["纠纷类警情"]
    app.selectbox(key="batch-kind").select("http").run()
    assert "所选条件下没有批次" in texts(app)


def test_a_retry_that_helps_nothing_says_so_and_a_mended_list_comes_in(own, open_page):
    before = rows_in(own)
    app = open_batches(open_page, own)
    app.button(key="batch-retry").click().run()
    assert not app.exception
    assert "仍然都不能入库" in texts(app)
    uploader = next(each for each in app.file_uploader if each.key.startswith("mend-"))
    uploader.upload("改正.csv", GOOD.encode(), "text/csv").run()
    app.button(key="mend-go").click().run()
    assert not app.exception
    assert "仍退回 1 行" in texts(app)
    assert rows_in(own) == before + 1
    assert set(app.dataframe[0].value["类别"]) == {"文件", "改正后重报"}


def test_a_file_is_checked_before_and_stored_only_after_the_operator_says_so(bare, open_page):
    app = check(open_batches(open_page, bare), "十一月.csv", GOOD.encode())
    assert not app.exception
    said = texts(app)
    assert "有 1 行不能入库,其余 1 行可以导入。" in said
    assert "未导入 1 列:联系电话" in said
    assert any("日期写法不认识:“昨天”" in str(table.value) for table in app.dataframe)
    assert rows_in(bare) == 0
    app.button(key="import-go").click().run()
    assert not app.exception
    assert "十一月.csv 已于" in texts(app)
    assert rows_in(bare) == 1
    assert {metric.label: metric.value for metric in app.metric}["新增"] == "1"


def test_a_feed_of_the_office_is_offered_and_read_as_it_writes(bare, open_page):
    folder = bare.var / "profiles"
    folder.mkdir()
    (folder / "estate.yaml").write_text(
        "title: 物业平台\nsource: hotline\ndatum: wgs84\nrhythm_minutes: 360\ncolumns: {external_id: [单号]}\n", "utf-8"
    )
    app = check(open_batches(open_page, bare), "a.csv", GOOD.replace("编号", "单号").encode(), feed="estate")
    assert not app.exception
    assert "其余 1 行可以导入。" in texts(app)
    (folder / "estate.yaml").write_text("title: 物业平台\n", "utf-8")
    app = open_batches(open_page, bare)
    assert not app.exception
    assert "estate.yaml" in texts(app)


def test_the_same_file_again_is_recognised(bare, open_page):
    for _ in range(2):
        app = check(open_batches(open_page, bare), "a.csv", GOOD.encode())
        app.button(key="import-go").click().run()
    assert "没有重复入库" in texts(app)
    assert rows_in(bare) == 1


def test_what_is_stored_but_not_yet_published_is_not_called_lost(bare, open_page, monkeypatch):
    app = check(open_batches(open_page, bare), "a.csv", GOOD.encode())

    def full(*_):
        raise OSError("no space left")

    monkeypatch.setattr("dashboard.data_page.import_steps.publish", full)
    app.button(key="import-go").click().run()
    assert not app.exception
    assert "已经入库,但暂时没能发布到地图" in texts(app)
    assert rows_in(bare) == 1


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", "姓名;电话\n张;1\n".encode(), "表头里没有找到必需的列:编号、纠纷类型、受理时间"),
        ("a.csv", "编号,纠纷类型,受理时间\n".encode(), "表头下面没有数据行"),
        ("a.xlsx", b"not a workbook", "XLSX"),
        ("a.parquet", b"PAR1", "Parquet"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do_and_stores_nothing(bare, open_page, name, content, says):
    app = check(open_batches(open_page, bare), name, content)
    assert not app.exception
    assert any(says in error.value for error in app.error)
    assert rows_in(bare) == 0
