"""What a click on a chart does to the URL: it narrows the page, and the same click again takes that back."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from dashboard.trends.asked import TrendsAsked

Picked = Mapping[str, Any]


def picked(chart: str, asked: TrendsAsked, datum: Picked) -> TrendsAsked:
    """The state after a click on a datum of a chart."""
    return PICKS[chart](asked, datum)


def _week(asked: TrendsAsked, datum: Picked) -> TrendsAsked:
    start, end = str(datum["start"]), str(datum["end"])
    if (asked.window, asked.start, asked.end, asked.at) == ("custom", start, end, ""):
        return replace(asked, window="28d", start="", end="")
    return replace(asked, window="custom", start=start, end=end, at="")


def _hour(asked: TrendsAsked, datum: Picked) -> TrendsAsked:
    weekday, hour = str(datum["weekday"]), str(datum["hour"])
    if (asked.weekday, asked.hour) == (weekday, hour):
        return replace(asked, weekday="", hour="")
    return replace(asked, weekday=weekday, hour=hour)


def _cell(asked: TrendsAsked, datum: Picked) -> TrendsAsked:
    kind, code = str(datum["kind"]), str(datum["code"])
    if (asked.type, asked.code) == (kind, code):
        return replace(asked, type="")
    return replace(asked, type=kind, code=code)


def _one(field: str) -> Callable[[TrendsAsked, Picked], TrendsAsked]:
    def choose(asked: TrendsAsked, datum: Picked) -> TrendsAsked:
        code = str(datum["code"])
        return replace(asked, **{field: "" if getattr(asked, field) == code else code})

    return choose


PICKS: dict[str, Callable[[TrendsAsked, Picked], TrendsAsked]] = {
    "weeks": _week,
    "hours": _hour,
    "matrix": _cell,
    "levels": _one("settled"),
    "channels": _one("channel"),
    "sources": _one("source"),
    "statuses": _one("status"),
}
"""By name of the chart."""
