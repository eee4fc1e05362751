"""The colours of both themes, as data.

Red is kept for risk and for "got worse": amounts are teal, rates violet, change runs from blue to red. Every
ramp was chosen so that neighbouring classes stay apart under normal, deuteranope and protanope vision; the
tests hold it to that. The tokens that Streamlit itself paints with are in `.streamlit/config.toml` and must
agree.
"""

from dataclasses import dataclass

DARK_INK = "#16202B"
WHITE = "#FFFFFF"


@dataclass(frozen=True)
class Palette:
    """Colours of one theme as `#RRGGBB`; ramps run from low to high, `change` from fewer to more."""

    name: str
    page: str
    panel: str
    text: str
    muted: str
    border: str
    accent: str
    worse: str
    better: str
    late: str
    more: str
    fewer: str
    sea: str
    land: str
    no_pattern: str
    not_counted: str
    province_line: str
    city_line: str
    county_line: str
    count: tuple[str, ...]
    rate: tuple[str, ...]
    change: tuple[str, ...]


LIGHT = Palette(
    name="light",
    page="#FFFFFF",
    panel="#F4F6F8",
    text="#1B2430",
    muted="#5A6673",
    border="#DDE3E9",
    accent="#0F6E78",
    worse="#A61B1B",
    better="#0B6A43",
    late="#8F4700",
    more="#C92A2A",
    fewer="#1553A6",
    sea="#F3F5F7",
    land="#E9EDF1",
    no_pattern="#E4E8ED",
    not_counted="#D3D9DF",
    province_line="#46525E",
    city_line="#7E8B98",
    county_line="#B9C3CC",
    count=("#DCEBEC", "#A8CFD3", "#74B2BB", "#3E93A3", "#287187", "#19516B", "#0F3350"),
    rate=("#EBE6F3", "#CFC2E2", "#B49DD1", "#9A78BF", "#7C56A6", "#5E3988", "#3F1F66"),
    change=("#1B4F9C", "#5B8BD0", "#AFC8EA", "#EDEFF2", "#F3BBA6", "#DB6B52", "#A3202B"),
)

DARK = Palette(
    name="dark",
    page="#0F151B",
    panel="#18212A",
    text="#E6EBF0",
    muted="#9AA8B5",
    border="#2A3540",
    accent="#4FC3C7",
    worse="#FF9C9C",
    better="#74D8A8",
    late="#FFB866",
    more="#FF9C9C",
    fewer="#8FC1FF",
    sea="#0B1015",
    land="#18212A",
    no_pattern="#26313B",
    not_counted="#2F3942",
    province_line="#A9B6C2",
    city_line="#5C6B79",
    county_line="#36434F",
    count=("#15313D", "#1B4959", "#226575", "#267C8A", "#53A9AC", "#8FCEC5", "#D3F3E2"),
    rate=("#2A2140", "#413164", "#5B448A", "#7A5BB0", "#9D7DCA", "#C2A7E0", "#EBD9F7"),
    change=("#7FB2FF", "#3F76C4", "#274A77", "#2B343D", "#7A3A33", "#BA5039", "#FF9A76"),
)


def of_theme(theme: str | None) -> Palette:
    """Palette of a theme type as Streamlit names it; light while the browser has not told yet."""
    return DARK if theme == "dark" else LIGHT


def rgb(colour: str) -> list[int]:
    """`#RRGGBB` as three integers 0-255, the form deck.gl takes."""
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def luminance(colour: str) -> float:
    """Relative luminance 0-1 of WCAG 2.2."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in rgb(colour))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio 1-21 of WCAG 2.2, the order of the two does not matter."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def ink_on(fill: str) -> str:
    """The text colour that reads better on a fill: dark ink or white."""
    return DARK_INK if contrast(DARK_INK, fill) >= contrast(WHITE, fill) else WHITE
