"""What changed between the run on the page and an earlier one: new, ended, other class."""

import pandas as pd
import streamlit as st

from dashboard.hotspots.classes import class_name
from dashboard.hotspots.screen import HotspotScreen
from dashboard.naming import division_name, type_name
from data.assessments.compare import CHANGED, GONE, NEW, compare_runs
from data.assessments.reading import HotspotFilter
from data.assessments.runs import Run

WORDS = {NEW: "新出现", CHANGED: "类别变化", GONE: "已消失"}
NONE = "无"
CHANGE, PLACE, TYPE, BEFORE, AFTER = "变化", "地点", "纠纷类型", "那次", "这次"
KEY = "hotspot-compared-with"


def earlier_runs(screen: HotspotScreen) -> list[Run]:
    """Runs before the one on the page, the nearest first."""
    return [run for run in screen.runs if screen.run is not None and run.id < screen.run.id]


def comparison_table(screen: HotspotScreen, earlier: Run) -> pd.DataFrame:
    """Changes at the level and in the division of the page; new ones first."""
    if screen.run is None:
        return pd.DataFrame(columns=[CHANGE, PLACE, TYPE, BEFORE, AFTER])
    asked = HotspotFilter(screen.scope, screen.asked.level, screen.asked.code, classes=screen.asked.classes)
    found = compare_runs(screen.pool.engine, earlier.id, screen.run.id, asked)
    if screen.asked.type:
        kind = "" if screen.asked.type == "total" else screen.asked.type
        found = found[found["dispute_type"] == kind]
    found = found.sort_values("change", key=lambda column: column.map(list(WORDS).index), kind="stable")
    return pd.DataFrame(
        {
            CHANGE: found["change"].map(WORDS),
            PLACE: [
                code if screen.layer.is_cells else division_name(screen.pool.geography, code) for code in found["code"]
            ],
            TYPE: [type_name(kind) for kind in found["dispute_type"]],
            BEFORE: [_class_words(kind) for kind in found["before"]],
            AFTER: [_class_words(kind) for kind in found["after"]],
        }
    ).reset_index(drop=True)


def show_comparison(screen: HotspotScreen) -> None:
    """Show it, folded up; without an earlier run there is nothing to compare with."""
    runs = earlier_runs(screen)
    if not runs:
        return
    words = {run.id: f"截至 {run.as_of:%Y-%m-%d} · 第 {run.id} 次研判" for run in runs}
    with st.expander("与以前的研判相比", icon=":material/compare_arrows:"):
        chosen = st.selectbox("与哪一次相比", list(words), format_func=words.__getitem__, key=KEY, width=280)
        earlier = next(run for run in runs if run.id == chosen)
        table = comparison_table(screen, earlier)
        if table.empty:
            st.caption("所选条件下,两次研判没有不同。")
            return
        numbers = table[CHANGE].value_counts()
        st.caption(" · ".join(f"{word} {numbers[word]}" for word in WORDS.values() if word in numbers))
        st.dataframe(table, hide_index=True, height=min(420, 36 * (len(table) + 1)), alt="两次研判的变化")


def _class_words(kind: int) -> str:
    return class_name(kind) if kind else NONE


def _place_name(screen: HotspotScreen, code: str) -> str:
    """Names of a division and of what it lies in; a hexagon keeps its own."""
    return code if screen.layer.is_cells else division_name(screen.pool.geography, code)
