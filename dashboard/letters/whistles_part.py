"""中心吹哨、部门报到: open whistles first, with the times of each department, and the form of a new one."""

from dataclasses import replace
from html import escape

import pandas as pd
import streamlit as st

from dashboard.acting import NOT_NAMED, acting_name
from dashboard.letters.acting_part import attempt
from dashboard.letters.area_choice import show_area, show_type
from dashboard.letters.asked import write_letters_asked
from dashboard.letters.screen import LettersScreen
from dashboard.letters.words import span_text, when
from dashboard.naming import type_name
from data.letters.whistles import Whistle, blow_whistle, note_arrival, note_result
from data.letters.wording import MATTER_LENGTH, RESULT_LENGTH

FORM = "whistle"
LATE_SECONDS = 24 * 3600
"""A department that has not come within a day stands out."""


def show_whistles(screen: LettersScreen) -> None:
    """Both halves."""
    left, right = st.columns([7, 5], gap="small")
    with left:
        _show_list(screen)
    with right, st.container(border=True):
        _show_form(screen)


def _show_list(screen: LettersScreen) -> None:
    if screen.whistles.empty:
        st.info("还没有吹过哨。需要部门到场时,在右侧写明事由、选好部门,点“吹哨”。", icon=":material/campaign:")
        return
    for _, rows in screen.whistles.groupby("id", sort=False):
        _show_whistle(screen, rows)


def _show_whistle(screen: LettersScreen, rows: pd.DataFrame) -> None:
    first, palette = rows.iloc[0], screen.palette
    about = screen.area_name(first["division"])
    about += f" · {type_name(first['dispute_type'])}" if first["dispute_type"] else ""
    state = "● 未办结" if first["is_open"] else "✓ 全部办结"
    colour = palette.late if first["is_open"] else palette.better
    alert = f" · 预警 {first['alert']}" if first["alert"] else ""
    blown = f"{when(first['whistled_at'], screen.now)} {first['person']} 吹哨{alert}"
    with st.container(border=True, gap="xsmall", key=f"whistle-{first['id']}"):
        st.html(
            f'<div style="display:flex;justify-content:space-between;gap:12px;font-size:14px;color:{palette.text}">'
            f'<div style="overflow-wrap:anywhere"><b>{escape(about)}</b> {escape(first["matter"])}</div>'
            f'<div style="color:{colour};font-weight:600;white-space:nowrap">{state}</div></div>'
            f'<div style="font-size:12px;color:{palette.muted}">{escape(blown)}</div>'
        )
        for row in rows.to_dict("records"):
            _show_department(screen, row)


def _show_department(screen: LettersScreen, row: dict) -> None:
    """One department: its name and times, and the one thing that can be noted next."""
    key = f"{row['id']}-{row['department']}"
    off = not acting_name()
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.html(department_html(screen, row), width="stretch")
        if pd.isna(row["arrived_at"]):
            st.button("报到", key=f"arrive-{key}", disabled=off, on_click=_arrive, args=(screen, row))
        elif pd.isna(row["finished_at"]):
            with st.popover("办结", disabled=off):
                field = f"result-{key}"
                st.text_area("办理结果", key=field, max_chars=RESULT_LENGTH, height=100)
                st.button("确定办结", type="primary", key=f"finish-{key}", on_click=_finish, args=(screen, row, field))


def department_html(screen: LettersScreen, row: dict) -> str:
    """HTML: department, when it came and how long that took, when it finished, and its result."""
    palette, now = screen.palette, screen.now.timestamp()
    if pd.isna(row["arrived_at"]):
        waited = now - row["whistled_at"]
        late = waited >= LATE_SECONDS
        colour = palette.worse if late else palette.text
        times = f'<b style="color:{colour}">{"▲ " if late else ""}未报到,已等 {span_text(waited)}</b>'
    else:
        came = f"{when(row['arrived_at'], screen.now)} 报到,用时 {span_text(row['arrived_at'] - row['whistled_at'])}"
        times = escape(came)
        if pd.isna(row["finished_at"]):
            times += f" → <b>办理中,已 {span_text(now - row['arrived_at'])}</b>"
        else:
            took = span_text(row["finished_at"] - row["whistled_at"])
            times += escape(f" → {when(row['finished_at'], screen.now)} 办结,共 {took}")
    result = f'<div style="color:{palette.muted};overflow-wrap:anywhere">结果:{escape(row["result"])}</div>'
    return (
        f'<div style="display:flex;gap:12px;font-size:13px;line-height:1.6;color:{palette.text}">'
        f'<div style="width:128px;flex:none;font-weight:600;overflow-wrap:anywhere">{escape(row["department"])}</div>'
        f"<div>{times}{result if row['result'] else ''}</div></div>"
    )


def _show_form(screen: LettersScreen) -> None:
    st.markdown("**吹哨** :gray[叫部门到场会商、处置]")
    if screen.alert is not None:
        division, dispute_type = screen.alert_area, screen.alert.dispute_type
        words = f"{screen.area_name(division)} · {screen.letter_type(dispute_type)}"
        st.text_input("预警", f"{screen.alert.number} · {words}", disabled=True, key=f"{FORM}-about")
    else:
        with st.container(horizontal=True, gap="xsmall"):
            division = show_area(screen, f"{FORM}-area", start=screen.asked.area)
            dispute_type = show_type(f"{FORM}-type")
    st.text_area("事由", key=f"{FORM}-matter", max_chars=MATTER_LENGTH, height=90, placeholder="如:工地欠薪,请到场会商")
    st.multiselect(
        "部门",
        list(screen.settings.departments),
        key=f"{FORM}-departments",
        accept_new_options=True,
        placeholder="可选可填",
    )
    named = bool(acting_name())
    whistle = Whistle(division, "", (), dispute_type, screen.alert.number if screen.alert else "")
    icon = ":material/campaign:"
    st.button("吹哨", type="primary", icon=icon, key="blow", disabled=not named, on_click=_blow, args=(screen, whistle))
    if not named:
        st.caption(NOT_NAMED)


def _blow(screen: LettersScreen, whistle: Whistle) -> None:
    departments = tuple(str(one) for one in st.session_state.get(f"{FORM}-departments") or ())
    said = replace(whistle, matter=str(st.session_state.get(f"{FORM}-matter") or ""), departments=departments)
    if attempt(lambda: blow_whistle(screen.pool.engine, said, screen.actor()), f"已向 {len(departments)} 个部门吹哨。"):
        st.session_state[f"{FORM}-matter"], st.session_state[f"{FORM}-departments"] = "", []
        write_letters_asked(replace(screen.asked, whistle_for="", area=""))


def _arrive(screen: LettersScreen, row: dict) -> None:
    note = lambda: note_arrival(screen.pool.engine, int(row["id"]), row["department"], screen.actor())  # noqa: E731
    attempt(note, f"已记{row['department']}报到。")


def _finish(screen: LettersScreen, row: dict, field: str) -> None:
    result = str(st.session_state.get(field) or "")
    engine, number, department = screen.pool.engine, int(row["id"]), row["department"]
    attempt(lambda: note_result(engine, number, department, result, screen.actor()), f"已记{department}办结。")
