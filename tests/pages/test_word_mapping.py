import pandas as pd
import pytest
from sqlalchemy import func, select

from data.batch_import import Delivery, import_file
from data.places import open_places
from data.settings import Settings
from data.store import open_store
from data.tables import changes
from geo.datum import Datum
from tests.pages.conftest import texts

AT = pd.Timestamp("2026-11-25 09:42", tz="Asia/Shanghai")
ROWS = (
    "编号,纠纷类型,受理时间,区划代码\n"
    "A1,漏水,2026-11-01 10:00:00,620102\nA2,漏水,2026-11-03 10:00:00,620102\nA3,占道,2026-11-02 10:00:00,620102\n"
)


def counted(settings: Settings) -> dict[str, int]:
    total = func.sum(changes.c.weight)
    engine = open_store(settings)
    with engine.connect() as connection:
        rows = connection.execute(
            select(changes.c.dispute_type, total).group_by(changes.c.dispute_type).having(total != 0)
        )
        found = {code: int(count) for code, count in rows}
    engine.dispose()
    return found


@pytest.fixture
def with_words(bare, tmp_path) -> Settings:
    path = tmp_path / "a.csv"
    path.write_text(ROWS, "utf-8")
    engine = open_store(bare)
    import_file(engine, open_places(bare), Delivery(path, "hotline", Datum.WGS84), as_of=AT)
    engine.dispose()
    return bare


def test_a_pool_without_unknown_words_says_so(bare, open_page):
    app = open_page(bare, page="data_page", section="words")
    assert not app.exception
    assert "各来源的类型用语都能识别" in texts(app)


def test_an_operator_maps_a_word_and_reads_how_many_incidents_changed(with_words, open_page):
    app = open_page(with_words, page="data_page", section="words")
    assert not app.exception
    assert "2 个待对照,0 个已对照" in texts(app)
    table = app.dataframe[0].value
    assert table[["来源", "用语", "件数", "最早受理", "最近受理", "对照为"]].to_numpy().tolist() == [
        ["12345 热线", "漏水", 2, "2026-11-01", "2026-11-03", "待对照"],
        ["12345 热线", "占道", 1, "2026-11-02", "2026-11-02", "待对照"],
    ]
    assert app.button(key="words-go").disabled
    app.selectbox(key="words-type").select("D10").run()
    app.button(key="words-go").click().run()
    assert not app.exception
    assert "2 件已改为“物业、工程质量”" in texts(app)
    assert "1 个待对照,1 个已对照" in texts(app)
    assert counted(with_words) == {"D10": 2, "D99": 1}


def test_while_the_store_does_not_answer_nothing_changes_and_the_page_says_so(with_words, open_page, monkeypatch):
    from dashboard.data_page import word_mapping
    from data.store import PoolUnavailableError

    def away(*_, **__):
        raise PoolUnavailableError("连接失败")

    app = open_page(with_words, page="data_page", section="words")
    app.selectbox(key="words-type").select("D10").run()
    monkeypatch.setattr(word_mapping, "map_word", away)
    app.button(key="words-go").click().run()
    assert not app.exception
    assert "没有改动任何数据" in texts(app)
    assert counted(with_words) == {"D99": 3}
