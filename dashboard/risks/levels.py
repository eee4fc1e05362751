"""Colours of the levels of risk; the word always stands beside them."""

from dashboard.palette import Palette

LABELS = {
    "light": ("#C92A2A", "#F08C00", "#FFD43B", "#1C6DD0"),
    "dark": ("#D32F2F", "#F08C00", "#FFD43B", "#2472D6"),
}
"""Red, orange, yellow, blue of labels and table cells."""
FILLS = {
    "light": ("#C92A2A", "#F08C00", "#FFD43B", "#C3D8F0"),
    "dark": ("#D32F2F", "#F08C00", "#F5CF4A", "#1F4770"),
}
"""The same on the map, where the lowest asks for little attention."""


def label_colour(level: int, levels: int, palette: Palette) -> str:
    """Colour of a label: `level` is the number of the level, 0 the gravest of `levels`."""
    return _of(LABELS[palette.name], level, levels)


def map_colour(level: int, levels: int, palette: Palette) -> str:
    """Colour of a place on the map."""
    return _of(FILLS[palette.name], level, levels)


def _of(colours: tuple[str, ...], level: int, levels: int) -> str:
    """The last level is blue however many there are; of those between, all beyond the third are yellow."""
    return colours[-1] if level >= levels - 1 else colours[min(level, len(colours) - 2)]
