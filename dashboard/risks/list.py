"""Places by score, the highest first; a click on a row opens it."""

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.palette import ink_on
from dashboard.risks.asked import write_risk_asked
from dashboard.risks.levels import LABELS, label_colour
from dashboard.risks.screen import MOST, RiskScreen
from dashboard.wording import count_text
from data.assessments.shown_counts import smallest_of

ROW_HEIGHT = 32
LEVEL, PLACE, SCORE, CAME, EXPECTED = "等级", "地点", "风险分", "近 4 周", "未来 4 周预计"


def level_fill(number: int) -> str:
    """Colour of a level's label in the light theme, the last one for any beyond."""
    return LABELS["light"][min(number, len(LABELS["light"]) - 1)]


def risk_table(screen: RiskScreen) -> pd.DataFrame:
    """Rows of the list in the order of `screen.listed`."""
    rows = screen.listed
    below = smallest_of(screen.asked.type)
    return pd.DataFrame(
        {
            LEVEL: [screen.level_words(number) for number in rows["level"].tolist()],
            PLACE: [screen.place_name(row) for _, row in rows.iterrows()],
            SCORE: rows["score"],
            CAME: [count_text(count, below=below) for count in rows["month_count"]],
            EXPECTED: [
                f"{row.expected_month:.1f}({row.low_90_month}–{row.high_90_month})" for row in rows.itertuples()
            ],
        },
        index=rows.index,
    )


def show_risk_list(screen: RiskScreen, *, height: int) -> None:
    """Show it, or say that there is nothing."""
    if screen.listed.empty:
        st.info("所选条件下没有可评分的地方。可以换一个层级或类型。", icon=":material/search_off:")
        return
    table = risk_table(screen)
    st.dataframe(
        _styled(table, screen),
        key=_key(screen),
        hide_index=True,
        column_config={
            LEVEL: st.column_config.TextColumn(LEVEL, width=72),
            PLACE: st.column_config.TextColumn(PLACE, width=190),
            SCORE: st.column_config.ProgressColumn(SCORE, width=110, min_value=0, max_value=100, format="%d"),
            CAME: st.column_config.TextColumn(CAME, width=64, alignment="right"),
            EXPECTED: st.column_config.TextColumn(EXPECTED, width=120, alignment="right", help="括号内为 90% 区间"),
        },
        row_height=ROW_HEIGHT,
        height=min(height, 32 + ROW_HEIGHT * len(table) + 2),
        on_select=lambda: _open_clicked(screen),
        selection_mode="single-cell",
        alt=f"风险清单,共 {len(table)} 处,分数最高的在前",
    )
    if len(table) == MOST:
        st.caption(f"只列出分数最高的 {MOST} 处。")


def _key(screen: RiskScreen) -> str:
    asked = screen.asked
    return f"risk-list-{asked.code}-{asked.level}-{asked.type}"


def _open_clicked(screen: RiskScreen) -> None:
    cells = ((st.session_state.get(_key(screen)) or {}).get("selection") or {}).get("cells") or []
    if cells and 0 <= int(cells[0][0]) < len(screen.listed):
        write_risk_asked(replace(screen.asked, place=str(screen.listed.iloc[int(cells[0][0])]["code"])))


def _styled(table: pd.DataFrame, screen: RiskScreen) -> Any:
    fills = [label_colour(number, len(screen.levels), screen.palette) for number in screen.listed["level"].tolist()]

    def colour(_column: pd.Series) -> list[str]:
        return [f"background-color:{fill};color:{ink_on(fill)}" for fill in fills]

    return table.style.apply(colour, subset=[LEVEL])
