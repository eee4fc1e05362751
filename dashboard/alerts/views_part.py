"""Views that an officer keeps: filters under a name, chosen, kept and deleted in one small field."""

import streamlit as st

from dashboard.alerts.asked import of_view, write_alerts_asked
from dashboard.alerts.said import plain, say
from dashboard.alerts.screen import AlertsScreen
from data.alerts.desk import LONGEST_NAME, BadViewError, drop_view, keep_view, views_of

_NAME = "alerts-view-name"


def show_views(screen: AlertsScreen) -> None:
    """A small button that opens the officer's views."""
    views = views_of(screen.pool.engine, screen.person) if screen.person else {}
    now = next((name for name, asked in views.items() if asked == screen.asked.view()), "")
    label = f"我的视图:{plain(now)}" if now else "我的视图"
    with st.popover(label, icon=":material/bookmark:", width="content", key="alerts-views"):
        if not screen.person:
            st.caption("填写处置人后可以保存常用的筛选。")
            return
        if not views:
            st.caption("还没有保存过视图。选好类型、状态、等级和区划,起个名字保存,下次一点就到。")
        for at, (name, asked) in enumerate(views.items()):
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                st.button(
                    plain(name),
                    key=f"alerts-view-{at}",
                    type="primary" if name == now else "secondary",
                    on_click=_choose,
                    args=(screen, asked),
                    width="stretch",
                )
                st.button("删除", key=f"alerts-view-drop-{at}", type="tertiary", on_click=_drop, args=(screen, name))
        st.text_input("视图名称", key=_NAME, max_chars=LONGEST_NAME, placeholder="如:欠薪 · 市区")
        st.button(
            "保存当前筛选", key="alerts-view-keep", icon=":material/bookmark_add:", on_click=_keep, args=(screen,)
        )


def _choose(screen: AlertsScreen, asked: dict[str, str]) -> None:
    geography = screen.pool.geography
    write_alerts_asked(of_view(asked, root=screen.scope, known=geography.knows, levels=len(screen.levels)))


def _keep(screen: AlertsScreen) -> None:
    name = str(st.session_state.get(_NAME) or "")
    try:
        keep_view(screen.pool.engine, screen.person, name, screen.asked.view(), at=screen.by.at)
    except BadViewError as error:
        say("warning", str(error))
        return
    st.session_state[_NAME] = ""
    say("success", f"已保存视图“{name.strip()}”。")


def _drop(screen: AlertsScreen, name: str) -> None:
    drop_view(screen.pool.engine, screen.person, name)
    say("success", f"已删除视图“{name}”。")
