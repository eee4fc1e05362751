"""What can be laid over any picture of the map: chosen in the URL's `overlay`, several with commas between."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pydeck as pdk
import streamlit as st

from dashboard.alerts.overlay import alert_overlay
from dashboard.asked import OVERLAYS, Asked, write_asked
from dashboard.centres.overlay import centre_overlay
from dashboard.letters.overlay import overdue_overlay
from dashboard.map.screen import GRID, Screen


@dataclass(frozen=True)
class Overlay:
    """Layers above the picture, bottom first, and the one line that explains them ("" for none)."""

    layers: list[pdk.Layer]
    legend: str = ""


def _centres(screen: Screen) -> Overlay:
    return Overlay(*centre_overlay(screen.pool, screen.unit, screen.palette))


def _letters(screen: Screen) -> Overlay:
    return Overlay(*overdue_overlay(screen.pool, screen.unit, screen.palette))


def _alerts(screen: Screen) -> Overlay:
    return Overlay(*alert_overlay(screen.pool, screen.unit, screen.palette))


DRAWN: Mapping[str, Callable[[Screen], Overlay]] = {"centres": _centres, "letters": _letters, "alerts": _alerts}
"""How each overlay of `asked.OVERLAYS` is drawn, bottom first; it is given the screen and keeps to its scope."""

KEY = "choose-overlay"


def read_overlays(screen: Screen) -> list[Overlay]:
    """The overlays that the URL asks for, in the order in which they are drawn."""
    chosen = screen.asked.overlays
    return [draw(screen) for key, draw in DRAWN.items() if key in chosen]


def show_overlay_choice(screen: Screen, *, as_menu: bool) -> None:
    """Buttons to lay over and take away, or one that opens them; nothing where there is nothing to lay over."""
    if not DRAWN or screen.unit.level >= GRID:
        return
    chosen = len(screen.asked.overlays)
    if not as_menu:
        _show_choice(screen)
        return
    with st.popover(f"叠加 {chosen}" if chosen else "叠加", width="content", key="overlay-menu"):
        _show_choice(screen)


def _show_choice(screen: Screen) -> None:
    st.session_state[KEY] = [key for key in DRAWN if key in screen.asked.overlays]
    st.pills(
        "叠加",
        [key for key in OVERLAYS if key in DRAWN],
        selection_mode="multi",
        format_func=OVERLAYS.__getitem__,
        key=KEY,
        label_visibility="collapsed",
        width="content",
        on_change=_choose,
        args=(screen.asked,),
    )


def show_overlay_legend(overlays: list[Overlay]) -> None:
    """One line for all of them."""
    lines = [overlay.legend for overlay in overlays if overlay.legend]
    if lines:
        st.caption("叠加:" + " · ".join(lines))


def _choose(asked: Asked) -> None:
    chosen = [key for key in DRAWN if key in st.session_state[KEY]]
    write_asked(replace(asked, overlay=",".join(chosen)))
