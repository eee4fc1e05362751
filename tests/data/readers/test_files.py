from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook

from data.feeds.profile import FeedProfile
from data.readers.errors import BadFileError, EmptyFileError, UnknownColumnsError, UnreadableFileError
from data.readers.files import join_division, open_feed_file
from geo.datum import Datum

HEADER = "编号,纠纷类型,受理时间,电话"


def read(path: Path):
    file = open_feed_file(path)
    chunks = list(file.chunks())
    rows = pd.concat([chunk.rows for chunk in chunks])
    return file, rows, [broken for chunk in chunks for broken in chunk.broken]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found_out(tmp_path, encoding, mark):
    path = tmp_path / "a.csv"
    path.write_text(f"{HEADER}\n甲1,邻里,2026-01-01,1\n".replace(",", mark), encoding=encoding)
    _, rows, broken = read(path)
    assert rows.loc[2].tolist() == ["甲1", "邻里", "2026-01-01"]
    assert broken == []


def test_columns_not_on_the_list_are_dropped_and_named(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"{HEADER}\n1,邻里,2026-01-01,13800000000\n", encoding="utf-8")
    file, rows, _ = read(path)
    assert file.dropped == ("电话",)
    assert list(rows.columns) == ["external_id", "dispute_type", "accepted_at"]


def test_lines_are_counted_as_a_spreadsheet_shows_them_around_broken_and_blank_ones(tmp_path):
    path = tmp_path / "a.csv"
    text = f'{HEADER}\n1,邻里,t,x\n2,邻里\n\n3,"邻\n里",t,x\n4,a,b,c,d\n,,,\n6,邻里,,\n'
    path.write_text(text, encoding="utf-8")
    _, rows, broken = read(path)
    assert rows["external_id"].to_dict() == {2: "1", 5: "3", 8: "6"}
    assert [line for line, _, _ in broken] == [3, 6]
    assert "这一行有 2 列,表头有 4 列" in broken[0][2]


@pytest.mark.parametrize(
    ("content", "error", "says"),
    [
        (b"", EmptyFileError, "0 字节"),
        ("姓名,电话\n张,1\n".encode(), UnknownColumnsError, "姓名"),
        (b"\n\n", EmptyFileError, "没有表头"),
        (b"\xff\xfe\xfd" * 40, UnknownColumnsError, "表头"),
        (b"\x81\x20\xff\xff", UnreadableFileError, "编码"),
        ("编号\x00,纠纷类型\n".encode(), UnreadableFileError, "NUL"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path, content, error, says):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(error, match=says):
        list(open_feed_file(path).chunks())


def test_a_line_longer_than_a_block_is_refused_not_swallowed(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"{HEADER}\n1,邻里,t,{'长' * 12_000_000}\n", encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="16 MB"):
        list(open_feed_file(path).chunks())


def workbook(path: Path, *rows: list) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_a_workbook_reads_dates_and_numbers_and_refuses_formulas(tmp_path):
    moment = pd.Timestamp("2026-01-02 03:04").to_pydatetime()
    path = workbook(
        tmp_path / "a.xlsx",
        ["编号", "纠纷类型", "受理时间", "姓名"],
        [1001, "邻里", moment, "某"],
        ["=1+1", "邻里", moment, "某"],
    )
    file, rows, broken = read(path)
    assert rows.loc[2].tolist() == ["1001", "邻里", "2026-01-02 03:04:00"]
    assert broken == [(3, "external_id", "单元格是公式,请改为数值后再导入")]
    assert file.dropped == ("姓名",)


def test_a_text_file_called_xlsx_is_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_text("编号,类型", encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="XLSX"):
        open_feed_file(path)


def test_a_parquet_file_gives_the_same_text_as_a_csv(tmp_path):
    path = tmp_path / "a.parquet"
    frame = pd.DataFrame(
        {
            "编号": [7, 8],
            "纠纷类型": ["邻里", None],
            "受理时间": pd.to_datetime(["2026-01-01 10:00", "2026-01-01 11:00"]).tz_localize("Asia/Shanghai"),
            "经度": [103.5, 104.0],
        }
    )
    frame.to_parquet(path)
    _, rows, _ = read(path)
    assert rows["external_id"].tolist() == ["7", "8"]
    assert rows["dispute_type"].tolist() == ["邻里", ""]
    assert rows["accepted_at"].iloc[0] == "2026-01-01T10:00:00+0800"
    assert rows["longitude"].tolist() == ["103.5", "104"]


def test_garbage_called_parquet_and_an_unknown_ending_are_refused(tmp_path):
    (tmp_path / "a.parquet").write_bytes(b"PAR1garbage")
    (tmp_path / "a.doc").write_bytes(b"x")
    with pytest.raises(UnreadableFileError):
        open_feed_file(tmp_path / "a.parquet")
    with pytest.raises(BadFileError, match="doc"):
        open_feed_file(tmp_path / "a.doc")


def test_columns_that_together_name_a_division_are_joined_from_the_largest_to_the_smallest(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("区县,编号,纠纷类型,受理时间,市\n城关区 ,1,邻里,t,兰州市\n", encoding="utf-8")
    headers = FeedProfile("", "", "", Datum.WGS84).headers | {"division_name": ("市", "区县")}
    file = open_feed_file(path, profile=FeedProfile("", "", "", Datum.WGS84, headers=headers))
    (chunk,) = file.chunks()
    assert join_division(chunk.rows)["division_name"].tolist() == ["兰州市城关区"]
    assert file.dropped == ()
