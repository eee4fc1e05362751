import pytest

from reports.typography import full_width


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("近 4 周 19 件,前 4 周 <5 件", "近 4 周 19 件\uff0c前 4 周 <5 件"),
        ("收函单位:甲", "收函单位\uff1a甲"),
        ("城关区(雁南街道)等", "城关区\uff08雁南街道\uff09等"),
        ("时间 09:42,共 7,479 件", "时间 09:42,共 7,479 件"),
        ("a, b (c)", "a, b (c)"),
        ("“提示”;另", "“提示”\uff1b另"),
    ],
)
def test_marks_after_chinese_are_full_width_and_all_else_stays(written, printed):
    assert full_width(written) == printed
