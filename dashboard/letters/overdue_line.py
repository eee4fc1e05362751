"""One line about overdue letters, for pages that are about something else."""

import datetime as dt

import pandas as pd
import streamlit as st

from dashboard.letters.acting_part import plain
from dashboard.naming import division_name
from dashboard.pool import Pool
from data.letters.overdue import overdue_by_division

MOST_NAMED = 3


def show_overdue_line(pool: Pool, today: dt.date) -> None:
    """Say how many letters are overdue, where, and since when, with a link; nothing where none is."""
    found = overdue_by_division(pool.engine, pool.settings.root_code, today)
    if found.empty:
        return
    names = {code: division_name(pool.geography, code) for code in found["division"]}
    st.markdown(f":red[**▲ {plain(overdue_words(found, names))}**] [去函件页](letters?state=overdue)")


def overdue_words(found: pd.DataFrame, names: dict[str, str]) -> str:
    """`3 份函逾期未反馈:城关区 2 份、西峰区 1 份,最早 12月5日到期`; `found` is as `overdue_by_division` gives it."""
    most = found.sort_values("count", ascending=False, kind="stable").head(MOST_NAMED)
    parts = [f"{names[code]} {count} 份" for code, count in zip(most["division"], most["count"], strict=True)]
    rest = "等" if len(found) > MOST_NAMED else ""
    earliest = found["earliest"].min()
    return f"{found['count'].sum()} 份函逾期未反馈:{'、'.join(parts)}{rest},最早 {earliest.month}月{earliest.day}日到期"
