"""When disputes occur: weekday by hour."""

from functools import partial

import pandas as pd

from dashboard.hotspots.chart import nice_top
from dashboard.palette import Palette
from dashboard.trends.asked import WEEKDAYS
from dashboard.trends.chart import FAINT, PICKED, Chart, Spec, framed, values
from dashboard.trends.screen import TrendsScreen
from dashboard.wording import count_text, is_missing

HEIGHT = 232


def hours_chart(screen: TrendsScreen) -> Chart:
    """The chart."""
    hours = screen.rhythm.hours
    counts = hours.to_numpy(dtype=object)
    rows = [_cell(screen, weekday, hour, counts[weekday, hour]) for weekday in range(7) for hour in range(24)]
    top = nice_top(max((row["count"] for row in rows if row["count"] is not None), default=0))
    withheld = any(row["count"] is None for row in rows)
    layers = [_rects(rows, screen.palette, top), *([_stubs(rows, screen.palette)] if withheld else [])]
    layers.append(_frame(rows, screen.palette))
    return Chart(
        name="hours",
        title="星期 × 时段",
        reading=_reading(screen, withheld=withheld),
        spec=framed(layers, screen.palette, height=HEIGHT, picks=("weekday", "hour")),
        alt=_alt(screen, rows),
        table=partial(_download, rows),
        picks=("weekday", "hour"),
    )


def _cell(screen: TrendsScreen, weekday: int, hour: int, count: object) -> Spec:
    asked = screen.asked
    chosen = bool(asked.weekday or asked.hour)
    here = asked.weekday in ("", str(weekday)) and asked.hour in ("", str(hour))
    return {
        "weekday": weekday,
        "day": WEEKDAYS[weekday],
        "hour": hour,
        "count": None if is_missing(count) else int(count),  # type: ignore[call-overload]
        "件数": count_text(count, below=screen.below),
        "faded": chosen and not here,
        "framed": chosen and here,
    }


def _places() -> Spec:
    hours = {"title": None, "labelAngle": 0, "values": list(range(0, 24, 3)), "labelExpr": "datum.value + '时'"}
    flat = {"ticks": False, "domain": False}
    return {
        "x": {"field": "hour", "type": "ordinal", "axis": hours | flat},
        "y": {"field": "day", "type": "ordinal", "sort": list(WEEKDAYS), "axis": {"title": None} | flat},
    }


def _rects(rows: list[Spec], palette: Palette, top: int) -> Spec:
    legend = {"orient": "bottom", "title": "件", "titleOrient": "left", "direction": "horizontal", "symbolSize": 140}
    scale = {"type": "quantize", "domain": [0, top], "range": list(palette.count)}
    colour = {"field": "count", "type": "quantitative", "scale": scale, "legend": legend | {"format": ",d"}}
    names = {"day": "星期", "hour": "时", "件数": "件数"}
    return {
        "name": PICKED,
        "data": values(rows),
        "mark": {"type": "rect", "stroke": palette.page, "strokeWidth": 1, "cursor": "pointer"},
        "encoding": _places()
        | {
            "color": {"condition": {"test": "!isValid(datum.count)", "value": palette.not_counted}, **colour},
            "opacity": {"condition": {"test": "datum.faded", "value": FAINT}, "value": 1},
            "tooltip": [{"field": field, "type": "nominal", "title": title} for field, title in names.items()],
        },
    }


def _stubs(rows: list[Spec], palette: Palette) -> Spec:
    mark = {"type": "text", "fontSize": 9, "color": palette.muted}
    small = [row for row in rows if row["count"] is None]
    return {"data": values(small), "mark": mark, "encoding": _places() | {"text": {"field": "件数"}}}


def _frame(rows: list[Spec], palette: Palette) -> Spec:
    """What is chosen, framed: opacity alone is easily missed."""
    mark = {"type": "rect", "filled": False, "stroke": palette.text, "strokeWidth": 2}
    return {"data": values([row for row in rows if row["framed"]]), "mark": mark, "encoding": _places()}


def _reading(screen: TrendsScreen, *, withheld: bool) -> str:
    parts = ["所选时段内按发生时间", "点一格筛选,再点取消"]
    return " · ".join([*parts, f"灰格:少于 {screen.below} 件等,不显示"] if withheld else parts)


def _alt(screen: TrendsScreen, rows: list[Spec]) -> str:
    most = max(rows, key=lambda row: row["count"] or 0)
    if not most["count"]:
        return f"{screen.place}星期与时段分布,没有可显示的数"
    return f"{screen.place}星期与时段分布,最多在{most['day']} {most['hour']} 时,{most['count']:,} 件"


def _download(rows: list[Spec]) -> pd.DataFrame:
    return pd.DataFrame([{"星期": row["day"], "时段": f"{row['hour']} 时", "件数": row["件数"]} for row in rows])
