"""What grows where: dispute types by the parts of the division, with signed numbers."""

from dataclasses import dataclass
from functools import partial

import pandas as pd

from dashboard.naming import type_name
from dashboard.palette import Palette, ink_on
from dashboard.trends.asked import BASES
from dashboard.trends.chart import PICKED, Chart, Spec, framed, values
from dashboard.trends.screen import TrendsScreen
from dashboard.wording import change_between, count_text, is_missing, map_name, relative_change
from risk.incident import DISPUTE_TYPES

TOP_TYPES = 8
MOST_COLUMNS = 15
ROW_HEIGHT = 25
BREAKS = (-30, -15, -5, 5, 15, 30)
"""Per cent at which the colour changes, as on the map."""
THEN = {"previous": "上期", "last_year": "去年同期"}
ELSEWHERE = "未定到下级"


@dataclass(frozen=True)
class Shown:
    """Rows and columns drawn, most first, and how many are left out."""

    types: list[str]
    codes: list[str]
    more_codes: int


def matrix_chart(screen: TrendsScreen) -> Chart:
    """The chart."""
    now = screen.matrix.current
    before = screen.matrix.previous if screen.asked.base == "previous" else screen.matrix.last_year
    shown, names = _shown(screen, now), _names(screen, list(now.columns))
    counts, base = _by_row(now), _by_row(before)
    rows = [
        _cell(screen, kind, code, (counts[kind][code], base[kind][code])) | {"name": names[code]}
        for kind in shown.types
        for code in shown.codes
    ]
    order = {"types": [type_name(kind) for kind in shown.types], "codes": [names[code] for code in shown.codes]}
    height = max(160, ROW_HEIGHT * len(shown.types) + 40)
    return Chart(
        name="matrix",
        title=f"类型 × {_level_name(screen)}",
        reading=_reading(screen, shown),
        spec=framed(_layers(rows, order, screen.palette), screen.palette, height=height, picks=("kind", "code")),
        alt=_alt(screen, rows),
        table=partial(_download, screen.asked.base, now, before, names),
        picks=("kind", "code"),
    )


def _level_name(screen: TrendsScreen) -> str:
    level = screen.unit.level + 1
    return screen.pool.geography.hierarchy.level_name(level) if len(screen.children) else "本级"


def _names(screen: TrendsScreen, codes: list[str]) -> dict[str, str]:
    """Short names of the columns; equal ones are told apart by their codes."""
    known = dict(zip(screen.children["code"], screen.children["name"], strict=True))
    names = {code: map_name(known[code]) if code in known else code for code in codes}
    names[screen.asked.code] = ELSEWHERE if len(screen.children) else screen.place
    twice = {name for name in names.values() if list(names.values()).count(name) > 1}
    return {code: f"{name}{code[-3:]}" if name in twice else name for code, name in names.items()}


def _shown(screen: TrendsScreen, now: pd.DataFrame) -> Shown:
    by_type = now.sum(axis=1).sort_values(ascending=False, kind="stable")
    types = [str(kind) for kind in by_type.index]
    if screen.asked.rows == "top":
        types = types[:TOP_TYPES]
        if screen.asked.type and screen.asked.type not in types:
            types = [*types[:-1], screen.asked.type]
    by_code = now.sum().sort_values(ascending=False, kind="stable")
    some = [str(code) for code in by_code.index if by_code[code] > 0 or now[code].isna().any()]
    codes = some or [str(code) for code in by_code.index]
    return Shown(types, codes[:MOST_COLUMNS], max(0, len(codes) - MOST_COLUMNS))


def _by_row(table: pd.DataFrame) -> dict[str, dict[str, object]]:
    # Cell by cell out of a table would take half of the page's time.
    rows = table.to_numpy(dtype=object).tolist()
    return {str(kind): dict(zip(table.columns, row, strict=True)) for kind, row in zip(table.index, rows, strict=True)}


def _cell(screen: TrendsScreen, kind: str, code: str, pair: tuple[object, object]) -> Spec:
    current, base = pair
    change = change_between(current, base, then=THEN[screen.asked.base], below=_below(kind))
    percent = relative_change(current, base)
    fill = screen.palette.land
    if percent == percent:  # stated
        fill = screen.palette.change[sum(percent >= limit for limit in BREAKS)]
    return {
        "kind": kind,
        "code": code,
        "type": type_name(kind),
        "signed": _signed(current, base),
        "fill": fill,
        "ink": ink_on(fill),
        "两期": change.both,
        "幅度": change.text,
        "faded": bool(screen.asked.type) and kind != screen.asked.type,
        "framed": kind == screen.asked.type,
    }


def _below(kind: str) -> int:
    return DISPUTE_TYPES[kind].suppress_below


def _signed(current: object, base: object) -> str:
    """`+12`, `−3`, `0`; a dot where one of the two is withheld."""
    if is_missing(current) or is_missing(base):
        return "·"
    change = int(current) - int(base)  # type: ignore[call-overload]
    return f"{'+' if change > 0 else '−' if change < 0 else ''}{abs(change):,}"


def _layers(rows: list[Spec], order: dict[str, list[str]], palette: Palette) -> list[Spec]:
    flat = {"ticks": False, "domain": False, "title": None}
    across = {"orient": "top", "labelAngle": 0 if len(order["codes"]) <= 9 else -35, "labelLimit": 76}
    places = {
        "x": {"field": "name", "type": "ordinal", "sort": order["codes"], "axis": flat | across},
        "y": {"field": "type", "type": "ordinal", "sort": order["types"], "axis": flat | {"labelLimit": 130}},
    }
    names = {"type": "类型", "name": "区划", "两期": "件数", "幅度": "幅度"}
    tooltip = [{"field": field, "type": "nominal", "title": title} for field, title in names.items()]
    faded = {"condition": {"test": "datum.faded", "value": 0.35}, "value": 1}
    return [
        {
            "name": PICKED,
            "data": values(rows),
            "mark": {"type": "rect", "stroke": palette.page, "strokeWidth": 1, "cursor": "pointer"},
            "encoding": places
            | {"color": {"field": "fill", "type": "nominal", "scale": None}, "opacity": faded, "tooltip": tooltip},
        },
        {
            "data": values(rows),
            "mark": {"type": "text", "fontSize": 12},
            "encoding": places
            | {"text": {"field": "signed"}, "color": {"field": "ink", "type": "nominal", "scale": None}},
        },
        {
            "data": values([row for row in rows if row["framed"]]),
            "mark": {"type": "rect", "filled": False, "stroke": palette.text, "strokeWidth": 1.5},
            "encoding": places,
        },
    ]


def _reading(screen: TrendsScreen, shown: Shown) -> str:
    parts = [f"数字:{BASES[screen.asked.base]}增减件数", "颜色:增减 5%、15%、30%,红增蓝减,灰为任一期不足 10 件"]
    if shown.more_codes:
        parts.append(f"另有 {shown.more_codes} 个区划见下载")
    return " · ".join([*parts, "点一格看该类型、该区划"])


def _alt(screen: TrendsScreen, rows: list[Spec]) -> str:
    told = [row for row in rows if row["signed"] not in ("·", "0")]
    if not told:
        return f"{screen.place}各类型与下级区划增减,没有可显示的数"
    most = max(told, key=lambda row: int(row["signed"].replace("+", "").replace("−", "-").replace(",", "")))
    words = f"{most['name']}{most['type']} {most['signed']} 件"
    return f"{screen.place}各类型与下级区划{BASES[screen.asked.base]}增减,增加最多的是{words}"


def _download(base: str, now: pd.DataFrame, before: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """Every type and part, drawn or not."""
    counts, earlier = _by_row(now), _by_row(before)
    return pd.DataFrame(
        [
            {
                "类型": type_name(kind),
                "区划": names[code],
                "区划代码": code,
                "本期": count_text(counts[kind][code], below=_below(kind)),
                THEN[base]: count_text(earlier[kind][code], below=_below(kind)),
                "增减": _signed(counts[kind][code], earlier[kind][code]),
            }
            for kind in now.index
            for code in now.columns
        ]
    )
