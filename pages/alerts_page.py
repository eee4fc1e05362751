"""预警处置: alerts from new to settled, with why, since when, what was alike, and what an officer can do."""

import streamlit as st

from dashboard.alerts.actions_part import show_actions
from dashboard.alerts.asked import WHOLE
from dashboard.alerts.bar import show_narrowing, show_tabs, show_type_bar
from dashboard.alerts.evidence_part import show_series, show_sources, show_title, show_why
from dashboard.alerts.foot import show_foot
from dashboard.alerts.history_part import show_history
from dashboard.alerts.list_part import show_alert_list, show_steps
from dashboard.alerts.looks import show_changes
from dashboard.alerts.map_part import show_map
from dashboard.alerts.places_part import show_places
from dashboard.alerts.said import plain, show_said
from dashboard.alerts.screen import AlertsScreen, read_alerts_screen
from dashboard.alerts.similar_part import show_similar
from dashboard.alerts.views_part import show_views
from dashboard.letters.overdue_line import show_overdue_line
from dashboard.page_frame import shown_safely
from dashboard.pool import open_pool
from dashboard.viewport import Viewport
from data.alerts.reading import Alert
from data.forecasts.score_settings import BadScoreFileError

LIST, PANEL = 5, 7
"""Shares of the width."""
WIDE = 1700
"""Pixels from which the list has room for class and age."""


def show(viewport: Viewport) -> None:
    """Show the page."""
    shown_safely(_show, viewport)


def _show(viewport: Viewport) -> None:
    try:
        screen = read_alerts_screen(open_pool())
    except BadScoreFileError as error:
        st.error(plain(str(error)), icon=":material/settings:")
        return
    show_type_bar(screen)
    show_said()
    show_overdue_line(screen.pool, screen.now.date())
    if screen.wrong:
        st.warning(f"链接里有不认识的内容,已忽略:{plain('、'.join(screen.wrong))}", icon=":material/link_off:")
    alert = screen.alert
    if screen.asked.show == WHOLE and alert is not None:
        show_steps(screen)
        _show_panel(screen, alert, width=viewport.width - 54, height=viewport.map_height())
    else:
        left, right = st.columns([LIST, PANEL], gap="small")
        with left:
            _show_left(screen, viewport)
        with right:
            if alert is not None:
                width = round((viewport.width - 54) * PANEL / (LIST + PANEL))
                _show_panel(screen, alert, width=width, height=viewport.map_height())
    show_foot(screen)


def _show_left(screen: AlertsScreen, viewport: Viewport) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        show_tabs(screen)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        show_narrowing(screen)
        show_views(screen)
    show_changes(screen)
    show_alert_list(screen, height=max(240, viewport.height - 380), narrow=viewport.width < WIDE)
    show_steps(screen)


def _show_panel(screen: AlertsScreen, alert: Alert, *, width: int, height: int) -> None:
    with st.container(border=True):
        show_title(screen, alert)
        show_why(screen, alert)
        show_actions(screen, alert)
        left, right = st.columns([3, 2], gap="small")
        with left:
            show_series(screen, alert)
            show_sources(screen, alert)
            show_history(screen, alert)
        with right:
            show_map(screen, alert, width=round((width - 48) * 0.4), height=max(220, min(360, height - 330)))
            show_places(screen, alert)
            show_similar(screen, alert)
