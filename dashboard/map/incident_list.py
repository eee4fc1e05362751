"""The incidents of one grid: points for the map and a list beside it."""

import pandas as pd
import streamlit as st

from dashboard.listed_incidents import withheld_list_words
from risk.incident import DISPUTE_TYPES, SOURCES, STATUSES


def incident_points_table(incidents: pd.DataFrame, *, zone: str) -> pd.DataFrame:
    """Points for `layers.incident_points`: `id`, `longitude`, `latitude`, `title`, `detail`."""
    moments = pd.to_datetime(incidents["occurred_at"].astype("int64"), unit="s", utc=True).dt.tz_convert(zone)
    return pd.DataFrame(
        {
            "id": range(len(incidents)),
            "longitude": incidents["longitude"].astype("float64"),
            "latitude": incidents["latitude"].astype("float64"),
            "title": [DISPUTE_TYPES[code].name for code in incidents["dispute_type"]],
            "detail": moments.dt.strftime("%m-%d %H:%M"),
        }
    )


def show_incident_list(incidents: pd.DataFrame | None, *, below: int, zone: str, height: int) -> None:
    """List with time, type, source and status, newest first; None where their number is withheld."""
    if incidents is None:
        st.markdown("**本网格纠纷**")
        st.caption(withheld_list_words(below))
        return
    moments = pd.to_datetime(incidents["occurred_at"].astype("int64"), unit="s", utc=True).dt.tz_convert(zone)
    rows = pd.DataFrame(
        {
            "发生时间": moments.dt.strftime("%Y-%m-%d %H:%M"),
            "类型": [DISPUTE_TYPES[code].name for code in incidents["dispute_type"]],
            "来源": [SOURCES[code].name for code in incidents["source"]],
            "状态": [STATUSES[code] for code in incidents["status"]],
        }
    )
    st.markdown(f"**本网格纠纷** :gray[最近 {len(rows)} 件]")
    if rows.empty:
        st.caption("所选条件下,本网格没有可以列出的纠纷。")
        return
    st.dataframe(rows, hide_index=True, row_height=30, height=min(height, 32 + 30 * len(rows)), alt="本网格纠纷清单")
    st.caption("婚姻家庭、医疗纠纷在不足 10 件的地方不列出。")
