"""A panel: the chart with its title, how to read it, and what can be taken away of it."""

from functools import partial
from hashlib import blake2b

import streamlit as st

from dashboard.asked import write_asked
from dashboard.table_button import show_table_button
from dashboard.trends.chart import PICK, Chart
from dashboard.trends.picking import picked
from dashboard.trends.picture import show_save_picture
from dashboard.trends.screen import TrendsScreen

CSS = (
    # The toolbar's own picture would carry neither filter nor time of the data.
    "<style>[class*=st-key-trend-] [data-testid=stElementToolbar]{display:none}"
    "[class*=st-key-trend-]{min-height:120px}</style>"
)


def show_panel(screen: TrendsScreen, chart: Chart) -> None:
    """Show it."""
    with st.container(border=True, gap="xxsmall", height="stretch"):
        _show_head(screen, chart)
        st.caption(_plain(chart.reading))
        with st.container(key=f"trend-{chart.name}"):
            _show_chart(screen, chart)


def _show_head(screen: TrendsScreen, chart: Chart) -> None:
    file = f"{chart.title}-{screen.place}-{screen.now:%Y%m%d-%H%M}".replace(" ", "")
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(f"**{_plain(chart.title)}**", width="content")
        st.space("stretch")
        show_table_button(chart.name, chart.table, screen.stamp, f"{file}.csv")
        words = {
            "title": f"{chart.title} · {screen.place}",
            "reading": chart.reading,
            "stamp": f"{screen.stamp} · 内部资料",
        }
        show_save_picture(f"trend-{chart.name}", words | {"file": f"{file}.png"}, screen.palette)


def _show_chart(screen: TrendsScreen, chart: Chart) -> None:
    if not chart.picks:
        st.vega_lite_chart(None, chart.spec, theme=None, key=f"drawn-{chart.name}", alt=chart.alt)
        return
    # A chart keeps what was clicked last: under another state it is another chart, so that every click is heard.
    key = f"drawn-{chart.name}-{blake2b(repr(screen.asked).encode(), digest_size=6).hexdigest()}"
    st.vega_lite_chart(
        None,
        chart.spec,
        theme=None,
        key=key,
        alt=chart.alt,
        on_select=partial(_choose, screen, chart, key),
        selection_mode=PICK,
    )


def _choose(screen: TrendsScreen, chart: Chart, key: str) -> None:
    event = st.session_state.get(key) or {}
    found = event.get("selection", {}).get(PICK) or []
    # A second click on the same mark takes the selection away: there is nothing to follow.
    if found and set(chart.picks) <= found[0].keys():
        write_asked(picked(chart.name, screen.asked, found[0]))


def _plain(text: str) -> str:
    """A text as it stands: Markdown's own signs mean nothing in it."""
    return "".join(f"\\{sign}" if sign in r"\`*_{}[]()<>#+|$:~&" else sign for sign in text)
