"""The button that gives what a chart or list shows as CSV, stamped with what it is and of when."""

import csv
import io
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

import pandas as pd
import streamlit as st

_GROUPED = re.compile(r"^[+−]?\d{1,3}(,\d{3})*$")


def show_table_button(name: str, table: Callable[[], pd.DataFrame], stamp: str, file: str) -> None:
    """Show a button that gives a table as CSV, made when it is asked for."""
    st.download_button(
        "数据",
        partial(table_csv, table, stamp),
        file_name=file,
        mime="text/csv",
        key=f"table-{name}",
        type="tertiary",
        help="下载数据(CSV)",
        on_click="ignore",
    )


def table_csv(table: Callable[[], pd.DataFrame], stamp: str) -> bytes:
    """CSV that spreadsheets open in the right encoding; filter and time of the data stand below the rows."""
    made, text = table(), io.StringIO()
    writer = csv.writer(text)
    writer.writerow(made.columns)
    writer.writerows([_figure(cell) for cell in row] for row in made.itertuples(index=False))
    writer.writerows([[], ["说明", stamp, "内部资料"]])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _figure(cell: object) -> object:
    """A number as a spreadsheet reads it: without thousands separators, with the minus sign of a keyboard."""
    text = str(cell)
    return text.replace(",", "").replace("−", "-") if _GROUPED.match(text) else cell


def stamp_of(words: Sequence[str], data_time: datetime | None, *, simulated: bool) -> str:
    """Place, filter and time of the data: what goes with everything that leaves a page."""
    until = f"数据截至 {data_time:%Y-%m-%d %H:%M}" if data_time else "暂无数据"
    return " · ".join([*words, until, *(["模拟数据"] if simulated else [])])
