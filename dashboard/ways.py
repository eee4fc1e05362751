"""Ways from one page to another within the session, so that the officer's name and what was opened stay."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import streamlit as st

_PAGES = "pages"
_WAY = "way-to"
MAP = "map"


def keep_pages(pages: Mapping[str, Any]) -> None:
    """Note the pages of this run by their addresses; the page list does it before it runs one."""
    st.session_state[_PAGES] = dict(pages)


def show_way(label: str, page: str, params: Mapping[str, str], *, key: str, **looks: Any) -> None:
    """A button that leads to a page.

    Parameters
    ----------
    page
        Address of the page.
    params
        What it is asked for; empty texts are left out.
    looks
        As for `st.button`: icon, type, shortcut, disabled.
    """
    asked = {name: value for name, value in params.items() if value}
    pages = st.session_state.get(_PAGES, {})
    if page not in pages:
        # A page that runs by itself, without the page list, has its neighbours' addresses only.
        st.link_button(label, address(page, asked), key=key, **looks)
    elif st.button(label, key=key, **looks):
        st.switch_page(pages[page], query_params=asked)


def lead_to(page: str, params: Mapping[str, str]) -> None:
    """Note from a callback, where no page can be left, which page the next run goes to (`follow_way`)."""
    st.session_state[_WAY] = (page, {name: value for name, value in params.items() if value})


def follow_way() -> None:
    """Go where the last callback led to; a page with such callbacks calls it before it shows anything."""
    page, asked = st.session_state.pop(_WAY, (None, {}))
    pages = st.session_state.get(_PAGES, {})
    if page in pages:
        st.switch_page(pages[page], query_params=asked)


def address(page: str, params: Mapping[str, str]) -> str:
    """Link to a page, relative to any other; the map is the page without a name."""
    place = "./" if page == MAP else page
    return f"{place}?{urlencode(params)}" if params else place
