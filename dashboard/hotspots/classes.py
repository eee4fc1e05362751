"""Colours, characters and words of the seventeen emerging classes; one set for both themes, so people learn it once."""

from html import escape

from dashboard.palette import Palette, ink_on, rgb
from risk.emerging import CLASS_NAMES, EmergingClass

HOT_COLOURS = ("#FB246D", "#D0531F", "#983E70", "#B40B06", "#F79970", "#F9D312", "#E88611", "#737258")
COLD_COLOURS = ("#58BEFD", "#738AB7", "#134EA1", "#4E33FC", "#96B1C3", "#82CFB0", "#5D998C", "#9076F1")
COLOURS: dict[int, str] = dict(enumerate(HOT_COLOURS, start=1)) | {
    -kind: colour for kind, colour in enumerate(COLD_COLOURS, start=1)
}
"""Colour by class; in the order 新增 连续 加剧 持续 减弱 零星 振荡 历史."""
HOT = tuple(range(1, 9))
COLD = tuple(-kind for kind in HOT)
PLATE = "#10151A"
"""Ground of a class's first character, so that it reads on every one of the colours."""


def class_name(kind: int) -> str:
    """新增热点, …"""
    return CLASS_NAMES[EmergingClass(kind)]


def class_letter(kind: int) -> str:
    """First character of a class: colour never stands alone."""
    return class_name(kind)[0] if kind else ""


def class_colour(kind: int, palette: Palette) -> str:
    """Fill of a class; no pattern has the theme's own grey."""
    return COLOURS.get(kind, palette.no_pattern)


def class_expression(field: str, palette: Palette) -> str:
    """Expression of deck.gl that gives the colour of the class in a field; see `dashboard.layers.class_colour`."""
    tests = [f"{field}=={kind}?{rgb(colour)}:" for kind, colour in COLOURS.items()]
    return f"{''.join(tests)}{rgb(palette.no_pattern)}"


def class_chip(kind: int, palette: Palette) -> str:
    """HTML: the coloured square with the character, and the name."""
    colour = class_colour(kind, palette)
    return f"{_square(kind, palette)} <span>{escape(class_name(kind))}</span>" if colour else ""


def _square(kind: int, palette: Palette, *, width: int = 20) -> str:
    colour = class_colour(kind, palette)
    return (
        f'<span style="display:inline-flex;align-items:center;justify-content:center;width:{width}px;height:16px;'
        f"border-radius:3px;background:{colour};color:{ink_on(colour)};font-size:11px;font-weight:700;"
        f'box-shadow:inset 0 0 0 1px {palette.city_line}">{class_letter(kind)}</span>'
    )


def class_legend_html(palette: Palette, *, cold: bool, greyed: str = "不统计") -> str:
    """HTML of the legend's rows: 热点 and, if they are shown, 冷点; each swatch carries its character."""
    rows = [("热点", HOT, "无明显模式", palette.no_pattern)]
    if cold:
        rows.append(("冷点", COLD, greyed, palette.not_counted))
    lines = []
    for title, kinds, last, grey in rows:
        chips = [
            f'<span style="{_ROW};gap:6px">{_square(kind, palette)}{class_name(kind)[:2]}</span>' for kind in kinds
        ]
        box = f"display:inline-block;width:20px;height:14px;border-radius:3px;background:{grey};"
        chips.append(
            f'<span style="{_ROW};gap:6px"><span style="{box}box-shadow:inset 0 0 0 1px {palette.city_line}"></span>'
            f"{last}</span>"
        )
        note = '<span style="margin-left:auto;opacity:.75">字为类别首字</span>' if title == "热点" else ""
        lines.append(
            f'<div style="{_ROW};flex-wrap:wrap;gap:2px 14px;min-height:22px"><b style="font-weight:600">{title}</b>'
            f"{''.join(chips)}{note}</div>"
        )
    return f'<div style="font-size:12px;line-height:20px;color:{palette.text}">{"".join(lines)}</div>'


_ROW = "display:flex;align-items:center;white-space:nowrap"
