"""Where one is: the units above as buttons, the unit itself in bold, and one step up by Backspace."""

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard.ways import show_way
from dashboard.wording import table_name
from geo.divisions import PREFIX_LENGTH

UP_KEY = "up"
VILLAGE = 5


def show_breadcrumb(
    path: Sequence[tuple[str, str]], *, go: Callable[[str], None], badges: Callable[[], None] | None = None
) -> None:
    """Buttons of the way to the current unit; behind a village or grid a link to the page with everything about it.

    Parameters
    ----------
    path
        `(code, name)` from the topmost unit that the user may see down to the current one.
    go
        Called with the code that was clicked, in the callback of the button: before the rerun, so that the page is
        drawn once. It sets the URL.
    badges
        Draws what stands behind the path, such as the badge of schematic boundaries.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", width="content"):
        for code, name in path[:-1]:
            st.button(f"{_plain(name)} ›", key=f"crumb-{code}", type="tertiary", on_click=go, args=(code,))
        st.markdown(f"**{_plain(path[-1][1])}**", width="content")
        if len(path[-1][0]) >= PREFIX_LENGTH[VILLAGE]:
            code = path[-1][0]
            show_way("全部情况", "grid", {"code": code}, key="to-grid", type="tertiary", icon=":material/description:")
        if len(path) > 1:
            st.button(
                "上级",
                key=UP_KEY,
                type="tertiary",
                icon=":material/arrow_upward:",
                shortcut="Backspace",
                on_click=go,
                args=(path[-2][0],),
            )
        if badges is not None:
            badges()


def _plain(name: str) -> str:
    """A name from a file as text: Markdown's own signs and HTML mean nothing in it."""
    return "".join(f"\\{sign}" if sign in r"\`*_{}[]()<>#+-.!|$:~&" else sign for sign in table_name(name))
