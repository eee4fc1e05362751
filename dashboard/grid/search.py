"""The box that finds a grid or village by its code or name."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from dashboard.grid.asked import LENGTHS, VILLAGE, GridAsked, write_grid_asked
from dashboard.naming import division_name
from dashboard.pool import Pool
from geo.divisions import PREFIX_LENGTH, read_divisions

MOST = 20
KEY, CHOICE = "grid-search", "grid-found"


def find_places(pool: Pool, said: str) -> list[str]:
    """Codes of villages and grids: the one with this code, those below a code, or villages whose name holds the text.

    At most `MOST` and one, so that one sees that there are more.
    """
    said, root = said.strip(), pool.settings.root_code
    if said.isascii() and said.isdigit():
        if len(said) in LENGTHS and said.startswith(root) and pool.geography.knows(said):
            return [said]
        codes = _villages(str(pool.settings.geography), pool)["code"]
        return codes[codes.str.startswith(said)].head(MOST + 1).tolist() if len(said) >= PREFIX_LENGTH[3] else []
    if not said:
        return []
    rows = _villages(str(pool.settings.geography), pool)
    # Of 雁南街道 天庆 every part is looked for, in the village's name or in those it lies in.
    for part in said.split():
        rows = rows[rows["words"].str.contains(part, regex=False)]
    own = rows["name"].str.contains(said.split()[-1], regex=False)
    return [*rows[own]["code"], *rows[~own]["code"]][: MOST + 1]


def show_search(pool: Pool, asked: GridAsked) -> None:
    """Show the box, and what it found as buttons."""
    with st.container(key="grid-search-box"):
        said = st.text_input(
            "查找",
            key=KEY,
            max_chars=40,
            placeholder="网格或村的代码、村名、“街道 村名”",
            label_visibility="collapsed",
            icon=":material/search:",
            width=360,
        )
        if not said or not said.strip():
            return
        found = [code for code in find_places(pool, said) if code != asked.code]
        if not found:
            st.caption("没有找到别的网格或村。可输入 12 位(村)或 15 位(网格)代码,或村名的一部分。")
            return
        with st.container(horizontal=True, gap="xsmall"):
            for code in found[:MOST]:
                name = _plain(division_name(pool.geography, code))
                st.button(name, key=f"{CHOICE}-{code}", type="tertiary", on_click=_open, args=(asked, code))
        if len(found) > MOST:
            st.caption(f"只列出前 {MOST} 个,请多写几个字。")


def _open(asked: GridAsked, code: str) -> None:
    st.session_state[KEY] = ""
    write_grid_asked(replace(asked, code=code))


@st.cache_data(max_entries=2, show_spinner=False)
def _villages(folder: str, _pool: Pool) -> pd.DataFrame:  # noqa: ARG001 - the key
    """Villages of the reader: `code`, `name`, and `words`, its name behind those of what it lies in."""
    divisions = read_divisions(_pool.settings.geography)
    names = dict(zip(divisions["code"], divisions["name"], strict=True))
    rows = divisions[(divisions["level"] == VILLAGE) & divisions["code"].str.startswith(_pool.settings.root_code)]
    above = [rows["code"].str.slice(0, PREFIX_LENGTH[level]).map(names).fillna("") for level in (2, 3, 4)]
    return rows[["code", "name"]].assign(words=above[0] + " " + above[1] + " " + above[2] + " " + rows["name"])


def _plain(name: str) -> str:
    """The name where Markdown is read: its signs stand as they are."""
    return "".join(f"\\{sign}" if sign in r"\`*_{}[]()#+-.!|~<>$:" else sign for sign in name)
