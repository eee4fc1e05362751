"""The live part of the map page: everything below the filters, in a fragment that new data refresh.

What stays outside keeps still; what is inside is drawn from cached reads, so that a refresh of many screens on the same
place counts once.
"""

from datetime import date, datetime

import streamlit as st

from dashboard.freshness import show_late_feeds
from dashboard.map.comparison import show_comparison, show_comparison_table
from dashboard.map.comparison_choice import show_comparison_choice
from dashboard.map.numbers_part import selected_child, show_numbers_part
from dashboard.map.part import show_foot, show_map_part, show_way
from dashboard.map.screen import GRID, Screen, read_screen
from dashboard.map.ticker import HEIGHT as TICKER_HEIGHT
from dashboard.map.ticker import RING_MS, have_seen, new_places, rings, seen_position, show_ticker
from dashboard.map.time_slider import HEIGHT as SLIDER_HEIGHT
from dashboard.map.time_slider import STEP_MS, advance, show_time_slider
from dashboard.map.watch import Watch, mount_watch
from dashboard.page_frame import shown_safely
from dashboard.pool import Pool, open_pool, reads_of
from dashboard.risk_map.panel import chosen_place, show_risk_panel, shows_risk
from dashboard.states import show_simulated_badge
from dashboard.viewport import Viewport
from dashboard.ways import follow_way
from dashboard.wording import moment_text

STILL = "wants-no-motion"


@st.fragment
def show_live_map(viewport: Viewport, today: date) -> None:
    """Show it; `today` is the day that the filters above were drawn for."""
    shown_safely(lambda size: _show(size, today), viewport)


def _show(viewport: Viewport, today: date) -> None:
    follow_way()
    pool = open_pool()
    screen = read_screen(pool, pool.now())
    if screen.today != today:
        st.rerun()  # the filters above offer days, too
    seen = seen_position()
    marks = rings(screen, new_places(screen), still=st.session_state.get(STILL, False))
    taken = show_late_feeds(screen.latest, screen.now) + TICKER_HEIGHT
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        show_ticker(screen, seen=seen)
        _watch(screen, rings_stand=bool(marks))
    if screen.compares:
        show_way(screen, width=viewport.width - 40)
        show_comparison(screen, viewport, taken=taken + SLIDER_HEIGHT)
        _show_time(screen)
        show_comparison_table(screen)
    else:
        _show_one(screen, viewport, taken=taken, marks=marks)
    have_seen(screen)


def _show_one(screen: Screen, viewport: Viewport, *, taken: int, marks: list) -> None:
    selected = chosen_place(screen) if shows_risk(screen) else selected_child(screen)
    slider = SLIDER_HEIGHT if screen.unit.level < GRID else 0
    left, right = st.columns([2, 1], gap="small")
    with left:
        show_way(screen, width=viewport.map_width)
        show_map_part(screen, viewport, selected=selected, taken=taken + slider, marks=marks)
        _show_time(screen)
    with right:
        show_beside = show_risk_panel if shows_risk(screen) else show_numbers_part
        show_beside(screen, viewport, selected=selected, taken=taken)


def _show_time(screen: Screen) -> None:
    if screen.unit.level < GRID:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            show_time_slider(screen.asked, screen.today)
            show_comparison_choice(screen.asked, screen.today)
    show_foot(screen)


def _watch(screen: Screen, *, rings_stand: bool) -> None:
    """Hear of new data; set off the next step of a play, and take rings away that do not fade by themselves."""
    still = st.session_state.get(STILL, False)
    step = STEP_MS if screen.plays else RING_MS if rings_stand and still else 0
    until, age = _data_time(screen.data_time, screen.now)
    watch = Watch(
        screen.reads.version, until, age, step_ms=step, at=f"{screen.asked.at}-{screen.reads.version}-{rings_stand}"
    )
    asked, today = screen.asked, screen.today
    st.session_state[STILL] = mount_watch(watch, key="watch", on_next=lambda: advance(asked, today))


def _data_time(until: datetime | None, now: datetime) -> tuple[str, float]:
    """Words of the data's time, and its age in seconds; below 0 where there are no data."""
    if until is None:
        return "", -1.0
    return f"数据截至 {moment_text(until, now)}", max(0.0, (now - until).total_seconds())


def show_live_badges(pool: Pool) -> None:
    """Badges at the right end of the filters: simulated data, and the data's time and age, which goes on counting."""
    reads, now = reads_of(pool), pool.now()
    until, age = _data_time(max(reads.latest().values(), default=None), now)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", width="content"):
        if reads.is_simulated():
            show_simulated_badge()
        mount_watch(Watch(reads.version, until, age, shows=True), key="badge-watch")
