"""How fresh the data are: the badge at the right end of the filters, and banners for late feeds."""

from datetime import datetime, timedelta

import streamlit as st

from dashboard.states import LateFeed, data_time_badge, show_late_banner, show_simulated_badge
from risk.incident import SOURCES


def show_freshness(data_time: datetime | None, now: datetime, *, simulated: bool) -> None:
    """Badges: simulated data, and the data's time and age."""
    if simulated:
        show_simulated_badge()
    st.markdown(data_time_badge(data_time, now), width="content")


def late_feeds(latest: dict[str, datetime], now: datetime) -> list[LateFeed]:
    """Feeds that have fallen further behind the newest one than they promised, longest silent first."""
    newest = max(latest.values(), default=now)
    silent = {
        code: newest - moment
        for code, moment in latest.items()
        if newest - moment > timedelta(hours=SOURCES[code].promised_hours)
    }
    others = len(latest) - len(silent)
    ordered = sorted(silent, key=silent.__getitem__, reverse=True)
    return [LateFeed(SOURCES[code].name, silent[code], others) for code in ordered]


def show_late_feeds(latest: dict[str, datetime], now: datetime) -> int:
    """Show a banner for the longest silent feed; return the pixels it takes."""
    late = late_feeds(latest, now)
    for feed in late[:1]:
        show_late_banner(feed)
    return 60 if late else 0
