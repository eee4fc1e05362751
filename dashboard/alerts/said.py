"""What came of the last act, said once at the page's next run."""

import streamlit as st

_SAID = "alerts-said"
_ICONS = {"success": ":material/check:", "warning": ":material/block:", "error": ":material/error:"}


def say(kind: str, words: str) -> None:
    """Note what is to be said: `kind` is success, warning or error."""
    st.session_state[_SAID] = (kind, words)


def show_said() -> None:
    """Say it, once."""
    kind, words = st.session_state.pop(_SAID, ("", ""))
    if kind == "success":
        st.toast(plain(words), icon=_ICONS[kind])
    elif kind:
        getattr(st, kind)(plain(words), icon=_ICONS[kind])


def plain(text: str) -> str:
    """Text that people wrote where Markdown is read: its signs stand as they are."""
    return "".join(f"\\{sign}" if sign in r"\`*_{}[]()<>#+|$:~&" else sign for sign in text)
