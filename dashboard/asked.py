"""What the page is asked for: all of it stands in the URL, so that a link, Back and a reload show the same."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import streamlit as st

from dashboard.measures import MAP_MEASURES
from dashboard.url_state import checked, is_code, put
from data.filter import Counting, IncidentFilter, Period
from risk.incident import CHANNELS, DISPUTE_TYPES, SOURCES, STATUSES

WINDOWS = {"7d": "近 7 天", "28d": "近 28 天", "ytd": "今年以来", "custom": "自选"}
SHAPES = {"areas": "区划", "cells": "六边形"}
COUNTINGS = {"incidents": "按事件", "reports": "按件次"}
"""Whether linked reports of one incident count once or each."""
OVERLAYS: dict[str, str] = {"alerts": "预警", "centres": "综治中心", "letters": "逾期函件"}
"""What can be laid over the map, and its word; how it is drawn stands in `map_overlays`."""
COMPARISONS = {"previous": "上期", "last_year": "去年同期", "custom": "自选"}
"""The period that is shown beside the one asked for."""
CHOICES: dict[str, Mapping[str, str]] = {
    "type": {kind.code: kind.name for kind in DISPUTE_TYPES.values()},
    "source": {source.code: source.name for source in SOURCES.values()},
    "channel": CHANNELS,
    "status": STATUSES,
    "window": WINDOWS,
    "measure": {key: measure.label for key, measure in MAP_MEASURES.items()},
    "shape": SHAPES,
    "counting": COUNTINGS,
    "compare": COMPARISONS,
}
"""Values that a key of the URL may take, and their words."""


DAY = dt.timedelta(days=1)
LENGTHS = {"7d": 7, "28d": 28}
MOVED_ON_THE_MAP = ("code", "measure", "shape", "overlay", "at", "compare", "since")
"""What is changed beside the filters, so that they must look it up when they write the URL."""


@dataclass(frozen=True)
class Asked:
    """The state of the map page. Empty text means all.

    `at` is the last day of the period shown where the time slider stands in the past; `compare` says which period
    stands beside it, `since` its first day where it is chosen freely.
    """

    code: str
    type: str = ""
    source: str = ""
    channel: str = ""
    status: str = ""
    window: str = "28d"
    start: str = ""
    end: str = ""
    measure: str = "count"
    shape: str = "areas"
    counting: Counting = "incidents"
    overlay: str = ""
    at: str = ""
    compare: str = ""
    since: str = ""

    @property
    def overlays(self) -> list[str]:
        """What is laid over the map."""
        return self.overlay.split(",") if self.overlay else []

    def period(self, today: dt.date) -> Period:
        """The period meant, as of `today`, which is part of it."""
        return self.ending(self.last_day(today))

    def last_day(self, today: dt.date) -> dt.date:
        """Last day of the period shown: where the slider stands, at its end the newest."""
        newest = self.newest_day(today)
        return min(dt.date.fromisoformat(self.at), newest) if self.at else newest

    def newest_day(self, today: dt.date) -> dt.date:
        """Last day of the period at the slider's end."""
        return dt.date.fromisoformat(self.end) if self.window == "custom" else today

    def ending(self, last: dt.date) -> Period:
        """The period that ends with the day `last`, as long as the one meant; a year to date begins with its year."""
        if self.window == "ytd":
            return Period(dt.date(last.year, 1, 1), last + DAY)
        if self.window == "custom":
            length = (dt.date.fromisoformat(self.end) - dt.date.fromisoformat(self.start)).days + 1
        else:
            length = LENGTHS[self.window]
        return Period(last + DAY - length * DAY, last + DAY)

    def other_period(self, today: dt.date) -> Period | None:
        """The period beside the one shown, equally long; None where nothing is compared."""
        period = self.period(today)
        if self.compare == "custom":
            first = dt.date.fromisoformat(self.since) if self.since else period.previous.start
            return Period(first, first + period.days * DAY)
        return {"previous": period.previous, "last_year": period.last_year}.get(self.compare)

    def filter(self, *, scope: str, today: dt.date) -> IncidentFilter:
        """The incidents meant."""
        return IncidentFilter(
            scope=scope,
            period=self.period(today),
            division=self.code,
            dispute_types=(self.type,) if self.type else (),
            sources=(self.source,) if self.source else (),
            channels=(self.channel,) if self.channel else (),
            statuses=(self.status,) if self.status else (),
            counting=self.counting,
        )

    @property
    def narrowed(self) -> bool:
        """Whether only some kinds of incidents are asked for."""
        return bool(self.type or self.source or self.channel or self.status)

    def words(self) -> list[str]:
        """The filters that are set, in words."""
        chosen = [
            CHOICES[key][getattr(self, key)] for key in ("type", "source", "channel", "status") if getattr(self, key)
        ]
        counting = [COUNTINGS["reports"]] if self.counting == "reports" else []
        dates = f"{self.start} 至 {self.end}" if self.window == "custom" else WINDOWS[self.window]
        return [*chosen, dates, *counting]


def read_asked(params: Mapping[str, str], *, root: str, known: Callable[[str], bool]) -> tuple[Asked, list[str]]:
    """Read the URL's parameters; what makes no sense is left at its default and named in Chinese.

    Parameters
    ----------
    known
        Says whether a code is a unit of this installation.
    """
    checks = {key: words.__contains__ for key, words in CHOICES.items()}
    checks |= dict.fromkeys(("start", "end", "at", "since"), _is_date)
    checks |= {"code": is_code(root, known), "overlay": _are_overlays}
    found, wrong = checked(params, checks)
    state: dict[str, Any] = {"code": root} | found
    asked = Asked(**state)
    if asked.window == "custom" and not (asked.start and asked.start <= asked.end):
        asked = replace(asked, window="28d", start="", end="")
        wrong.append("window=custom")
    return asked, wrong


def _are_overlays(value: str) -> bool:
    return set(value.split(",")) <= OVERLAYS.keys()


def _is_date(value: str) -> bool:
    try:
        return dt.date(2000, 1, 1) <= dt.date.fromisoformat(value) <= dt.date(2100, 1, 1)
    except ValueError:
        return False


def moved(asked: Asked) -> Asked:
    """The state with what was changed on the map since; filters drawn before that know only the old one."""
    found = {name: st.query_params.get(name, asked.code if name == "code" else "") for name in MOVED_ON_THE_MAP}
    return replace(asked, **{name: value or getattr(Asked(asked.code), name) for name, value in found.items()})


def write_asked(asked: Asked) -> None:
    """Put the state into the URL; what is at its default stays out of it."""
    put(asked, type(asked)(code=""))


def shared_filter(asked: Asked) -> dict[str, str]:
    """Parameters of what pages with a filter have in common, those at their defaults left out."""
    default = Asked(code="")
    given = {each.name: str(getattr(asked, each.name)) for each in fields(Asked)}
    return {name: value for name, value in given.items() if value != str(getattr(default, name))}
