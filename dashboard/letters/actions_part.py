"""What can be done to a letter now: the acts that its state allows, and its documents."""

from dataclasses import replace

import streamlit as st

from dashboard.acting import NOT_NAMED, acting_name
from dashboard.letters.acting_part import attempt
from dashboard.letters.asked import write_letters_asked
from dashboard.letters.export_part import show_exports
from dashboard.letters.screen import LettersScreen
from data.letters.acts import Act, do_act, why_not
from data.letters.letter import Letter
from data.letters.life import Move, moves_from
from data.letters.wording import NOTE_LENGTH

ICONS = {
    "submit": ":material/send:",
    "return": ":material/undo:",
    "issue": ":material/verified:",
    "receive": ":material/mark_email_read:",
    "answer": ":material/reply:",
    "send_back": ":material/undo:",
    "close": ":material/task_alt:",
    "void": ":material/delete:",
}


def show_actions(screen: LettersScreen, letter: Letter) -> None:
    """Buttons of the letter, the usual one first; why one is off stands below them."""
    named = bool(acting_name())
    moves = moves_from(letter.state)
    reasons = {move.act: why_not(move, letter, screen.scope) for move in moves}
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="letter-actions"):
        for position, move in enumerate(moves):
            off = not named or bool(reasons[move.act])
            _show_move(screen, letter, move, is_first=position == 0, off=off)
        if letter.state == "draft":
            st.button("修改", icon=":material/edit:", key="edit-letter", on_click=_edit, args=(screen, letter))
        st.space("stretch")
        show_exports(screen, letter)
    told = [] if named else [NOT_NAMED]
    told += sorted({reason for reason in reasons.values() if reason})
    if told and (moves or not named):
        st.caption(" ".join(told))


def _show_move(screen: LettersScreen, letter: Letter, move: Move, *, is_first: bool, off: bool) -> None:
    kind = "primary" if is_first else "secondary"
    key = f"act-{move.act}-{letter.id}-{letter.version}"
    if not move.note:
        st.button(
            move.word,
            icon=ICONS[move.act],
            type=kind,
            key=key,
            disabled=off,
            on_click=_act,
            args=(screen, letter, move, ""),
        )
        return
    with st.popover(move.word, icon=ICONS[move.act], type=kind, disabled=off):
        field = f"note-{key}"
        st.text_area(move.note, key=field, max_chars=NOTE_LENGTH, height=120)
        st.button(f"确定{move.word}", type="primary", key=key, on_click=_act, args=(screen, letter, move, field))


def _act(screen: LettersScreen, letter: Letter, move: Move, field: str) -> None:
    note = str(st.session_state.get(field) or "") if field else ""
    done = f"已{move.word}。"
    if attempt(
        lambda: do_act(screen.pool.engine, screen.settings, letter.id, Act(move.act, screen.actor(), note)), done
    ):
        # The letter may leave the tab that is open; it stays open itself.
        write_letters_asked(replace(screen.asked.listing(), letter=str(letter.id), show=screen.asked.show))


def _edit(screen: LettersScreen, letter: Letter) -> None:
    write_letters_asked(replace(screen.asked.listing(), letter=str(letter.id), edit="1"))
