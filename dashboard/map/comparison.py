"""Two periods side by side: two maps with one legend, and the numbers of both below."""

import pandas as pd
import streamlit as st

from dashboard.asked import COMPARISONS
from dashboard.deck import build
from dashboard.map.counts import count_layers, read_counts, show_count_legend
from dashboard.map.part import alt_text, follow_click, frozen_view
from dashboard.map.screen import Screen, beside
from dashboard.states import show_empty_note
from dashboard.viewport import Viewport
from dashboard.wording import change_between, count_text, period_text, table_name

TITLE_HEIGHT = 30


def show_comparison(screen: Screen, viewport: Viewport, *, taken: int) -> None:
    """Show it; the earlier period stands on the left. Both maps always show the same place and extent."""
    other = beside(screen)
    if screen.is_empty and other.is_empty:
        show_empty_note(" · ".join([table_name(screen.unit.name), *screen.asked.words()]))
        taken += 66
    pair = [(other, f"对比期({COMPARISONS[screen.asked.compare]})"), (screen, "本期")]
    if other.wanted.period.start > screen.wanted.period.start:
        pair.reverse()
    for column, (shown, words) in zip(st.columns(2, gap="small"), pair, strict=True):
        with column:
            _show_map(shown, words, viewport, height=viewport.map_height(taken=taken + TITLE_HEIGHT))
    show_count_legend(screen, read_counts(screen))


def _show_map(screen: Screen, words: str, viewport: Viewport, *, height: int) -> None:
    period = screen.wanted.period
    total = count_text(screen.totals.current, below=screen.below)
    st.markdown(f"**{words}** {period_text(period.start, period.end)} · **{total}** 件".replace("<", "\\<"))
    view = frozen_view(screen, viewport, width=(viewport.width - 54) // 2, height=height, name="half")
    key = f"map-{screen.unit.code}-{screen.asked.shape}-{'now' if words == '本期' else 'other'}"
    st.pydeck_chart(
        build(count_layers(screen, read_counts(screen), view, None), view, screen.palette, fixed=True),
        height=height,
        key=key,
        on_select=lambda: follow_click(screen, key),
        selection_mode="single-object",
        alt=f"{words}:{alt_text(screen)}",
    )


def comparison_table(screen: Screen, other: Screen) -> pd.DataFrame:
    """Both counts of each child and the change between them, most incidents of this period first.

    Columns 区划, 对比期, 本期, 变化, all text; indexed by code.
    """
    rows = screen.children[screen.children["counted"].astype(bool)].set_index("code")
    order = screen.numbers.loc[rows.index, "incident_count"].astype("Int64").fillna(0)
    rows = rows.loc[order.sort_values(ascending=False, kind="stable").index]
    now, before = (each.numbers.loc[rows.index, "incident_count"] for each in (screen, other))
    return pd.DataFrame(
        {
            "区划": [table_name(str(name)) for name in rows["name"]],
            "对比期": [count_text(count, below=screen.below) for count in before],
            "本期": [count_text(count, below=screen.below) for count in now],
            "变化": [change_between(*pair).text for pair in zip(now, before, strict=True)],
        },
        index=rows.index,
    )


def show_comparison_table(screen: Screen) -> None:
    """The maps' twin in text, below everything else."""
    table = comparison_table(screen, beside(screen))
    if not table.empty:
        st.dataframe(table, hide_index=True, row_height=30, height=32 + 30 * len(table), alt="两个时段的件数")
