"""Charts of the evaluation page: said and come, reliability, coverage."""

from dashboard.palette import Palette
from dashboard.trends.chart import Spec, framed, values
from data.backtests.reading import Result

HEIGHT = 230
WANTED = 0.9
"""Share of outcomes that the 90 % interval promises."""
ALLOWED = (0.87, 0.93)


def weekly_chart(result: Result, palette: Palette) -> Spec:
    """Bars of what came, a line of what had been said at the beginning of each week."""
    rows = [{**row, "at": f"{row['week']}T00:00:00"} for row in result["weekly"]]
    tips = _tips({"week": "自", "expected_count": "说过", "incident_count": "发生"})
    came = {
        "data": values(rows),
        "mark": {"type": "bar", "width": {"band": 0.6}, "color": palette.count[2]},
        "encoding": {"x": _week("at"), "y": _number("incident_count", "件"), "tooltip": tips},
    }
    line = {
        "data": values(rows),
        "mark": {"type": "line", "point": {"size": 30}, "color": palette.text, "strokeWidth": 2},
        "encoding": {"x": _week("at"), "y": _number("expected_count", "件"), "tooltip": tips},
    }
    return framed([came, line], palette, height=HEIGHT)


def reliability_chart(result: Result, palette: Palette) -> Spec:
    """Mean seen against mean expected in ten groups of places and weeks; on the diagonal they agree."""
    rows = result["reliability"]
    # Groups of places that next to nothing is expected of lie at the left edge; a root keeps them apart.
    top = max(max(row["expected"], row["observed"]) for row in rows) or 1.0
    scale = {"type": "sqrt", "domain": [0, top], "nice": False}
    tips = _tips({"expected": "平均预计", "observed": "平均发生", "rows": "行数(地方×周)"})
    diagonal = {
        "data": values([{"expected": 0, "observed": 0}, {"expected": top, "observed": top}]),
        "mark": {"type": "line", "color": palette.muted, "strokeDash": [4, 4]},
        "encoding": {"x": _plain("expected", "平均预计(件)", scale), "y": _plain("observed", "平均发生(件)", scale)},
    }
    points = {
        "data": values(rows),
        "mark": {"type": "point", "filled": True, "size": 70, "color": palette.accent, "opacity": 1},
        "encoding": {
            "x": _plain("expected", "平均预计(件)", scale),
            "y": _plain("observed", "平均发生(件)", scale),
            "tooltip": tips,
        },
    }
    return framed([diagonal, points], palette, height=HEIGHT)


def coverage_chart(result: Result, palette: Palette) -> Spec:
    """Share of outcomes in the 90 % interval, in tenths of places and weeks from little to much expected."""
    rows = [{"tenth": f"{at + 1}", "share": share} for at, share in enumerate(result["coverage_by_decile"])]
    low = min([0.8, *(row["share"] for row in rows)])
    y = {
        "field": "share",
        "type": "quantitative",
        "axis": {"title": None, "format": ".0%", "tickCount": 5, "domain": False, "ticks": False},
        "scale": {"domain": [low, 1.0], "nice": False, "zero": False},
    }
    x = {
        "field": "tenth",
        "type": "ordinal",
        "sort": None,
        "axis": {"title": "预计件数由少到多(十等分)", "labelAngle": 0},
    }
    band = {
        "data": values([{"from": ALLOWED[0], "to": ALLOWED[1]}]),
        "mark": {"type": "rect", "color": palette.better, "opacity": 0.12},
        "encoding": {"y": {**y, "field": "from"}, "y2": {"field": "to"}},
    }
    goal = {
        "data": values([{"share": WANTED}]),
        "mark": {"type": "rule", "color": palette.muted, "strokeDash": [4, 4]},
        "encoding": {"y": y},
    }
    tips = [{"field": "tenth", "title": "第几等分"}, {"field": "share", "format": ".1%", "title": "落入 90% 区间"}]
    points = {
        "data": values(rows),
        "mark": {"type": "point", "filled": True, "size": 70, "color": palette.accent, "opacity": 1},
        "encoding": {"x": x, "y": y, "tooltip": tips},
    }
    return framed([band, goal, points], palette, height=HEIGHT)


def _week(field: str) -> Spec:
    axis = {"format": "%m-%d", "title": None, "grid": False, "labelOverlap": True}
    return {"field": field, "type": "temporal", "axis": axis, "scale": {"padding": 12}}


def _number(field: str, title: str) -> Spec:
    axis = {"title": title, "format": ",d", "tickCount": 5, "domain": False, "ticks": False, "titleAngle": 0}
    axis |= {"titleAlign": "left", "titleY": -8, "titleX": -20}
    return {"field": field, "type": "quantitative", "axis": axis, "scale": {"zero": True, "nice": True}}


def _plain(field: str, title: str, scale: Spec) -> Spec:
    return {"field": field, "type": "quantitative", "scale": scale, "axis": {"title": title, "tickCount": 5}}


def _tips(names: dict[str, str]) -> list[Spec]:
    return [{"field": field, "title": title} for field, title in names.items()]
