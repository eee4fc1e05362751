"""Filters of the hotspot page: a chip a type with its number, level, class and run; all of it in the URL."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from dashboard.freshness import show_freshness
from dashboard.hotspots.asked import (
    EVERY_TYPE,
    KINDS,
    LAYER_WORDS,
    SINCE_WORDS,
    TOTAL,
    HotspotAsked,
    write_hotspot_asked,
)
from dashboard.hotspots.screen import HotspotScreen
from dashboard.naming import EVERY_NAME, TOTAL_NAME, type_name
from data.assessments.parameters import DEFAULT_LAYERS
from data.assessments.runs import Run
from risk.incident import SOURCES

MOST_CHIPS = 7
SOURCE_WORDS = {"": "全部来源"} | {source.code: source.name for source in SOURCES.values()}
UNIT_WORDS = {"day": "按日", "month": "按月"}
"""Steps of a run that are not weeks."""
_ALL = "all"


def show_hotspot_bar(screen: HotspotScreen) -> None:
    """Show it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        _show_types(screen)
        st.space("stretch")
        show_freshness(max(screen.latest.values(), default=None), screen.now, simulated=screen.reads.is_simulated())
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        _show_choice(screen.asked, "level", level_words(screen.run), width=132)
        _show_choice(screen.asked, "kind", KINDS, width=132)
        _show_choice(screen.asked, "source", SOURCE_WORDS, width=132)
        _show_choice(screen.asked, "since", SINCE_WORDS, width=132)
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


def level_words(run: Run | None) -> dict[str, str]:
    """Word by level that the run looked at; where one is only asked for, by every level a run looks at unless told."""
    looked_at = run.parameters["layers"] if run and not run.sources else DEFAULT_LAYERS
    return {level: word for level, word in LAYER_WORDS.items() if level in looked_at}


def run_words(runs: list[Run]) -> dict[str, str]:
    """Word by run as in the URL, the newest under the empty key."""
    words = {}
    for position, run in enumerate(runs):
        until = f"截至 {run.as_of:%Y-%m-%d} · 第 {run.id} 次研判"
        if run.parameters["unit"] != "week":
            until += f" · {UNIT_WORDS[run.parameters['unit']]}"
        words["" if position == 0 else str(run.id)] = f"最新:{until}" if position == 0 else until
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
    words = LAYER_WORDS | words if field == "level" else words
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
