"""Doing something to a letter or whistle from the page: done, and said; or refused, and said why."""

import logging
from collections.abc import Callable

import streamlit as st

from data.filter import OutOfScopeError
from data.letters.wording import LetterRefusedError
from data.store import PoolUnavailableError

SAID = "letters-said"
_log = logging.getLogger(__name__)


def attempt(act: Callable[[], object], done: str) -> bool:
    """Do it from a button's callback; what came of it is said at the page's next run. Whether it was done."""
    try:
        act()
    except LetterRefusedError as error:
        st.session_state[SAID] = ("warning", str(error))
        return False
    except OutOfScopeError:
        st.session_state[SAID] = ("warning", "这件事由发函单位办理,或者它不在您的区划之内。没有改动任何内容。")
        return False
    except PoolUnavailableError as error:
        _log.error("%s", error)
        st.session_state[SAID] = ("error", "暂时不能保存。请稍后刷新本页,看是否已经生效,再决定是否重试。")
        return False
    st.session_state[SAID] = ("toast", done)
    return True


def show_said() -> None:
    """Say what came of the last act, once."""
    kind, words = st.session_state.pop(SAID, ("", ""))
    if kind == "toast":
        st.toast(words, icon=":material/check:")
    elif kind:
        getattr(st, kind)(plain(words), icon=":material/error:")


def plain(text: str) -> str:
    """Text that people wrote where Markdown is read: its signs stand as they are."""
    return "".join(f"\\{sign}" if sign in r"\`*_{}[]()<>#+|$:~&" else sign for sign in text)
