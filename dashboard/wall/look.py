"""How the briefing screen looks: always dark, letters in shares of its height, so that one rule serves every wall."""

from html import escape

from dashboard.palette import DARK
from dashboard.viewport import Viewport

TITLE, FIGURE, CHANGE, LIST, SMALL = 4.4, 7.4, 3.2, 2.8, 2.3
"""Heights of letters in hundredths of the screen's height; the smallest are 24.8 px on 1,080."""
PADDING, HEADER, LEGEND, FOOT = 1.4, 7.2, 4.6, 0.6
WIDE_FROM = 2.4
"""Width over height from which a screen has three columns."""
GAP_PIXELS = 16
CSS = f"""<style>
.stApp,.stApp>header,[data-testid=stAppViewContainer]{{background:{DARK.page};color:{DARK.text}}}
[data-testid=stHeader],[data-testid=stToolbar],[data-testid=stStatusWidget],[data-testid=stDecoration],
[data-testid=stConnectionStatus],[data-testid=stDialog]{{display:none!important}}
.stMainBlockContainer{{padding:{PADDING}vh {PADDING}vh 0!important;max-width:none!important}}
.stMainBlockContainer [data-testid=stVerticalBlock]{{gap:0!important}}
[data-testid=stMain]{{overflow:hidden}}
[data-stale=true]{{opacity:1!important;transition:none!important}}
.st-key-wall-keys{{gap:1.2vh!important;padding-top:.6vh}}
.st-key-wall-keys button{{background:{DARK.panel};border:1px solid {DARK.border};color:{DARK.text};
min-height:4.4vh;padding:0 1.4vh}}
.st-key-wall-keys button *{{font-size:{SMALL}vh!important;line-height:1.3}}
</style>"""
"""Streamlit's header and its own words about the connection go; nothing fades while the next scene is drawn."""


def is_wide(viewport: Viewport) -> bool:
    """Whether the screen is as wide as two beside each other."""
    return viewport.width / viewport.height > WIDE_FROM


def columns_of(viewport: Viewport, kind: str) -> list[float]:
    """Shares of the columns' widths: figures, map, lists on a wide screen; else one column and the map."""
    if is_wide(viewport):
        return [1, 2.4, 1.3]
    return [1, 2] if kind == "map" else [5, 6]


def map_size(viewport: Viewport, kind: str) -> tuple[int, int]:
    """Width and height of the map in pixels."""
    shares = columns_of(viewport, kind)
    free = viewport.width - 2 * PADDING * viewport.height / 100 - GAP_PIXELS * (len(shares) - 1)
    return round(free * shares[1] / sum(shares)), round(viewport.height * map_height() / 100)


def map_height() -> float:
    """Height of the map, in hundredths of the screen's."""
    return 100 - PADDING - HEADER - LEGEND - FOOT


def text(words: str, size: float, *, colour: str = DARK.text, weight: int = 400, style: str = "") -> str:
    """HTML of some words on one line."""
    return (
        f'<div style="font-size:{size}vh;line-height:1.3;font-weight:{weight};color:{colour};white-space:nowrap;'
        f'overflow:hidden;text-overflow:ellipsis;{style}">{escape(words)}</div>'
    )


def empty(words: str) -> str:
    """HTML that stands where there is nothing to list."""
    return text(words, LIST, colour=DARK.muted, style="padding:3vh 0;white-space:normal")
