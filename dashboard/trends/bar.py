"""Above the charts: the filters of the map, where one is, and what was chosen on charts."""

from dataclasses import replace
from functools import partial

import streamlit as st

from dashboard.asked import shared_filter, write_asked
from dashboard.breadcrumb import show_breadcrumb
from dashboard.filter_bar import show_filter_bar
from dashboard.freshness import show_freshness
from dashboard.table_button import show_table_button
from dashboard.trends.asked import BASES, ROWS, STEPS, TrendsAsked, hour_words, without_charted
from dashboard.trends.screen import TrendsScreen
from dashboard.trends.tiles import windows_table
from dashboard.ways import MAP, show_way
from risk.incident import RESOLVED_LEVELS

LABELS = {"step": "步长", "base": "对比", "rows": "类型"}


def show_trends_bar(screen: TrendsScreen) -> None:
    """Show it."""
    show_filter_bar(screen.asked, today=screen.today, behind=lambda: _show_badges(screen))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        units = [*screen.pool.geography.ancestors(screen.unit.code), screen.unit]
        path = [(unit.code, unit.name) for unit in units]
        show_breadcrumb(path, go=lambda code: write_asked(replace(screen.asked, code=code)))
        _show_charted(screen.asked)
        st.space("stretch")
        if screen.is_open:
            _show_choice(screen.asked, "step", STEPS)
        _show_choice(screen.asked, "base", BASES)
        _show_choice(screen.asked, "rows", ROWS)
        file = f"态势汇总-{screen.place}-{screen.now:%Y%m%d-%H%M}.csv"
        show_table_button("windows", partial(windows_table, screen), screen.stamp, file)
        way = shared_filter(screen.asked)
        show_way("在地图上看", MAP, way, key="trends-to-map", icon=":material/map:", type="tertiary")


def _show_badges(screen: TrendsScreen) -> None:
    show_freshness(screen.data_time, screen.now, simulated=screen.reads.is_simulated())


def _show_charted(asked: TrendsAsked) -> None:
    """What was chosen on charts, each with a button that takes it back."""
    if asked.weekday or asked.hour:
        _show_chip("hour", hour_words(asked.weekday, asked.hour), replace(asked, weekday="", hour=""))
    if asked.settled:
        _show_chip("settled", f"{RESOLVED_LEVELS[asked.settled]}化解", replace(asked, settled=""))
    if len(asked.charted) > 1:
        st.button(
            "取消图上所选", key="no-charted", type="tertiary", on_click=write_asked, args=(without_charted(asked),)
        )


def _show_chip(key: str, words: str, without: TrendsAsked) -> None:
    st.button(words, key=f"without-{key}", icon=":material/close:", on_click=write_asked, args=(without,))


def _show_choice(asked: TrendsAsked, field: str, words: dict[str, str]) -> None:
    key = f"trends-{field}"
    st.session_state[key] = getattr(asked, field)

    def choose() -> None:
        write_asked(replace(asked, **{field: st.session_state[key] or getattr(asked, field)}))

    st.segmented_control(
        LABELS[field],
        list(words),
        format_func=words.__getitem__,
        key=key,
        label_visibility="collapsed",
        on_change=choose,
        width="content",
    )
