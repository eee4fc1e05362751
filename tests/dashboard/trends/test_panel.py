import pandas as pd

from dashboard.table_button import table_csv


def test_a_download_opens_in_spreadsheets_and_says_what_was_asked_and_as_of_when():
    table = pd.DataFrame({"区划": ["城关区"], "件数": ["1,234"], "增减": ["−1,002"], "办结": ["<5"], "说": ["3,4 件"]})
    text = table_csv(lambda: table, "甘肃省 · 近 28 天 · 数据截至 2026-11-25 09:42").decode("utf-8-sig")
    assert text.splitlines() == [
        "区划,件数,增减,办结,说",
        '城关区,1234,-1002,<5,"3,4 件"',
        "",
        "说明,甘肃省 · 近 28 天 · 数据截至 2026-11-25 09:42,内部资料",
    ]
