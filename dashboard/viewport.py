"""How large the browser's window is, so that heights and the fit of the map are exact without CSS."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

KEY = "vp"
_JS = """
export default function ({ setStateValue }) {
  let last = "", timer = 0
  const tell = () => {
    const now = `${window.innerWidth}x${window.innerHeight}`
    if (now !== last) { last = now; setStateValue("size", now) }
  }
  const later = () => { clearTimeout(timer); timer = setTimeout(tell, 300) }
  tell()
  window.addEventListener("resize", later)
  return () => { clearTimeout(timer); window.removeEventListener("resize", later) }
}
"""
# The block's own padding is wider than a map page wants; the size component takes no room of its own. The tools of
# tables speak English only, and their CSV would say neither what it is of nor when and by whom it was taken out.
CSS = (
    "<style>.stMainBlockContainer{padding-inline:1.25rem}"
    "[data-testid=stLayoutWrapper]:has(>.st-key-vp){position:absolute}"
    "[data-testid=stDataFrame] [data-testid=stElementToolbar]{display:none}</style>"
)


@dataclass(frozen=True)
class Viewport:
    """Window size in CSS pixels, and the sizes that follow from it."""

    width: int = 1600
    height: int = 900
    known: bool = False

    @property
    def narrow(self) -> bool:
        """Whether the ranking must do without bar and rate."""
        return self.width < 1500

    @property
    def map_width(self) -> int:
        """Width of a map that takes 2/3 of the page: without paddings, and the 14 px between the columns."""
        return round((self.width - 40 - 14) * 2 / 3)

    def map_height(self, *, taken: int = 0) -> int:
        """Height of the map; `taken` is what banners, notes or a second legend row need (60, 44, 22)."""
        return max(240, self.height - 268 - taken)

    def ranking_height(self, *, taken: int = 0) -> int:
        """Height left for the ranking beside the map."""
        return max(186, self.height - 370 - taken)


def read_size(size: object) -> Viewport:
    """The viewport of the text `1366x768`; 1600 x 900 while unknown (first run, tests) or unreadable."""
    try:
        width, height = (int(side) for side in str(size).split("x"))
    except ValueError:
        return Viewport()
    return Viewport(width, height, known=True) if min(width, height) >= 200 else Viewport()


@st.cache_resource(show_spinner=False)
def _component() -> Any:
    return st.components.v2.component("viewport", js=_JS)


def measure_viewport() -> Viewport:
    """Mount the size component and read it; a rerun follows by itself when the size becomes known or changes."""
    st.html(CSS)
    with st.container(key=KEY):
        result = _component()(key="viewport", on_size_change=lambda: None)
    return read_size(result.get("size"))
