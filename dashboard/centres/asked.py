"""What the page of centres is asked for: all of it stands in the URL."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import streamlit as st

from dashboard.centres.gap_words import GAPS
from dashboard.naming import EVERY_NAME, type_name
from dashboard.url_state import Checks, checked, is_code, put
from risk.incident import DISPUTE_TYPES

EVERY = ""
LISTS = {"centres": "中心", "hotspots": "热点距离", "gaps": "缺口"}
BELOW = {"": "本级与下级", "2": "市州中心", "3": "县区中心", "4": "乡镇街道中心", "5": "村社区中心"}
"""Which centres are listed: those of the division and of the divisions just below, or all of a level."""
CHOICES: dict[str, Mapping[str, str]] = {
    "type": {EVERY: EVERY_NAME} | {code: type_name(code) for code in DISPUTE_TYPES},
    "show": LISTS,
    "below": BELOW,
    "gap": {EVERY: "全部缺口"} | GAPS,
}


@dataclass(frozen=True)
class CentresAsked:
    """State of the page; `type` narrows hotspots and gaps."""

    code: str
    type: str = EVERY
    show: str = "centres"
    below: str = ""
    gap: str = EVERY


def read_centres_asked(
    params: Mapping[str, str], *, root: str, known: Callable[[str], bool]
) -> tuple[CentresAsked, list[str]]:
    """Read the URL's parameters; what makes no sense is left at its default and named."""
    checks: Checks = {key: words.__contains__ for key, words in CHOICES.items()} | {"code": is_code(root, known)}
    found, wrong = checked(params, checks)
    return CentresAsked(**({"code": root} | found)), wrong


def write_centres_asked(asked: CentresAsked) -> None:
    """Put the state into the URL; what is at its default stays out of it."""
    put(asked, CentresAsked(code=""))


def go_to_division(asked: CentresAsked, code: str) -> None:
    """Put another division into the URL; the choice of a level ends with it."""
    write_centres_asked(replace(asked, code=code, below=""))


def show_choice(asked: CentresAsked, field: str, *, width: int) -> None:
    """One of the choices as a select box."""
    key, now, words = f"centres-{field}", getattr(asked, field), CHOICES[field]
    st.session_state[key] = now

    def choose() -> None:
        write_centres_asked(replace(asked, **{field: st.session_state[key] or ""}))

    st.selectbox(
        field,
        list(words),
        format_func=words.__getitem__,
        key=key,
        label_visibility="collapsed",
        on_change=choose,
        width=width,
    )


def show_lists(asked: CentresAsked) -> None:
    """Which list stands beside the map."""
    st.session_state["centres-show"] = asked.show

    def choose() -> None:
        write_centres_asked(replace(asked, show=st.session_state["centres-show"] or "centres"))

    st.segmented_control(
        "清单",
        list(LISTS),
        format_func=LISTS.__getitem__,
        key="centres-show",
        label_visibility="collapsed",
        on_change=choose,
        width="content",
    )
