"""An alert's life, the newest first: who, when, what, why."""

from html import escape

import streamlit as st

from dashboard.alerts.screen import AlertsScreen
from dashboard.wording import table_moment_text
from data.alerts.history import acts_of
from data.alerts.life import ACT_NAMES, STATES
from data.alerts.reading import Alert

SYSTEM = "系统研判"


def show_history(screen: AlertsScreen, alert: Alert) -> None:
    """Show it as lines."""
    st.markdown("**经过**")
    palette = screen.palette
    lines = "".join(_line(screen, row) for row in acts_of(screen.pool.engine, alert).iloc[::-1].to_dict("records"))
    st.html(f'<div style="font-size:13px;line-height:1.75;color:{palette.text}">{lines}</div>')


def _line(screen: AlertsScreen, row: dict) -> str:
    muted = screen.palette.muted
    moment = table_moment_text(screen.local(int(row["recorded_at"])))
    words = [escape(row["person"] or SYSTEM), f"<b>{escape(ACT_NAMES[row['act']])}</b>"]
    if row["act"] == "escalate":
        words.append(
            escape(f"{screen.level_words(int(row['from_level']))} → {screen.level_words(int(row['to_level']))}")
        )
    elif row["from_state"] and row["from_state"] != row["to_state"]:
        words.append(escape(f"{STATES[row['from_state']]} → {STATES[row['to_state']]}"))
    if row["note"]:
        words.append(escape(row["note"]))
    return f'<div><span style="color:{muted}">{moment}</span> · {" · ".join(words)}</div>'
