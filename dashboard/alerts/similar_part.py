"""What was alike and what settled it: closed alerts near by, and how the type is settled there by channel."""

from datetime import timedelta

import pandas as pd
import streamlit as st

from dashboard.alerts.evidence_part import last_day
from dashboard.alerts.said import plain
from dashboard.alerts.screen import AlertsScreen
from dashboard.naming import type_name
from dashboard.wording import SMALLEST_BASE, count_text, interval_text, share_text, table_name
from data.alerts.history import similar_alerts
from data.alerts.reading import Alert
from data.assessments.shown_counts import smallest_of
from data.filter import IncidentFilter, Period
from risk.incident import CHANNELS
from risk.proportion import wilson_interval

NEAR = {"county": "同县区", "city": "同市州"}
YEAR = 365


def show_similar(screen: AlertsScreen, alert: Alert) -> None:
    """Show both."""
    found = similar_alerts(screen.pool.engine, screen.scope, alert)
    where = f"{NEAR[found['near'].iloc[0]]}、同类型,已办结" if len(found) else "同类型,已办结"
    st.markdown(f"**类似情况** :gray[{where}]")
    if found.empty:
        st.caption("同县区和同市州还没有办结过同类型的预警。")
    else:
        st.markdown("\n".join(f"- {_line(screen, row)}" for row in found.to_dict("records")))
    _show_settled(screen, alert)


def _line(screen: AlertsScreen, row: dict) -> str:
    closed = screen.local(int(row["closed_at"]))
    days = max(1, (closed.date() - screen.local(int(row["raised_at"])).date()).days)
    place = screen.place_name(row["division"])
    return f"{closed:%Y-%m-%d} {plain(place)} → {plain(row['note'])}(用时 {days} 天)"


def _show_settled(screen: AlertsScreen, alert: Alert) -> None:
    division = county_of(screen, alert)
    name = table_name(screen.pool.geography.names([division]).get(division, division))
    st.markdown(f"**怎样化解** :gray[{name}近一年办结的{type_name(alert.dispute_type)}纠纷,分渠道,不合并]")
    table = settled_table(screen, alert)
    if table.empty:
        st.caption("近一年没有办结的同类纠纷。")
        return
    st.dataframe(table, hide_index=True, row_height=28, height=28 * (len(table) + 1) + 3, alt="各渠道调解成功率")


def county_of(screen: AlertsScreen, alert: Alert) -> str:
    """The alert's county, or the reader's own division where that is smaller or lies elsewhere."""
    code = max(alert.division[:6], screen.scope, key=len)
    return code if code.startswith(screen.scope) else screen.scope


def settled_table(screen: AlertsScreen, alert: Alert) -> pd.DataFrame:
    """Success by channel with both counts and Wilson's interval."""
    end = last_day(screen, alert) + timedelta(days=1)
    asked = IncidentFilter(
        screen.scope,
        Period(end - timedelta(days=YEAR), end),
        county_of(screen, alert),
        dispute_types=(alert.dispute_type,),
    )
    now, _ = screen.reads.settled(asked)
    below = smallest_of(alert.dispute_type)
    rows = []
    for code, name in CHANNELS.items():
        found = now.channels.get(code)
        if found is None or found.closed == 0:
            continue
        told = found.successes is not None and found.closed is not None and found.closed >= SMALLEST_BASE
        interval = interval_text(*wilson_interval(found.successes, found.closed)) if told else "—"
        counts = f"{count_text(found.successes, below=below)} / {count_text(found.closed, below=below)} 件"
        share = share_text(found.successes, found.closed)
        rows.append(
            {"渠道": name, "成功率": share, "成功 / 办结": counts, "95% 区间": interval.removeprefix("95% 区间 ")}
        )
    return pd.DataFrame(rows)
