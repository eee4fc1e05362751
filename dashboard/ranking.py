"""The ranked table of children: the map's twin in text, and linked with it."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from dashboard.measures import percent_change
from dashboard.painted import painted
from dashboard.palette import Palette
from dashboard.viewport import Viewport
from dashboard.wording import (
    NOTHING,
    SUPPRESSED_BELOW,
    count_text,
    is_missing,
    percent_change_text,
    rate_text,
    table_name,
)

ROW_HEIGHT, HEADER_HEIGHT = 30, 30
NAME, COUNT, BOTH, CHANGE, RATE = "区划", "件数", "上期 → 本期", "环比", "万人率"


def ranking_table(children: gpd.GeoDataFrame, numbers: pd.DataFrame, *, below: int = SUPPRESSED_BELOW) -> pd.DataFrame:
    """Rows of the ranking, most incidents first; suppressed counts come after those shown, no boundary last.

    Parameters
    ----------
    children
        Columns `code`, `name`, `counted`, `geometry`; those that are not counted are left out.
    numbers
        Columns `incident_count`, `previous_count`, `rate`; indexed by code. A child without a row is left out.

    Returns
    -------
    Indexed by code: 区划, 件数 (Int64), 上期 → 本期 (text), 环比 (per cent, NaN where not stated), 万人率 (float).
    """
    rows = children[children["counted"].astype(bool) & children["code"].isin(numbers.index)].set_index("code")
    found = numbers.loc[rows.index]
    names = rows["name"].map(lambda name: table_name(str(name)))
    without = rows.geometry.isna()
    both = [
        f"{count_text(before, below=below)} → {count_text(now, below=below)}"
        for before, now in zip(found["previous_count"], found["incident_count"], strict=True)
    ]
    table = pd.DataFrame(
        {
            NAME: names.where(~without, names + "(无边界)"),
            COUNT: found["incident_count"].astype("Int64"),
            BOTH: both,
            CHANGE: percent_change(found["incident_count"], found["previous_count"]),
            RATE: found["rate"].astype(float),
        },
        index=rows.index,
    )
    ranked = table.reset_index(drop=True).assign(without=without.to_numpy(), place=table.index.to_numpy())
    order = ranked.sort_values(["without", COUNT, "place"], ascending=[True, False, True], na_position="last").index
    return table.iloc[order]


def exported(table: pd.DataFrame, *, below: int = SUPPRESSED_BELOW) -> pd.DataFrame:
    """The ranking as it is taken away: codes first, counts withheld as on the screen."""
    return pd.DataFrame(
        {
            "区划代码": table.index,
            NAME: table[NAME].to_numpy(),
            COUNT: [count_text(count, below=below) for count in table[COUNT]],
            BOTH: table[BOTH].to_numpy(),
            CHANGE: [percent_change_text(change) for change in table[CHANGE]],
            RATE: [NOTHING if is_missing(rate) else rate_text(rate) for rate in table[RATE]],
        }
    )


def ranking_title(level_name: str, rows: int) -> str:
    """Markdown title: `**市州排名** 15 个`; `level_name` is the word for the children."""
    return f"**{level_name}排名** :gray[{rows} 个]"


def styled(table: pd.DataFrame, palette: Palette) -> Styler:
    """The table with words for the change and its colour: more red, fewer blue, beside the sign.

    Streamlit writes its one placeholder into every missing cell, whatever the Styler says. Where it means a
    suppressed count, changes therefore go out as text: a change that cannot be stated must not read `<5`.
    """

    inks = {"▲": palette.more, "▼": palette.fewer}
    changes = [percent_change_text(change) for change in table[CHANGE]]
    colours = {CHANGE: [inks.get(text[0], "") for text in changes]}
    words = {RATE: [NOTHING if is_missing(rate) else rate_text(rate) for rate in table[RATE]]}
    if table[COUNT].isna().any():
        return painted(table.assign(**{CHANGE: [_sortable(text) for text in changes]}), words, colours)
    return painted(table, words | {CHANGE: changes}, colours)


def _sortable(change: str) -> str:
    """Words of a change, padded so that they also sort as text."""
    sign, _, number = change.partition(" ")
    return f"{sign} {number:>6}" if number else sign


def columns(table: pd.DataFrame, viewport: Viewport) -> tuple[list[str], dict[str, Any]]:
    """Order and configuration of the columns; below 1,500 px without bar and rate."""
    number = (
        st.column_config.NumberColumn(COUNT, width=58, format="localized")
        if viewport.narrow
        else st.column_config.ProgressColumn(
            COUNT, width=112, format="localized", min_value=0, max_value=_longest_bar(table), color="primary"
        )
    )
    config = {
        NAME: st.column_config.TextColumn(NAME, width=104),
        COUNT: number,
        BOTH: st.column_config.TextColumn(BOTH, width=98, alignment="right"),
        CHANGE: st.column_config.Column(CHANGE, width=70, alignment="right"),
        RATE: st.column_config.Column(RATE, width=56, alignment="right", help="件/万人(2020 年普查)"),
    }
    shown = [NAME, COUNT, BOTH, CHANGE, RATE]
    without_rate = viewport.narrow or table[RATE].isna().all()
    return [name for name in shown if not (without_rate and name == RATE)], config


def _longest_bar(table: pd.DataFrame) -> int:
    longest = table[COUNT].max()
    return 1 if is_missing(longest) else max(1, int(longest))


def picked_code(event: Mapping[str, Any] | None, table: pd.DataFrame) -> str | None:
    """Code of the clicked row, from the state that `st.dataframe` keeps; None for no click."""
    cells = ((event or {}).get("selection") or {}).get("cells") or []
    if not cells or not 0 <= int(cells[0][0]) < len(table):
        return None
    return str(table.index[int(cells[0][0])])


def show_ranking(
    table: pd.DataFrame,
    *,
    key: str,
    viewport: Viewport,
    palette: Palette,
    alt: str,
    below: int = SUPPRESSED_BELOW,
    taken: int = 0,
) -> str | None:
    """The table on the page; returns the code of the clicked row. `key` holds the unit, so that a click ends with
    it."""
    order, config = columns(table, viewport)
    event = st.dataframe(
        styled(table, palette),
        key=key,
        hide_index=True,
        column_order=order,
        column_config=config,
        row_height=ROW_HEIGHT,
        height=min(viewport.ranking_height(taken=taken), HEADER_HEIGHT + ROW_HEIGHT * len(table) + 2),
        placeholder=f"<{below}" if table[COUNT].isna().any() else NOTHING,
        on_select="rerun",
        selection_mode="single-cell",
        alt=alt,
    )
    return picked_code(event, table)
