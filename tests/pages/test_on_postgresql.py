"""The pages on a record store that several users share."""

import pytest

from dashboard.pool import open_pool
from data.batch_import import Delivery, import_file
from data.places import open_places
from data.segments import publish
from data.settings import Settings
from data.store import open_store
from geo.datum import Datum
from tests.pages.conftest import deck_of, texts

FEED = "编号,纠纷类型,受理时间,区划代码\n" + "".join(f"A{n},邻里,2026-11-20 10:00:00,620102\n" for n in range(7))
ON_POSTGRESQL = pytest.mark.parametrize("store", ["postgresql"], indirect=True)


@pytest.fixture
def shared(bare, store, tmp_path, as_of):
    settings = Settings(var=bare.var, database_url=store)
    engine = open_store(settings)
    path = tmp_path / "feed.csv"
    path.write_text(FEED, encoding="utf-8")
    delivery = Delivery(path, "hotline", Datum.WGS84, simulated=True)
    import_file(engine, open_places(settings), delivery, as_of=as_of)
    publish(engine, settings)
    engine.dispose()
    return settings


@ON_POSTGRESQL
def test_the_map_and_the_data_page_show_what_the_shared_store_holds(shared, open_page):
    pages = {page: open_page(shared, page=page) for page in ("map_page", "data_page")}
    open_pool().engine.dispose()
    assert [list(app.exception) for app in pages.values()] == [[], []]
    assert all("模拟数据" in texts(app) for app in pages.values())
    assert deck_of(pages["map_page"])["layers"]


@ON_POSTGRESQL
def test_a_page_of_a_store_that_is_down_says_so(shared, open_page, tmp_path):
    down = Settings(var=shared.var, database_url=f"postgresql://owner:s3cr3t@/test?host={tmp_path}")
    app = open_page(down)
    assert not app.exception
    assert "暂时取不到数据" in texts(app)
    assert "s3cr3t" not in texts(app)
