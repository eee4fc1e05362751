"""Words and colours of alerts, the same on the list, in the panel and on other pages."""

from html import escape

from dashboard.palette import Palette
from dashboard.wording import is_missing
from data.alerts.life import STATES
from data.alerts.reasons import count_words

LEVEL_FILLS = {
    "light": ("#C92A2A", "#F08C00", "#FFD43B", "#1C6DD0"),
    "dark": ("#D32F2F", "#F08C00", "#FFD43B", "#2472D6"),
}
"""Red, orange, yellow, blue; the word for each stands on it too."""
LEVEL_INKS = ("#FFFFFF", "#1F1300", "#1F1A00", "#FFFFFF")


def level_fill(number: int, palette: Palette) -> str:
    """Colour of a level, the last one for any beyond."""
    fills = LEVEL_FILLS[palette.name]
    return fills[min(number, len(fills) - 1)]


def level_chip(number: int, words: str, palette: Palette) -> str:
    """HTML of a level's label."""
    ink = LEVEL_INKS[min(number, len(LEVEL_INKS) - 1)]
    return (
        f'<span style="background:{level_fill(number, palette)};color:{ink};border-radius:4px;padding:1px 8px;'
        f'font-size:12.5px;font-weight:600;white-space:nowrap">{escape(words)}</span>'
    )


def both_words(dispute_type: str, current: object, previous: object, *, floors: tuple[bool, bool]) -> str:
    """`<5 → 19`: counts of the four weeks before and of the last four."""
    counts = [None if is_missing(value) else int(value) for value in (previous, current)]
    both = zip(counts, (floors[1], floors[0]), strict=True)
    return " → ".join(count_words(count, dispute_type=dispute_type, is_floor=floor) for count, floor in both)


def state_words(state: str) -> str:
    """`已确认`."""
    return STATES[state]
