import pytest
from sqlalchemy import func, select

from data.settings import Settings
from data.store import open_store
from data.tables import incidents
from tests.pages.conftest import texts

GOOD = "编号,纠纷类型,受理时间,区划代码,联系电话\nA1,邻里,2026-01-05 10:00:00,620102,x\nA2,邻里,昨天,620102,x\n"


def rows_in(settings: Settings) -> int:
    engine = open_store(settings)
    with engine.connect() as connection:
        count = connection.execute(select(func.count()).select_from(incidents)).scalar_one()
    engine.dispose()
    return count


def test_a_full_pool_shows_every_source_and_its_batches(demo, open_page):
    app = open_page(demo, page="data_page")
    assert not app.exception
    sources, batches = app.dataframe[0].value, app.dataframe[1].value
    assert len(sources) == 8
    assert sources["总件数"].sum() == 30_000
    assert len(batches) == 8
    assert (batches["新增"] + batches["更新"] + batches["未变"] + batches["退回"] == batches["行数"]).all()


def test_an_empty_pool_invites_to_import(bare, open_page):
    app = open_page(bare, page="data_page")
    assert not app.exception
    assert "还没有导入过文件" in texts(app)


def check(app, name: str, content: bytes):
    app.file_uploader[0].upload(name, content, "text/csv").run()
    app.selectbox(key="import-source").select("hotline").run()
    app.selectbox(key="import-datum").select_index(0).run()
    app.button(key="import-check").click().run()
    return app


def test_a_file_is_checked_before_and_stored_only_after_the_operator_says_so(bare, open_page):
    app = check(open_page(bare, page="data_page"), "十一月.csv", GOOD.encode())
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


def test_the_same_file_again_is_recognised(bare, open_page):
    for _ in range(2):
        app = check(open_page(bare, page="data_page"), "a.csv", GOOD.encode())
        app.button(key="import-go").click().run()
    assert "没有重复入库" in texts(app)
    assert rows_in(bare) == 1


def test_what_is_stored_but_not_yet_published_is_not_called_lost(bare, open_page, monkeypatch):
    app = check(open_page(bare, page="data_page"), "a.csv", GOOD.encode())

    def full(*_):
        raise OSError("no space left")

    monkeypatch.setattr("dashboard.import_steps.publish", full)
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
    app = check(open_page(bare, page="data_page"), name, content)
    assert not app.exception
    assert any(says in error.value for error in app.error)
    assert rows_in(bare) == 0


def test_a_failing_store_is_said_without_a_traceback(demo, open_page, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    broken = Settings(var=tmp_path / "v", database_url=f"sqlite:///{blocked}/store.sqlite")
    broken.var.mkdir()
    broken.geography.symlink_to(demo.geography)
    app = open_page(broken, page="data_page")
    assert not app.exception
    assert "暂时取不到数据" in texts(app)
