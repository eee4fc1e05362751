"""Centres laid over the main map: where they are and what rooms they have, without counting anything."""

import pandas as pd
import pydeck as pdk
import streamlit as st

from dashboard.centres.gap_words import room_names
from dashboard.centres.layers import CENTRES, LEVELS_BELOW, SIZES, WHOLE
from dashboard.labels import FONT
from dashboard.palette import Palette, rgb
from dashboard.pool import Pool
from dashboard.tips import plain, tip
from data.centres.reading import CentreFilter, list_centres, newest_import
from data.centres.settings import BadCentreFileError, CentreSettings, read_centre_settings
from geo.geography import Unit


def centre_overlay(pool: Pool, unit: Unit, palette: Palette) -> tuple[list[pdk.Layer], str]:
    """Layers of the centres within a unit, and the words that explain them."""
    try:
        kinds = read_centre_settings(pool.settings)
    except BadCentreFileError:
        return [], "综治中心的设置文件有误,没有画出"
    newest = newest_import(pool.engine)
    if newest is None:
        return [], "还没有综治中心名册"
    where = (str(pool.settings.var), pool.settings.url, pool.settings.root_code, newest.id)
    rows = _centres(where, pool)
    rows = rows[rows["division"].str.startswith(unit.code) & (rows["level"] <= unit.level + LEVELS_BELOW)]
    return [_signs(rows, kinds, palette)], f"{WHOLE} 综治中心 {len(rows):,} 处"


@st.cache_data(max_entries=4, show_spinner=False)
def _centres(which: tuple, _pool: Pool) -> pd.DataFrame:  # noqa: ARG001 - the key
    return list_centres(_pool.engine, CentreFilter(_pool.settings.root_code))


def _signs(centres: pd.DataFrame, kinds: CentreSettings, palette: Palette) -> pdk.Layer:
    placed = centres[centres["longitude"].notna()].sort_values("level", ascending=False)
    rows = [
        {
            "p": [round(row["longitude"], 5), round(row["latitude"], 5)],
            "s": WHOLE,
            "z": SIZES[int(row["level"])],
            **tip(row["name"], plain(_people(row)), plain(room_names(kinds, tuple(row["rooms"])))),
        }
        for _, row in placed.iterrows()
    ]
    return pdk.Layer(
        "TextLayer",
        rows,
        id=CENTRES,
        get_position="p",
        get_text="s",
        get_size="z",
        get_color=rgb(palette.text),
        font_family=pdk.types.String(FONT),
        font_settings={"fontSize": 40, "buffer": 4},
        character_set=pdk.types.String("auto"),
        pickable=True,
    )


def _people(row: pd.Series) -> str:
    return "常驻人数未报" if pd.isna(row["mediators"]) else f"常驻 {int(row['mediators']):,} 人"
