import pandas as pd
import pytest
from sqlalchemy import func, select

from data.batch_import import Delivery, import_file
from data.feeds.words import Mapped, count_unmapped, list_words, map_word
from data.history import history_of, incident_id
from data.tables import batches, changes, incidents
from data.tables.links import batch_notes
from geo.datum import Datum

AT = pd.Timestamp("2026-11-25 09:42", tz="Asia/Shanghai")
HEADER = "编号,纠纷类型,受理时间,区划代码,是否撤销\n"
ROWS = (
    "A1,漏水,2026-11-01 10:00:00,620102,\n"
    "A2,漏水,2026-11-03 10:00:00,620102,\n"
    "A3,占道,2026-11-02 10:00:00,620102,\n"
    "A4,邻里,2026-11-02 11:00:00,620102,\n"
    "A5,其他,2026-11-02 11:00:00,620102,\n"
    "A6,漏水,2026-11-04 10:00:00,620102,是\n"
)


@pytest.fixture
def deliver(engine, places, tmp_path):
    def deliver(rows: str, source: str = "hotline", name: str = "a.csv"):
        path = tmp_path / name
        path.write_text(HEADER + rows, "utf-8")
        return import_file(engine, places, Delivery(path, source, Datum.WGS84), as_of=AT)

    return deliver


def counted(engine) -> dict[str, int]:
    """Incidents by type, as every count sums them."""
    total = func.sum(changes.c.weight)
    query = select(changes.c.dispute_type, total).group_by(changes.c.dispute_type).having(total != 0)
    with engine.connect() as connection:
        return {code: int(count) for code, count in connection.execute(query)}


def listed(engine) -> list[tuple]:
    return [tuple(row) for row in list_words(engine)[["source", "word", "code", "incidents"]].astype(object).to_numpy()]


def map_(engine, word: str, code: str, source: str = "hotline") -> Mapped:
    return map_word(engine, source, word, code, person="值班员", at=AT)


def test_a_word_that_nobody_knows_is_listed_once_with_its_source_and_days(engine, deliver):
    deliver(ROWS)
    deliver("B1,漏水,2026-11-05 10:00:00,620102,\n", source="citizen")
    assert listed(engine) == [
        ("hotline", "漏水", None, 2),
        ("citizen", "漏水", None, 1),
        ("hotline", "占道", None, 1),
    ]
    first = list_words(engine).iloc[0]
    assert first["first_seen"] == pd.Timestamp("2026-11-01 10:00", tz="Asia/Shanghai").timestamp()
    assert first["last_seen"] == pd.Timestamp("2026-11-03 10:00", tz="Asia/Shanghai").timestamp()


def test_mapping_a_word_recodes_what_came_with_it_and_every_count_is_exact(engine, deliver):
    deliver(ROWS)
    assert counted(engine) == {"D99": 4, "D02": 1}
    assert map_(engine, "漏水", "D10") == Mapped(incidents=3, changed=3)
    assert counted(engine) == {"D99": 2, "D02": 1, "D10": 2}
    assert listed(engine)[-1] == ("hotline", "漏水", "D10", 2)
    assert count_unmapped(engine) == 1
    with engine.connect() as connection:
        withdrawn = connection.execute(select(incidents.c.dispute_type).where(incidents.c.withdrawn)).scalars().all()
    assert withdrawn == ["D10"]


def test_a_mapping_is_of_one_source(engine, deliver):
    deliver(ROWS)
    deliver("B1,漏水,2026-11-05 10:00:00,620102,\n", source="citizen")
    map_(engine, "漏水", "D10", source="citizen")
    assert counted(engine) == {"D99": 4, "D02": 1, "D10": 1}


def test_the_same_code_again_does_nothing_and_another_recodes_again(engine, deliver):
    deliver(ROWS)
    map_(engine, "漏水", "D10")
    with engine.connect() as connection:
        log = connection.execute(select(func.count()).select_from(changes)).scalar_one()
    assert map_(engine, "漏水", "D10") == Mapped(incidents=3, changed=0)
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(changes)).scalar_one() == log
    assert map_(engine, "漏水", "D02").changed == 3
    assert counted(engine) == {"D99": 2, "D02": 3}
    map_(engine, "漏水", "D99")
    assert counted(engine) == {"D99": 4, "D02": 1}


def test_rows_that_come_later_with_the_word_get_its_code_at_once(engine, deliver):
    deliver(ROWS)
    map_(engine, "漏水", "D10")
    batch = deliver("A7,漏水,2026-11-06 10:00:00,620102,\nA1,漏水,2026-11-01 10:00:00,620102,\n", name="b.csv")
    assert (batch.added, batch.unchanged) == (1, 1)
    assert counted(engine) == {"D99": 2, "D02": 1, "D10": 3}
    assert map_(engine, "漏水", "D14") == Mapped(incidents=4, changed=4)
    assert counted(engine) == {"D99": 2, "D02": 1, "D14": 3}


def test_a_row_that_names_a_known_type_later_leaves_the_word_behind(engine, deliver):
    deliver(ROWS)
    deliver("A1,物业,2026-11-01 10:00:00,620102,\n", name="b.csv")
    assert map_(engine, "漏水", "D02").incidents == 2
    assert counted(engine) == {"D99": 2, "D02": 2, "D10": 1}


def test_the_recoding_stands_in_the_history_of_an_incident_as_a_batch_of_its_own_kind(engine, deliver):
    deliver(ROWS)
    map_(engine, "漏水", "D10")
    query = select(batches, batch_notes.c.kind).join(batch_notes, batch_notes.c.batch_id == batches.c.id)
    with engine.connect() as connection:
        (batch,) = connection.execute(query).mappings().all()
    assert (batch["kind"], batch["updated"], batch["file_name"]) == ("words", 3, "用语对照 2026-11-25")
    found = incident_id(engine, "hotline", "A1")
    assert found is not None
    steps = history_of(engine, found)
    assert steps.iloc[-1]["batch_id"] == batch["id"]


def test_a_word_may_be_mapped_before_any_incident_brings_it(engine, deliver):
    assert map_(engine, "漏水", "D10") == Mapped(0, 0)
    deliver(ROWS)
    assert counted(engine) == {"D99": 2, "D02": 1, "D10": 2}


@pytest.mark.parametrize(
    ("source", "word", "code"), [("nobody", "漏水", "D10"), ("hotline", " ", "D10"), ("hotline", "漏水", "D21")]
)
def test_a_mapping_to_nothing_is_refused(engine, source, word, code):
    with pytest.raises(ValueError, match="expected"):
        map_word(engine, source, word, code, person="值班员", at=AT)
