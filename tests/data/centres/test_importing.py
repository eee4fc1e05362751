"""Lists of centres taken in: every row accounted for, the later row holds, nothing about persons."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from openpyxl import Workbook
from sqlalchemy import delete, select

from data.centres.importing import import_centres
from data.centres.parsing import CentreRules
from data.centres.reading import CentreFilter, list_centres, newest_import
from data.centres.settings import SHIPPED, read_file
from data.filter import OutOfScopeError
from data.readers.errors import UnknownColumnsError
from data.store import writing
from data.tables import centre_imports, centre_rooms, centres
from geo.datum import Datum, from_wgs84
from tests.examples import few

AT = pd.Timestamp("2026-11-25 09:42", tz="Asia/Shanghai")
HEADER = "中心编号,中心名称,区划代码,经度,纬度,常驻调解员,接待大厅,劳动争议调解室"
FIRST = "ZZ1,城关区综治中心,620102,103.8,36.05,12,1,1"


@pytest.fixture
def rules(places) -> CentreRules:
    divisions = pd.DataFrame(
        [("62", 1), ("6201", 2), ("620102", 3), ("620102001", 4), ("620102001001", 5), ("6202", 2), ("620201", 3)],
        columns=["code", "level"],
    )
    return CentreRules(read_file(SHIPPED), replace(places, divisions=divisions), "62", Datum.WGS84)


@pytest.fixture
def take_in(engine, rules, tmp_path):
    """Take in lines below a header."""

    def take(*lines: str, header: str = HEADER, datum: Datum = Datum.WGS84):
        file = tmp_path / "centres.csv"
        file.write_text("\n".join([header, *lines]), "utf-8")
        return import_centres(engine, file, replace(rules, datum=datum), at=AT)

    return take


def shown(engine, division: str = "62") -> pd.DataFrame:
    return list_centres(engine, CentreFilter("62", division)).set_index("code")


def test_a_list_is_taken_in_and_the_same_again_adds_nothing(engine, take_in):
    assert newest_import(engine) is None
    done = take_in(FIRST, "ZZ2,雁南街道综治中心,620102001,,,4,1,")
    assert (done.rows_read, done.added, done.updated, done.unchanged, len(done.rejected)) == (2, 2, 0, 0, 0)
    again = take_in(FIRST, "ZZ2,雁南街道综治中心,620102001,,,4,1,")
    assert (again.added, again.updated, again.unchanged) == (0, 0, 2)
    found = shown(engine)
    assert found.loc["ZZ1", "rooms"] == {"reception": 1, "labour": 1}
    assert found.loc["ZZ1", ["level", "division", "mediators"]].tolist() == [3, "620102", 12]
    assert found.loc["ZZ2", "rooms"] == {"reception": 1}
    assert pd.isna(found.loc["ZZ2", "longitude"])
    assert pd.isna(found.loc["ZZ2", "cadres"])
    assert newest_import(engine).recorded_at == int(AT.timestamp())
    assert newest_import(engine).id == 2


def test_a_later_row_with_the_code_holds_rooms_included(engine, take_in):
    done = take_in(FIRST, FIRST.replace(",12,1,1", ",15,2,"))
    assert (done.added, done.updated) == (1, 1)
    found = shown(engine)
    assert found.loc["ZZ1", "mediators"] == 15
    assert found.loc["ZZ1", "rooms"] == {"reception": 2}


def test_a_centre_that_is_closed_is_not_read_any_more(engine, take_in):
    take_in(FIRST)
    done = take_in(f"{FIRST},是", header=f"{HEADER},是否撤销")
    assert done.updated == 1
    assert shown(engine).empty


def test_columns_about_persons_are_dropped_and_named(engine, take_in):
    done = take_in(f"{FIRST},张三,13800000000", header=f"{HEADER},负责人,联系电话")
    assert done.dropped_columns == ("负责人", "联系电话")
    with engine.connect() as connection:
        kept = str([connection.execute(select(table)).all() for table in (centres, centre_rooms, centre_imports)])
    assert "张三" not in kept
    assert "13800000000" not in kept


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        (",无名中心,620102,,,,,", "中心编号", "空白"),
        ("ZZ9,=1+1,620102,,,,,", "中心名称", "像是公式"),
        ("ZZ9,中心,甘肃,,,,,", "区划代码", "应为 2 至 15 位数字"),
        ("ZZ9,中心,620199,,,,,", "区划代码", "没有这个区划"),
        ("ZZ9,中心,620102,36.05,103.8,,,", "经度", "写反了"),
        ("ZZ9,中心,620102,103.8,,,,", "纬度", "有经度而没有纬度"),
        ("ZZ9,中心,620102,13.8,36.05,,,", "经度", "超出本地范围"),
        ("ZZ9,中心,620102,,,-1,,", "常驻调解员", "应为 0 至"),
        ("ZZ9,中心,620102,,,,1.5,", "接待大厅", "应为 0 至"),
        ("ZZ9,中心,620102,,,", "", "这一行有 6 列"),
    ],
)
def test_a_wrong_row_is_told_by_line_column_and_reason(take_in, line, column, reason):
    done = take_in(FIRST, line)
    assert (done.rows_read, done.added, len(done.rejected)) == (2, 1, 1)
    told = done.rejected.iloc[0]
    assert (told["line"], told["column"]) == (3, column)
    assert reason in told["reason"]


def test_names_where_a_number_should_stand_are_not_repeated(take_in):
    done = take_in("ZZ9,中心,620102,,,张三、李四,,")
    assert "张三" not in done.rejected["reason"].iloc[0]


def test_a_stated_level_must_fit_the_division_and_settles_codes_with_zeros(engine, take_in):
    header = f"{HEADER},层级"
    done = take_in("ZZ1,市中心,620100000000,,,,,,市级", "ZZ2,区中心,6201,,,,,,县区", header=header)
    assert done.rejected[["line", "column"]].to_numpy().tolist() == [[3, "层级"]]
    assert shown(engine).loc["ZZ1", ["level", "division"]].tolist() == [2, "6201"]


def test_coordinates_come_from_the_datum_of_the_file(engine, take_in):
    x, y = from_wgs84([103.8], [36.05], datum=Datum.GCJ02)
    take_in(f"ZZ1,中心,620102,{x[0]:.7f},{y[0]:.7f},,,", datum=Datum.GCJ02)
    assert shown(engine).loc["ZZ1", ["longitude", "latitude"]].tolist() == pytest.approx([103.8, 36.05], abs=1e-5)


def test_a_list_without_the_required_columns_is_refused_as_a_whole(engine, take_in):
    with pytest.raises(UnknownColumnsError, match="区划代码"):
        take_in("ZZ1,中心", header="中心编号,中心名称")
    assert shown(engine).empty


def test_a_workbook_is_read_as_well(engine, rules, tmp_path):
    book = Workbook()
    book.active.append(HEADER.split(","))
    book.active.append(["ZZ1", "城关区综治中心", "620102", 103.8, 36.05, 12, 1, 2])
    book.save(tmp_path / "centres.xlsx")
    assert import_centres(engine, tmp_path / "centres.xlsx", rules, at=AT).added == 1
    assert shown(engine).loc["ZZ1", "rooms"] == {"reception": 1, "labour": 2}


def test_a_reader_gets_the_own_division_only(engine, take_in):
    take_in(FIRST, "ZZ2,嘉峪关市综治中心,6202,,,4,1,", "ZZ3,街道中心,620102001,,,,,")
    assert shown(engine, "6201").index.tolist() == ["ZZ1", "ZZ3"]
    with pytest.raises(OutOfScopeError):
        CentreFilter("6201", "6202")


ROWS = st.tuples(
    st.sampled_from(["ZZ1", "ZZ2", "ZZ3", ""]),
    st.sampled_from(["620102", "6201", "999", ""]),
    st.sampled_from(["", "3", "4", "many"]),
    st.sampled_from(["", "1", "2"]),
)


@given(files=st.lists(st.lists(ROWS, min_size=1, max_size=8), min_size=1, max_size=3))
@examples(max_examples=few(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_row_is_added_updated_unchanged_or_rejected_and_the_last_holds(engine, take_in, files):
    with writing(engine) as connection:
        for table in (centres, centre_rooms, centre_imports):
            connection.execute(delete(table))
    model: dict[str, tuple] = {}
    for rows in files:
        tally = {"added": 0, "updated": 0, "unchanged": 0, "rejected": 0}
        for code, division, mediators, rooms in rows:
            if not code or division in ("999", "") or mediators == "many":
                tally["rejected"] += 1
                continue
            said = (division, mediators, rooms)
            outcome = "added" if code not in model else "unchanged" if model[code] == said else "updated"
            tally[outcome] += 1
            model[code] = said
        done = take_in(*(f"{code},中心,{division},,,{people},{rooms}," for code, division, people, rooms in rows))
        assert {name: getattr(done, name) for name in ("added", "updated", "unchanged")} | {
            "rejected": len(done.rejected)
        } == tally
        assert done.rows_read == len(rows)
    found = shown(engine)
    assert {
        code: (
            row["division"],
            "" if pd.isna(row["mediators"]) else str(row["mediators"]),
            str(row["rooms"].get("reception", "")),
        )
        for code, row in found.iterrows()
    } == model
