import base64
import re

import pandas as pd
import pytest
import streamlit as st

from dashboard.data_page.source_overview import state_of
from dashboard.data_page.source_table import SourceRow, show_source_table
from dashboard.palette import DARK, LIGHT
from data.filter import day_number

LAST = day_number(pd.Timestamp("2026-11-24").date())


@pytest.fixture
def drawn(monkeypatch):
    """HTML of a table of one row."""
    said = []
    monkeypatch.setattr(st, "html", said.append)

    def draw(row: SourceRow, palette=LIGHT) -> str:
        show_source_table([row], palette, window="近 28 天")
        return said[-1]

    return draw


def row(**other) -> SourceRow:
    days = pd.DataFrame(
        {
            "day": range(LAST - 2, LAST + 1),
            "incident_count": pd.array([90, 4, 310], dtype="Int64"),
            "expected": [100.0, 98.0, 101.0],
            "mark": ["", "few", "many"],
        }
    )
    names = ["incident_count", "by_code", "by_geometry", "nowhere", "conflicts", "others"]
    figures = pd.Series([200, 150, 40, 10, 3, 30], index=names, dtype="Int64")
    given = {"name": "12345 <热线>", "state": "▲ 迟到", "latest": "09:42", "promised": "约定每 6 小时"}
    return SourceRow(**{**given, "figures": figures, "days": days, "rejected": 1200, **other})


def svg_of(html: str) -> str:
    return base64.b64decode(re.search(r"base64,([^\"]+)", html)[1]).decode()


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_days_that_stand_out_are_marked_in_shape_and_said_in_words(drawn, palette):
    html = drawn(row(), palette)
    assert "▼ 11-23 偏少 4,平日 98" in html
    assert "▲ 11-24 偏多 310,平日 101" in html
    assert svg_of(html).count("<polygon") == 2
    assert svg_of(html).count("<rect") == 3
    assert "异常 2 天" in html


def test_shares_come_with_words_and_the_bound_with_a_sign(drawn):
    html = drawn(row())
    assert "代码 75.0% · 坐标 20.0% · 无 5.0%" in html
    assert "▲ 15.0%" in html
    assert "高于 10%" in html
    assert "12345 &lt;热线&gt;" in html
    assert "1,200" in html


def test_a_source_that_never_came_and_withheld_counts_are_said(drawn):
    empty = pd.DataFrame({"day": [], "incident_count": [], "expected": [], "mark": []})
    html = drawn(row(figures=None, days=empty, state="○ 未接入", latest="—"))
    assert "data:image" not in html
    assert html.count("—") >= 5
    withheld = drawn(row(figures=pd.Series([pd.NA] * 6, index=row().figures.index, dtype="Int64")))
    assert "&lt;5" in withheld or "<5" in withheld


def test_a_source_is_late_beyond_its_rhythm_and_broken_beyond_four_times_of_it():
    hour = pd.Timedelta(hours=1)
    assert state_of(None, hour) == "none"
    assert state_of(hour, hour) == "ok"
    assert state_of(4 * hour, hour) == "late"
    assert state_of(5 * hour, hour) == "broken"
