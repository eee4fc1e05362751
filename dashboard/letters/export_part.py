"""A letter's documents: to print, as HTML and as a Word file; who takes one out is written on it and kept."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from dashboard.acting import acting_name
from dashboard.letters.acting_part import attempt
from dashboard.letters.screen import LettersScreen
from data.letters.acts import note_export
from data.letters.letter import Actor, Letter
from reports.letter_docx import letter_docx
from reports.letter_html import letter_html
from reports.letter_paper import Export, LetterPaper, letter_paper

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PREVIEW_HEIGHT = 720


def show_exports(screen: LettersScreen, letter: Letter) -> None:
    """Three buttons; off until somebody has given a name, which stands on every document."""
    off = not acting_name()
    looks = {"icon": ":material/print:", "type": "tertiary", "key": "print-letter"}
    st.button("打印", disabled=off, on_click=_print, args=(screen, letter), **looks)
    name = paper_of(screen, letter, screen.actor()).file_name
    forms: tuple[tuple[str, str, str, Callable[[LetterPaper], bytes]], ...] = (
        ("HTML", "html", "text/html", lambda paper: letter_html(paper).encode("utf-8")),
        ("Word", "docx", WORD, letter_docx),
    )
    for word, ending, mime, make in forms:
        st.download_button(
            word,
            _deferred(screen, letter, word, make),
            file_name=f"{name}.{ending}",
            mime=mime,
            icon=":material/download:",
            type="tertiary",
            key=f"download-{ending}",
            disabled=off,
            help=f"下载{word}文件,页上注明导出人和时间。",
        )
    if st.session_state.pop("letter-preview", None) == letter.id:
        _show_preview(screen, letter)


def paper_of(screen: LettersScreen, letter: Letter, actor: Actor) -> LetterPaper:
    """The document as whoever acts would take it out."""
    draft = letter.draft
    return letter_paper(
        letter,
        kind=screen.settings.kind_name(draft.kind),
        area=screen.letter_area(draft.division),
        dispute_type=screen.letter_type(draft.dispute_type) if draft.dispute_type else "",
        export=Export(actor.person, actor.at.to_pydatetime()),
    )


def _deferred(
    screen: LettersScreen, letter: Letter, word: str, make: Callable[[LetterPaper], bytes]
) -> Callable[[], bytes]:
    """What makes the file when it is asked for, and not before: then it is kept who took it, under the same moment."""
    person = acting_name()

    def made() -> bytes:
        # It runs in a thread of its own, which knows no session: the name is the one of when the button was drawn.
        actor = Actor(person, pd.Timestamp(screen.pool.now()), screen.scope)
        note_export(screen.pool.engine, letter.id, f"下载 {word}", actor)
        return make(paper_of(screen, letter, actor))

    return made


def _print(screen: LettersScreen, letter: Letter) -> None:
    if attempt(lambda: note_export(screen.pool.engine, letter.id, "打印", screen.actor()), "已打开打印页。"):
        st.session_state["letter-preview"] = letter.id


@st.dialog("打印函件", width="large")
def _show_preview(screen: LettersScreen, letter: Letter) -> None:
    """The document in a frame of its own; its button prints it."""
    st.iframe(letter_html(paper_of(screen, letter, screen.actor())), height=PREVIEW_HEIGHT, alt="函件打印页")
