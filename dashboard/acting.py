"""Who acts: until there are accounts, an officer gives a name once a session; acts are noted under it."""

import streamlit as st

NAME_LENGTH = 20
NOT_NAMED = "请先在右上角“处置人”里填写您的姓名,处置会记在您的名下。"
"""Why an act is disabled while nobody has given a name."""
_KEPT, _FIELD = "acting-name", "acting-name-field"


def acting_name() -> str:
    """Name that the officer of this session has given; "" when none was given."""
    return str(st.session_state.get(_KEPT, ""))


def show_acting() -> str:
    """Show a small button that opens a field for the name, and return the name; "" when none was given."""
    name = acting_name()
    label = f"处置人:{_plain(name)}" if name else "填写处置人"
    with st.popover(label, icon=":material/badge:", type="tertiary", width="content", key="acting"):
        # A field's own state goes when a page without it is shown; the name is to last as long as the session.
        st.session_state.setdefault(_FIELD, name)
        st.text_input("处置人姓名", key=_FIELD, max_chars=NAME_LENGTH, on_change=_keep, placeholder="如:王敏")
        st.caption("本次打开期间有效;确认、派单、拟函等都会记下这个姓名和时间。")
    return name


def _keep() -> None:
    st.session_state[_KEPT] = tidy_name(str(st.session_state.get(_FIELD) or ""))


def tidy_name(text: str) -> str:
    """A name on one line without signs that can not be printed, at most `NAME_LENGTH` characters."""
    printed = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(printed.split())[:NAME_LENGTH].rstrip()


def _plain(name: str) -> str:
    """The name where Markdown is read: its signs stand as they are."""
    return "".join(f"\\{sign}" if sign in r"\`*_{}[]()#+-.!|~<>$:" else sign for sign in name)
