"""From an alert to the pages of the smallest places it covers: grids, villages, or the villages of its hexagons."""

from collections.abc import Mapping

import pandas as pd
import shapely
import streamlit as st

from dashboard.alerts.map_part import finest_cells
from dashboard.alerts.screen import AlertsScreen
from dashboard.ways import show_way
from dashboard.wording import table_name
from data.alerts.reading import Alert
from geo.divisions import PREFIX_LENGTH
from geo.geography import Geography
from geo.hexagons import outline_of

MOST = 6
TOWNSHIP, VILLAGE = PREFIX_LENGTH[4], PREFIX_LENGTH[5]


def show_places(screen: AlertsScreen, alert: Alert) -> None:
    """Buttons that lead there; nothing where no village is known."""
    found = smallest_places(screen.pool.geography, alert, scope=screen.scope)
    if not found:
        return
    more = f" · 共 {len(found)} 个,列出主要的" if len(found) > MOST else ""
    st.markdown(f"**所在村(社区)** :gray[点开看该处的全部情况{more}]")
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        for code, name in list(found.items())[:MOST]:
            show_way(table_name(name), "grid", {"code": code}, key=f"alerts-place-{code}", type="tertiary")


def smallest_places(geography: Geography, alert: Alert, *, scope: str) -> Mapping[str, str]:
    """Name by code of the grids and villages of an alert in the scope, those that it covers most of first.

    Where it names none, the villages that its finest hexagons reach into, in the townships that it covers; none where
    it has no hexagons either.
    """
    named = [code for code in alert.places if code.isdigit() and VILLAGE <= len(code) < 16 and geography.knows(code)]
    if named:
        return geography.names(named)
    cells = finest_cells(alert)
    townships = {
        code[:TOWNSHIP] for code in (alert.division, *alert.places) if code.isdigit() and len(code) >= TOWNSHIP
    }
    parts = [geography.children(code) for code in sorted(townships) if code.startswith(scope) and geography.knows(code)]
    if not cells or not parts:
        return {}
    villages = pd.concat(parts, ignore_index=True)
    covering = shapely.union_all([outline_of(cell) for cell in cells])
    covered = shapely.area(shapely.intersection(villages["geometry"].to_numpy(), covering))
    reached = villages.assign(covered=covered)[covered > 0].sort_values("covered", ascending=False, kind="stable")
    return dict(zip(reached["code"], reached["name"], strict=True))
