"""Filters of the hotspot page: a chip a type with its number, level, class and run; all of it in the URL."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from dashboard.freshness import show_freshness
from dashboard.hotspots.asked import EVERY_TYPE, KINDS, LAYER_WORDS, TOTAL, HotspotAsked, write_hotspot_asked
from dashboard.hotspots.screen import HotspotScreen
from dashboard.naming import EVERY_NAME, TOTAL_NAME, type_name
from data.assessments.runs import Run
from risk.incident import SOURCES

MOST_CHIPS = 7
SOURCE_WORDS = {"": "全部来源"} | {source.code: source.name for source in SOURCES.values()}
_ALL = "all"


def show_hotspot_bar(screen: HotspotScreen) -> None:
    """Show it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        _show_types(screen)
        st.space("stretch")
        show_freshness(max(screen.latest.values(), default=None), screen.now, simulated=screen.reads.is_simulated())
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        _show_choice(screen.asked, "level", LAYER_WORDS, width=132)
        _show_choice(screen.asked, "kind", KINDS, width=132)
        _show_choice(screen.asked, "source", SOURCE_WORDS, width=132)
        _show_choice(screen.asked, "run", run_words(screen.runs), width=250)


def type_chips(hotspots: pd.DataFrame, chosen: str) -> dict[str, str]:
    """Word by type as in the URL: all, the types with most hotspots and the chosen one, and all together."""
    single = hotspots[hotspots["dispute_type"] != ""]
    numbers = single["dispute_type"].value_counts()
    chips = {_ALL: f"{EVERY_NAME} {len(single)}"}
    for kind, number in numbers.head(MOST_CHIPS).items():
        chips[str(kind)] = f"{type_name(str(kind))} {number}"
    if chosen not in (EVERY_TYPE, TOTAL) and chosen not in chips:
        chips[chosen] = f"{type_name(chosen)} {numbers.get(chosen, 0)}"
    chips[TOTAL] = f"{TOTAL_NAME} {(hotspots['dispute_type'] == '').sum()}"
    return chips


def run_words(runs: list[Run]) -> dict[str, str]:
    """Word by run as in the URL, the newest under the empty key."""
    words = {}
    for position, run in enumerate(runs):
        weeks = f"截至 {run.as_of:%Y-%m-%d} · 第 {run.id} 次研判"
        words["" if position == 0 else str(run.id)] = f"最新:{weeks}" if position == 0 else weeks
    return words


def _show_types(screen: HotspotScreen) -> None:
    chips = type_chips(screen.hotspots, screen.asked.type)
    st.session_state["hotspot-type"] = screen.asked.type or _ALL

    def choose() -> None:
        chosen = st.session_state["hotspot-type"] or _ALL
        write_hotspot_asked(replace(screen.asked, type=EVERY_TYPE if chosen == _ALL else chosen, place="", of=""))

    st.pills(
        "纠纷类型",
        list(chips),
        format_func=chips.__getitem__,
        key="hotspot-type",
        label_visibility="collapsed",
        on_change=choose,
        width="content",
    )


def _show_choice(asked: HotspotAsked, field: str, words: dict[str, str], *, width: int) -> None:
    now = getattr(asked, field)
    options = list(words) if now in words else [*words, now]
    key = f"hotspot-{field}"
    st.session_state[key] = now

    def choose() -> None:
        chosen = {"place": "", "of": ""} | ({"run": ""} if field == "source" else {})
        write_hotspot_asked(replace(asked, **(chosen | {field: st.session_state[key] or ""})))

    st.selectbox(
        field,
        options,
        format_func=lambda value: words.get(value, value),
        key=key,
        label_visibility="collapsed",
        on_change=choose,
        width=width,
    )
