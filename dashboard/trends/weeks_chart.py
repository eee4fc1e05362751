"""Counts by week or day beside those of a year before, and what is expected of the coming weeks."""

import datetime as dt
from dataclasses import replace
from functools import partial

import pandas as pd

from dashboard.hotspots.chart import nice_top
from dashboard.palette import Palette
from dashboard.trends.chart import PICKED, Chart, Spec, framed, values
from dashboard.trends.forecast import Band
from dashboard.trends.screen import TrendsScreen
from dashboard.wording import count_text, is_missing
from risk.incident import SOURCES

HEIGHT = 232
WEEK = dt.timedelta(days=7)
BAR_WIDTH = 7
FORETOLD_WEEKS = 26
"""How far back the line of what is foretold is drawn where it is not that of all incidents."""


def weeks_chart(screen: TrendsScreen) -> Chart:
    """The chart: a line, or below the county bars with equal grey stubs for small counts."""
    daily = screen.asked.step == "day" and screen.rhythm.days is not None
    table = _daily(screen) if daily else _weekly(screen)
    before = _year_before(table, screen.palette, zero=not screen.is_open)
    # A line lies over last year's, which would be lost behind bars.
    marks = [*before, *_line(table, screen.palette)] if screen.is_open else [*_bars(table, screen.palette), *before]
    layers = [_shade(screen), *marks]
    foretold = None if daily or screen.band is None else _foretold(screen, screen.band)
    if foretold is not None and screen.band is not None:
        layers += _own_line(foretold, screen.palette)
    if screen.band is not None and not daily:
        layers += _forecast(screen.band, screen.palette, zero=not screen.is_open)
    return Chart(
        name="weeks",
        title="每日件数" if daily else "每周件数与预测",
        reading=_reading(screen, daily=daily),
        spec=framed(layers, screen.palette, height=HEIGHT, picks=("start", "end")),
        alt=_alt(screen, table, daily=daily),
        table=partial(_download, screen, table, foretold, daily=daily),
        picks=("start", "end"),
    )


def _weekly(screen: TrendsScreen) -> list[Spec]:
    weeks = screen.rhythm.weeks
    return _rows(screen, weeks["incident_count"], weeks["last_year_count"], WEEK)


def _daily(screen: TrendsScreen) -> list[Spec]:
    days = screen.rhythm.days
    assert days is not None  # noqa: S101 - the caller asked
    return _rows(screen, days, pd.Series(pd.NA, index=days.index, dtype="Int64"), dt.timedelta(days=1))


def _rows(screen: TrendsScreen, counts: pd.Series, before: pd.Series, step: dt.timedelta) -> list[Spec]:
    """`at`, `start`, `end`, `count`, `before` (None = withheld or not told), `stub`, and both as words."""
    top = nice_top(int(counts.max()) if counts.notna().any() else 0)
    return [
        {
            "at": f"{start}T00:00:00",
            "start": start.isoformat(),
            "end": (start + step - dt.timedelta(days=1)).isoformat(),
            "count": None if is_missing(count) else int(count),
            "before": None if is_missing(year) else int(year),
            "stub": top * 0.04,
            "件数": count_text(count, below=screen.below),
            "去年同期": "" if step < WEEK else count_text(year, below=screen.below),
        }
        for start, count, year in zip(counts.index, counts, before, strict=True)
    ]


def _x(field: str = "at") -> Spec:
    axis = {"format": "%m-%d", "title": None, "grid": False, "labelOverlap": True}
    return {"field": field, "type": "temporal", "axis": axis, "scale": {"padding": 6}}


def _y(field: str, *, zero: bool) -> Spec:
    axis = {"title": None, "format": ",d", "tickCount": 5, "domain": False, "ticks": False}
    return {"field": field, "type": "quantitative", "axis": axis, "scale": {"zero": zero, "nice": True}}


def _tooltip() -> list[Spec]:
    names = {"start": "自", "end": "至", "件数": "件数", "去年同期": "去年同期"}
    return [{"field": field, "type": "nominal", "title": title} for field, title in names.items()]


def _shade(screen: TrendsScreen) -> Spec:
    """The period on the page, behind everything."""
    start, end = screen.wanted.period.start, screen.wanted.period.end
    first = min(screen.rhythm.weeks.index[0], start) if screen.asked.step == "week" else start
    row = {"at": f"{max(start, first)}T00:00:00", "until": f"{end - dt.timedelta(days=1)}T00:00:00"}
    return {
        "data": values([row]),
        "mark": {"type": "rect", "color": screen.palette.accent, "opacity": 0.10},
        "encoding": {"x": _x(), "x2": {"field": "until"}},
    }


def _year_before(table: list[Spec], palette: Palette, *, zero: bool) -> list[Spec]:
    told = [row for row in table if row["before"] is not None]
    if not told:
        return []
    mark = {"type": "line", "color": palette.muted, "strokeWidth": 1.2, "strokeDash": [2, 3]}
    return [{"data": values(told), "mark": mark, "encoding": {"x": _x(), "y": _y("before", zero=zero)}}]


def _line(table: list[Spec], palette: Palette) -> list[Spec]:
    data, encoding = values(table), {"x": _x(), "y": _y("count", zero=False)}
    point = {"type": "point", "filled": True, "color": palette.accent, "size": 90, "cursor": "pointer"}
    return [
        {"data": data, "mark": {"type": "line", "color": palette.accent, "strokeWidth": 2}, "encoding": encoding},
        {
            "name": PICKED,
            "data": data,
            "mark": point,
            "encoding": encoding | {"tooltip": _tooltip(), "opacity": {"value": 0.25}},
        },
    ]


def _bars(table: list[Spec], palette: Palette) -> list[Spec]:
    height = {"calculate": "isValid(datum.count) ? datum.count : datum.stub", "as": "height"}
    colour = {
        "condition": {"test": "isValid(datum.count)", "value": palette.accent},
        "value": palette.not_counted,
    }
    mark = {"type": "bar", "width": BAR_WIDTH, "cursor": "pointer"}
    return [
        {
            "name": PICKED,
            "data": values(table),
            "transform": [height],
            "mark": mark,
            "encoding": {
                "x": _x(),
                "y": _y("height", zero=True),
                "color": colour,
                "tooltip": _tooltip(),
            },
        }
    ]


def _foretold(screen: TrendsScreen, band: Band) -> pd.Series | None:
    """Counts of the sources that are foretold where others are on the page too.

    None where there are no others, and below the county, where gaps of withheld weeks would leave no line.
    """
    if set(band.sources) >= set(SOURCES) or not screen.is_open:
        return None
    wanted = replace(screen.wanted, sources=band.sources)
    return screen.reads.series(wanted, steps=FORETOLD_WEEKS, days=7)


def _own_line(series: pd.Series, palette: Palette) -> list[Spec]:
    rows = [
        {"at": f"{start}T00:00:00", "count": int(count)} for start, count in series.items() if not is_missing(count)
    ]
    mark = {"type": "line", "color": palette.accent, "strokeWidth": 1.2, "opacity": 0.8}
    return [{"data": values(rows), "mark": mark, "encoding": {"x": _x(), "y": _y("count", zero=False)}}]


def _forecast(band: Band, palette: Palette, *, zero: bool) -> list[Spec]:
    """The mean week of four as a dashed line in its band, the next week as a dot in its interval."""
    first = band.as_of + dt.timedelta(days=1)
    mean, low, high = (value / 4 for value in band.month)
    ends = [first, first + 3 * WEEK]
    four = [{"at": f"{end}T00:00:00", "count": mean, "low": low, "high": high} for end in ends]
    expected, least, most = band.week
    words = f"{expected:,.0f} 件,90% 区间 {least:,.0f}–{most:,.0f}"
    one = [{"at": f"{first}T00:00:00", "count": expected, "low": least, "high": most, "预计": words}]
    x, y = _x(), _y("count", zero=zero)
    low_high = {"y": _y("low", zero=zero), "y2": {"field": "high"}}
    tip = {"tooltip": [{"field": "预计", "type": "nominal", "title": "未来 1 周"}]}
    colour = {"color": palette.accent}
    return [
        {"data": values(four), "mark": {"type": "area", "opacity": 0.22, **colour}, "encoding": {"x": x, **low_high}},
        {
            "data": values(four),
            "mark": {"type": "line", "strokeDash": [5, 4], "strokeWidth": 2, **colour},
            "encoding": {"x": x, "y": y},
        },
        {"data": values(one), "mark": {"type": "rule", "strokeWidth": 2, **colour}, "encoding": {"x": x, **low_high}},
        {
            "data": values(one),
            "mark": {"type": "point", "shape": "diamond", "filled": True, "size": 70, **colour},
            "encoding": {"x": x, "y": y, **tip},
        },
    ]


def _reading(screen: TrendsScreen, *, daily: bool) -> str:
    if daily:
        return "底色:所选时段 · 点一天只看这一天"
    parts = ["实线:本年" if screen.is_open else "柱:本年", "点线:去年同期", "底色:所选时段"]
    if screen.is_open:
        parts.append("纵轴不从 0 起")
    else:
        parts.append(f"浅灰:1–{screen.below - 1} 件,不显示具体数")
    band = screen.band
    if band is None:
        return " · ".join([*parts, "点一周只看这一周", f"未画预测:{screen.no_band}"])
    parts += ["虚线:未来 4 周平均每周,浅带为 90% 区间", "菱形:未来 1 周"]
    if band.summed:
        parts.append("区间由各下级相加,偏宽")
    missing = [source.name for code, source in SOURCES.items() if code not in band.sources]
    if missing:
        thin = "细线:不含" if screen.is_open else "预测不含"
        parts.append(f"{thin}{'、'.join(missing)}{',预测按此口径' if screen.is_open else ''}")
    return " · ".join(parts)


def _alt(screen: TrendsScreen, table: list[Spec], *, daily: bool) -> str:
    step = "天" if daily else "周"
    last, told = table[-1], [row["count"] for row in table if row["count"] is not None]
    most = f",最多 {max(told):,} 件" if told else ""
    ahead = "" if screen.band is None or daily else f",未来 1 周预计 {screen.band.week[0]:,.0f} 件"
    return f"{screen.place}近 {len(table)} {step}件数,最近一{step} {last['件数']} 件{most}{ahead}"


def _download(screen: TrendsScreen, table: list[Spec], foretold: pd.Series | None, *, daily: bool) -> pd.DataFrame:
    rows = pd.DataFrame(table)[["start", "end", "件数"] + ([] if daily else ["去年同期"])].rename(
        columns={"start": "自", "end": "至"}
    )
    if foretold is not None:
        told = {start.isoformat(): count_text(count, below=screen.below) for start, count in foretold.items()}
        rows = rows.assign(预测口径件数=[told.get(start, "") for start in rows["自"]])
    if screen.band is None or daily:
        return rows
    band, first = screen.band, screen.band.as_of + dt.timedelta(days=1)
    ahead = [
        {
            "自": first.isoformat(),
            "至": (first + weeks * WEEK - dt.timedelta(days=1)).isoformat(),
            "预计件数": f"{expected:.1f}",
            "90%区间": f"{low:.0f}–{high:.0f}",
        }
        for weeks, (expected, low, high) in ((1, band.week), (4, band.month))
    ]
    return pd.concat([rows, pd.DataFrame(ahead)], ignore_index=True).fillna("")
