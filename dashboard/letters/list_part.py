"""The list of letters with its tabs; a click on a row opens it."""

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.acting import show_acting
from dashboard.letters.asked import LETTERS, OVERDUE, TAB_WORDS, TABS, WHISTLES, LettersAsked, write_letters_asked
from dashboard.letters.screen import LettersScreen
from dashboard.letters.words import due_colour, due_words
from dashboard.naming import type_name
from data.letters.life import AWAITING, STATES
from data.letters.reading import MOST

STATE, KIND, ABOUT, TO, DUE = "状态", "函种", "区域 · 类型", "收函单位", "办理期限"
ROW_HEIGHT = 32
EVERY_KIND = "全部函种"


def show_letters_bar(screen: LettersScreen) -> None:
    """Which part of the page, the tabs with their numbers, and who acts."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        _show_view(screen)
        if screen.asked.view == LETTERS:
            _show_tabs(screen)
        st.space("stretch")
        show_acting()


def show_letter_list(screen: LettersScreen, *, height: int) -> None:
    """Show it, or say that there is nothing."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        _show_kinds(screen)
        st.space("stretch")
        looks = {"type": "primary", "icon": ":material/edit_document:", "shortcut": "L"}
        st.button("拟函", key="new-letter", on_click=_new, args=(screen,), **looks)
    if screen.listed.empty:
        _show_nothing(screen.asked)
        return
    table = letter_table(screen)
    st.dataframe(
        _styled(table, screen),
        key=_key(screen.asked),
        hide_index=True,
        column_config={
            STATE: st.column_config.TextColumn(STATE, width=64),
            DUE: st.column_config.TextColumn(DUE, width=112),
            KIND: st.column_config.TextColumn(KIND, width=92),
            ABOUT: st.column_config.TextColumn(ABOUT),
            TO: st.column_config.TextColumn(TO),
        },
        row_height=ROW_HEIGHT,
        height=min(height, 32 + ROW_HEIGHT * len(table) + 2),
        on_select=lambda: _open_clicked(screen),
        selection_mode="single-cell",
        alt=f"函件清单,共 {len(table)} 份,逾期的在前",
    )
    if len(table) == MOST:
        st.caption(f"只列出 {MOST} 份。请用上方的状态和函种缩小范围。")


def letter_table(screen: LettersScreen) -> pd.DataFrame:
    """Rows of the list in the order of `screen.listed`; texts only."""
    today = screen.now.date()
    rows = screen.listed.to_dict("records")
    return pd.DataFrame(
        {
            STATE: [STATES[row["state"]] for row in rows],
            DUE: [
                due_words(row["due"], row["days_over"], today=today, awaited=row["state"] in AWAITING) for row in rows
            ],
            KIND: [screen.settings.kind_name(row["kind"]) for row in rows],
            ABOUT: [_about(screen, row) for row in rows],
            TO: [row["receiver"] or "未填" for row in rows],
        }
    )


def tab_numbers(counted: pd.DataFrame, kind: str = "") -> dict[str, int]:
    """How many letters each tab has, of one kind or of all."""
    chosen = counted[counted["kind"] == kind] if kind else counted
    numbers = {tab: int(chosen["letters"][chosen["state"].isin(states)].sum()) for tab, states in TABS.items()}
    return numbers | {OVERDUE: int(chosen["overdue"].sum())}


def _about(screen: LettersScreen, row: dict[str, Any]) -> str:
    kind = f" · {type_name(row['dispute_type'])}" if row["dispute_type"] else ""
    return f"{screen.area_name(row['division'])}{kind}"


def _show_view(screen: LettersScreen) -> None:
    still_open = screen.whistles["id"][screen.whistles["is_open"]].nunique()
    words = {"letters": "函件", WHISTLES: f"吹哨报到 {still_open}"}
    st.session_state["letters-view"] = screen.asked.view or "letters"

    def choose() -> None:
        chosen = st.session_state["letters-view"] or "letters"
        write_letters_asked(LettersAsked(view=WHISTLES if chosen == WHISTLES else LETTERS))

    st.segmented_control(
        "内容",
        list(words),
        format_func=words.__getitem__,
        key="letters-view",
        label_visibility="collapsed",
        on_change=choose,
    )


def _show_tabs(screen: LettersScreen) -> None:
    numbers = tab_numbers(screen.counted, screen.asked.kind if not screen.asked.is_drafting else "")
    words = {tab or "live": f"{TAB_WORDS.get(tab) or STATES[tab]} {number}" for tab, number in numbers.items()}
    if numbers[OVERDUE]:
        words[OVERDUE] = f":red[▲ {words[OVERDUE]}]"
    st.session_state["letters-tab"] = screen.asked.state or "live"

    def choose() -> None:
        chosen = st.session_state["letters-tab"] or "live"
        write_letters_asked(replace(screen.asked.listing(), state="" if chosen == "live" else chosen))

    st.pills(
        "状态",
        list(words),
        format_func=words.__getitem__,
        key="letters-tab",
        label_visibility="collapsed",
        on_change=choose,
    )


def _show_kinds(screen: LettersScreen) -> None:
    words = {"": EVERY_KIND} | {code: kind.name for code, kind in screen.settings.kinds.items()}
    st.session_state["letters-kind"] = "" if screen.asked.is_drafting else screen.asked.kind

    def choose() -> None:
        write_letters_asked(replace(screen.asked.listing(), kind=st.session_state["letters-kind"] or ""))

    st.selectbox(
        "函种",
        list(words),
        format_func=words.__getitem__,
        key="letters-kind",
        label_visibility="collapsed",
        on_change=choose,
        width=170,
    )


def _new(screen: LettersScreen) -> None:
    write_letters_asked(replace(screen.asked.listing(), new="1"))


def _show_nothing(asked: LettersAsked) -> None:
    if asked.state == OVERDUE:
        st.success("没有逾期未反馈的函。", icon=":material/task_alt:")
    elif asked.state or asked.kind:
        st.info("所选状态和函种下没有函。可以改选“全部”。", icon=":material/search_off:")
    else:
        st.info(
            "没有在办的函。可以在“预警处置”里由预警拟函,证据会自动填好;也可以点“拟函”直接起草。", icon=":material/mail:"
        )


def _key(asked: LettersAsked) -> str:
    """The key changes with what is listed, so that a click ends with its list."""
    return f"letter-list-{asked.state}-{asked.kind}"


def _open_clicked(screen: LettersScreen) -> None:
    cells = ((st.session_state.get(_key(screen.asked)) or {}).get("selection") or {}).get("cells") or []
    if cells and 0 <= int(cells[0][0]) < len(screen.listed):
        chosen = str(screen.listed["id"].iloc[int(cells[0][0])])
        write_letters_asked(replace(screen.asked.listing(), letter=chosen))


def _styled(table: pd.DataFrame, screen: LettersScreen) -> Any:
    """Deadlines in their colour, and the row that is open on a ground of its own."""
    palette = screen.palette
    chosen = [screen.letter is not None and int(one) == screen.letter.id for one in screen.listed["id"]]

    def colour(column: pd.Series) -> list[str]:
        found = [due_colour(words, palette) for words in column]
        return [f"color:{ink};font-weight:600" if ink else "" for ink in found]

    def ground(_column: pd.Series) -> list[str]:
        return [f"background-color:{palette.panel};font-weight:600" if is_open else "" for is_open in chosen]

    return table.style.apply(ground).apply(colour, subset=[DUE])
