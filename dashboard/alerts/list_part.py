"""The list of alerts, the gravest first; a click or J/K opens one."""

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.alerts.asked import PENDING, WHOLE, write_alerts_asked
from dashboard.alerts.screen import AlertsScreen
from dashboard.alerts.words import LEVEL_INKS, both_words, level_fill, state_words
from dashboard.hotspots.classes import class_colour, class_letter, class_name
from dashboard.naming import type_name
from dashboard.palette import ink_on
from dashboard.wording import FIRST_RESULTS, age_text

ROW_HEIGHT = 34
LEVEL, CLASS, PLACE, TYPE, BOTH, AGE, STATE = "等级", "类别", "地点", "纠纷类型", "前 4 周 → 近 4 周", "发出", "状态"


def alert_table(screen: AlertsScreen) -> pd.DataFrame:
    """Rows of the list in the order of `screen.listed`; texts only. The open one is marked."""
    rows = screen.listed
    opened = "" if screen.alert is None else screen.alert.number
    return pd.DataFrame(
        {
            LEVEL: [screen.level_words(level) for level in rows["level"].tolist()],
            PLACE: [
                f"{'▸ ' if row.number == opened else ''}{screen.place_name(row.division)}" for row in rows.itertuples()
            ],
            TYPE: [type_name(kind) for kind in rows["dispute_type"]],
            BOTH: [counts_of(row) for row in rows.itertuples()],
            CLASS: [f"{class_letter(kind)} {class_name(kind)[:2]}" for kind in rows["emerging_class"].tolist()],
            AGE: [age_text(screen.now - screen.local(moment)) for moment in rows["raised_at"].tolist()],
            STATE: [state_words(state) for state in rows["state"]],
        },
        index=rows.index,
    )


def counts_of(row: Any) -> str:
    """`<5 → 19`, as it may be shown."""
    floors = (bool(row.current_is_floor), bool(row.previous_is_floor))
    return both_words(row.dispute_type, row.current, row.previous, floors=floors)


def show_alert_list(screen: AlertsScreen, *, height: int, narrow: bool) -> None:
    """Show it, or say that there is nothing and what to do; on a narrow page without class and age."""
    if screen.listed.empty:
        _show_empty(screen)
        return
    table = alert_table(screen)
    st.dataframe(
        _styled(screen, table),
        key=_key(screen),
        hide_index=True,
        column_order=[LEVEL, PLACE, TYPE, BOTH, STATE] if narrow else list(table.columns),
        column_config={
            LEVEL: st.column_config.TextColumn(LEVEL, width=68),
            PLACE: st.column_config.TextColumn(PLACE, width=176),
            TYPE: st.column_config.TextColumn(TYPE, width=104),
            BOTH: st.column_config.TextColumn(BOTH, width=108, alignment="right", help="所在乡镇街道;小数不显示"),
            CLASS: st.column_config.TextColumn(CLASS, width=60),
            AGE: st.column_config.TextColumn(AGE, width=72),
            STATE: st.column_config.TextColumn(STATE, width=58),
        },
        row_height=ROW_HEIGHT,
        height=min(height, ROW_HEIGHT * (len(table) + 1) + 2),
        on_select=lambda: _open_clicked(screen),
        selection_mode="single-cell",
        alt=f"预警清单,共 {len(table)} 条,最重的在前",
    )


def show_steps(screen: AlertsScreen) -> None:
    """Buttons with keys: next, previous, open alone or back to the list."""
    at, last = screen.position, len(screen.listed) - 1
    is_whole = screen.asked.show == WHOLE
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        following = 0 if at is None else at + 1
        st.button(
            "下一条",
            key="alerts-next",
            shortcut="J",
            disabled=last < 0 or following > last,
            on_click=_go,
            args=(screen, following),
        )
        before = -1 if at is None else at - 1
        st.button("上一条", key="alerts-before", shortcut="K", disabled=before < 0, on_click=_go, args=(screen, before))
        if is_whole:
            st.button("返回清单", key="alerts-back", shortcut="Backspace", on_click=_show_whole, args=(screen, ""))
        else:
            st.button(
                "打开",
                key="alerts-open",
                shortcut="O",
                disabled=screen.alert is None,
                on_click=_show_whole,
                args=(screen, WHOLE),
            )
        if at is not None:
            st.caption(f"第 {at + 1} / {last + 1} 条", width="content")


def _go(screen: AlertsScreen, at: int) -> None:
    if 0 <= at < len(screen.listed):
        write_alerts_asked(replace(screen.asked, alert=str(screen.listed.iloc[at]["number"])))


def _show_whole(screen: AlertsScreen, show: str) -> None:
    number = "" if screen.alert is None else screen.alert.number
    write_alerts_asked(replace(screen.asked, alert=number, show=show))


def _show_empty(screen: AlertsScreen) -> None:
    if screen.run is None:
        st.info(
            f"还没有研判过,预警会随研判自动发出。{FIRST_RESULTS}",
            icon=":material/hourglass_empty:",
        )
    elif screen.alerts.empty:
        st.info("目前没有预警。每次研判后,符合规则的热点会自动出现在这里。", icon=":material/task_alt:")
    elif screen.asked.state == PENDING and not (screen.asked.type or screen.asked.level):
        st.success("待处置的预警都处置完了。可以到“已派单”查看进展。", icon=":material/task_alt:")
    else:
        st.info("所选条件下没有预警。可以换一个类型、状态、等级或区划。", icon=":material/search_off:")


def _key(screen: AlertsScreen) -> str:
    """The key changes with what is listed and open, so that a click ends with its list."""
    asked = screen.asked
    number = "" if screen.alert is None else screen.alert.number
    return f"alerts-list-{asked.code}-{asked.type}-{asked.state}-{asked.level}-{number}-{len(screen.listed)}"


def _open_clicked(screen: AlertsScreen) -> None:
    cells = ((st.session_state.get(_key(screen)) or {}).get("selection") or {}).get("cells") or []
    if cells:
        _go(screen, int(cells[0][0]))


def _styled(screen: AlertsScreen, table: pd.DataFrame) -> Any:
    """Level and class in their colours; the words stand there too. The open row on the panel's ground."""
    rows, palette = screen.listed, screen.palette

    def level(_column: pd.Series) -> list[str]:
        return [
            f"background-color:{level_fill(number, palette)};color:{LEVEL_INKS[min(number, len(LEVEL_INKS) - 1)]}"
            for number in rows["level"].tolist()
        ]

    def kind(_column: pd.Series) -> list[str]:
        fills = [class_colour(each, palette) for each in rows["emerging_class"].tolist()]
        return [f"background-color:{fill};color:{ink_on(fill)}" for fill in fills]

    def opened(row: pd.Series) -> list[str]:
        is_open = row.name == screen.position
        return [f"background-color:{palette.panel};font-weight:600" if is_open else ""] * len(row)

    others = [PLACE, TYPE, BOTH, AGE, STATE]
    return table.style.apply(level, subset=[LEVEL]).apply(kind, subset=[CLASS]).apply(opened, axis=1, subset=others)
