"""函件: letters from draft to closed, overdue ones first, and whistles with the times of each department."""

import streamlit as st

from dashboard.letters.acting_part import plain, show_said
from dashboard.letters.asked import WHISTLES, WHOLE
from dashboard.letters.detail_part import show_letter, wrong_words
from dashboard.letters.draft_part import show_edit, show_new_draft
from dashboard.letters.list_part import show_letter_list, show_letters_bar
from dashboard.letters.screen import LettersScreen, read_letters_screen
from dashboard.letters.steps_part import show_letter_steps
from dashboard.letters.whistles_part import show_whistles
from dashboard.page_frame import shown_safely
from dashboard.pool import open_pool
from dashboard.viewport import Viewport
from data.forecasts.score_settings import BadScoreFileError
from data.letters.settings import BadLetterFileError

AROUND, LEAST_HEIGHT = 170, 260
"""Height of what stands above and below a letter's text, and the least that the text gets, in pixels."""


def show(viewport: Viewport) -> None:
    """Show the page."""
    shown_safely(_show, viewport)


def _show(viewport: Viewport) -> None:
    try:
        _show_all(read_letters_screen(open_pool()), viewport)
    except (BadLetterFileError, BadScoreFileError) as error:
        st.error(plain(str(error)), icon=":material/settings:")


def _show_all(screen: LettersScreen, viewport: Viewport) -> None:
    show_letters_bar(screen)
    show_said()
    if screen.wrong:
        st.warning(wrong_words(screen.wrong), icon=":material/link_off:")
    if screen.asked.view == WHISTLES:
        show_whistles(screen)
        return
    if screen.asked.show == WHOLE and screen.letter is not None:
        show_letter_steps(screen)
        _show_right(screen, viewport)
    else:
        left, right = st.columns([5, 7], gap="small")
        with left:
            show_letter_list(screen, height=viewport.map_height() - 8)
            show_letter_steps(screen)
        with right:
            _show_right(screen, viewport)
    st.caption("期限按日计算,到期日的次日起算逾期;已反馈的不再计逾期。函件和经过不能删除,导出均留记录。")


def _show_right(screen: LettersScreen, viewport: Viewport) -> None:
    """The new draft, the draft that is changed, or the letter that is open."""
    letter, asked = screen.letter, screen.asked
    if asked.new or (asked.draft_for and screen.alert is not None):
        show_new_draft(screen)
    elif letter is not None and letter.state == "draft" and asked.edit:
        show_edit(screen, letter)
    elif letter is not None:
        show_letter(screen, letter, height=max(LEAST_HEIGHT, viewport.map_height() - AROUND))
