"""What the data page is asked for: its section and period stand in the URL."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

import streamlit as st

from dashboard.url_state import checked, put
from data.filter import IncidentFilter, Period

SECTIONS = {
    "sources": "来源",
    "batches": "导入与批次",
    "words": "用语对照",
    "duplicates": "疑似重复",
    "silent": "沉默网格",
    "boundaries": "区划边界",
}
WINDOWS = {"28": "近 28 天", "91": "近 91 天", "365": "近 365 天"}


@dataclass(frozen=True)
class DataAsked:
    """State of the page: section and days looked at."""

    section: str = "sources"
    days: str = "28"

    def filter(self, *, scope: str, today: dt.date) -> IncidentFilter:
        """Reports of the days up to `today`, which is one of them."""
        end = today + dt.timedelta(days=1)
        return IncidentFilter(scope, Period(end - dt.timedelta(days=int(self.days)), end), counting="reports")


def read_data_asked(params: Mapping[str, str]) -> DataAsked:
    """Read the URL's parameters; what makes no sense is left at its default."""
    found, _ = checked(params, {"section": SECTIONS.__contains__, "days": WINDOWS.__contains__})
    return DataAsked(**found)


def write_data_asked(asked: DataAsked) -> None:
    """Put the state into the URL; what is at its default stays out of it."""
    put(asked, DataAsked())


def show_sections(asked: DataAsked) -> None:
    """The page's sections as one row of choices."""
    _show_choice("section", "页内栏目", SECTIONS, asked)


def show_windows(asked: DataAsked) -> None:
    """The days looked at."""
    _show_choice("days", "时段", WINDOWS, asked)


def _show_choice(key: str, label: str, words: Mapping[str, str], asked: DataAsked) -> None:
    st.session_state[f"data-{key}"] = getattr(asked, key)
    st.segmented_control(
        label,
        list(words),
        format_func=words.__getitem__,
        key=f"data-{key}",
        label_visibility="collapsed",
        width="content",
        on_change=_choose,
        args=(key, asked),
    )


def _choose(key: str, asked: DataAsked) -> None:
    write_data_asked(replace(asked, **{key: st.session_state[f"data-{key}"] or getattr(asked, key)}))
