"""Choosing what a letter or whistle is about: area and dispute type, and who may issue it."""

import streamlit as st

from dashboard.letters.screen import LettersScreen
from dashboard.naming import type_name
from dashboard.pool import Pool
from data.letters.settings import Issuer
from geo.divisions import PREFIX_LENGTH, level_of, read_divisions
from risk.incident import DISPUTE_TYPES

FINEST_CHOSEN, FINEST_ISSUER = 4, 4
"""Areas are chosen down to the township; a link may bring a finer one. Centres that issue go down as far."""


def show_area(screen: LettersScreen, key: str, *, start: str = "") -> str:
    """Choose an area of the scope, typed or picked; return its code."""
    codes = area_codes(screen.pool)
    if start and start not in codes:
        codes = [start, *codes]
    st.session_state.setdefault(key, start or screen.scope)
    st.selectbox("区域", codes, format_func=screen.area_name, key=key, width=220)
    return str(st.session_state[key])


def show_type(key: str) -> str:
    """Choose a dispute type; "" for none."""
    kinds = ["", *DISPUTE_TYPES]
    st.selectbox("纠纷类型", kinds, format_func=lambda code: type_name(code) if code else "不限", key=key, width=150)
    return str(st.session_state[key])


def area_codes(pool: Pool) -> list[str]:
    """Codes of the scope and of the divisions below it down to the townships, parents before children."""
    return _area_codes(pool.geography.key, pool.settings.root_code, pool)


@st.cache_data(show_spinner=False, max_entries=8)
def _area_codes(key: str, scope: str, _pool: Pool) -> list[str]:  # noqa: ARG001 - the key
    divisions = read_divisions(_pool.settings.geography)
    chosen = divisions["code"].str.startswith(scope) & (divisions["level"] <= FINEST_CHOSEN)
    return sorted(divisions.loc[chosen, "code"].tolist())


def issuers_of(screen: LettersScreen, area: str) -> dict[str, Issuer]:
    """Centres that may issue a letter about an area, by code: those of the divisions it lies in, one's own first."""
    lengths = [length for level, length in PREFIX_LENGTH.items() if level <= FINEST_ISSUER and length <= len(area)]
    codes = [area[:length] for length in lengths if area[:length].startswith(screen.scope)]
    codes = codes or [screen.scope]
    return {code: screen.settings.issuer_of(code, _issuer_name(screen, code)) for code in codes}


def _issuer_name(screen: LettersScreen, code: str) -> str:
    """A division's own name down to the county; a township's with its county, for townships share names."""
    if level_of(code) >= FINEST_ISSUER:
        return screen.letter_area(code)
    return screen.pool.geography.unit(code).name
