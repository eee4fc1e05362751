"""What changed since the officer last looked."""

import streamlit as st

from dashboard.alerts.screen import AlertsScreen
from dashboard.wording import moment_text
from data.alerts.desk import last_look, note_look
from data.alerts.history import changes_since

_SINCE = "alerts-since"


def show_changes(screen: AlertsScreen) -> None:
    """One line: since when, and how many were raised, became graver, were settled."""
    if not screen.person:
        st.caption("填写处置人后,这里会告诉您上次查看以来的变化,也可以保存视图、处置预警。")
        return
    since = since_of(screen)
    note_look(screen.pool.engine, screen.person, at=screen.by.at)
    if since is None:
        st.caption("您第一次查看预警处置;以后这里会告诉您上次查看以来的变化。")
        return
    found = changes_since(screen.pool.engine, screen.scope, since)
    moment = moment_text(screen.local(since), screen.now).replace(":", "\\:")
    words = f"自 {moment} 您上次查看以来:新增 {found.raised} · 升级 {found.escalated} · 办结 {found.settled}"
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(f":blue-background[{words}]", width="content", help="办结中含标记为误报的。")
        st.button(
            "已看过", key="alerts-seen", type="tertiary", icon=":material/done_all:", on_click=_seen, args=(screen,)
        )


def since_of(screen: AlertsScreen) -> int | None:
    """When the officer looked before this session, or said so in it; None if never."""
    key = f"{_SINCE}-{screen.person}"
    if key not in st.session_state:
        st.session_state[key] = last_look(screen.pool.engine, screen.person)
    return st.session_state[key]


def _seen(screen: AlertsScreen) -> None:
    st.session_state[f"{_SINCE}-{screen.person}"] = int(screen.by.at.timestamp())
