"""Buttons with keys through the letters of the list: next, previous, open alone, back to the list."""

from dataclasses import replace

import streamlit as st

from dashboard.letters.asked import WHOLE, write_letters_asked
from dashboard.letters.screen import LettersScreen


def show_letter_steps(screen: LettersScreen) -> None:
    """Show them; the keys stand on the buttons."""
    at, last = screen.position, len(screen.listed) - 1
    following, before = (0, -1) if at is None else (at + 1, at - 1)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        _button("下一份", "next", "J", off=following > last, to=(screen, following))
        _button("上一份", "before", "K", off=before < 0, to=(screen, before))
        if screen.asked.show == WHOLE:
            st.button("返回清单", key="letters-back", shortcut="Backspace", on_click=_show, args=(screen, ""))
        else:
            off = screen.letter is None
            st.button("打开", key="letters-open", shortcut="O", disabled=off, on_click=_show, args=(screen, WHOLE))
        if at is not None:
            st.caption(f"第 {at + 1} / {last + 1} 份", width="content")


def _button(label: str, name: str, key: str, *, off: bool, to: tuple[LettersScreen, int]) -> None:
    st.button(label, key=f"letters-{name}", shortcut=key, disabled=off, on_click=_go, args=to)


def _go(screen: LettersScreen, at: int) -> None:
    if 0 <= at < len(screen.listed):
        chosen = str(screen.listed["id"].iloc[at])
        write_letters_asked(replace(screen.asked.listing(), letter=chosen, show=screen.asked.show))


def _show(screen: LettersScreen, show: str) -> None:
    chosen = "" if screen.letter is None else str(screen.letter.id)
    write_letters_asked(replace(screen.asked.listing(), letter=chosen, show=show))
