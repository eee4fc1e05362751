"""What the page is asked for: all of it stands in the URL, so that a link, Back and a reload show the same."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dashboard.measures import MAP_MEASURES
from dashboard.url_state import checked, is_code, put
from data.filter import Counting, IncidentFilter, Period
from risk.incident import CHANNELS, DISPUTE_TYPES, SOURCES, STATUSES

WINDOWS = {"7d": "近 7 天", "28d": "近 28 天", "ytd": "今年以来", "custom": "自选"}
SHAPES = {"areas": "区划", "cells": "六边形"}
COUNTINGS = {"incidents": "按事件", "reports": "按件次"}
"""Whether linked reports of one incident count once or each."""
OVERLAYS: dict[str, str] = {}
"""What can be laid over the map, and its word; how it is drawn stands in `map_overlays`."""
CHOICES: dict[str, Mapping[str, str]] = {
    "type": {kind.code: kind.name for kind in DISPUTE_TYPES.values()},
    "source": {source.code: source.name for source in SOURCES.values()},
    "channel": CHANNELS,
    "status": STATUSES,
    "window": WINDOWS,
    "measure": {key: measure.label for key, measure in MAP_MEASURES.items()},
    "shape": SHAPES,
    "counting": COUNTINGS,
}
"""Values that a key of the URL may take, and their words."""


@dataclass(frozen=True)
class Asked:
    """The state of the map page. Empty text means all."""

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

    @property
    def overlays(self) -> list[str]:
        """What is laid over the map."""
        return self.overlay.split(",") if self.overlay else []

    def period(self, today: dt.date) -> Period:
        """The period meant, as of `today`, which is part of it."""
        end = today + dt.timedelta(days=1)
        if self.window == "custom":
            first, last = dt.date.fromisoformat(self.start), dt.date.fromisoformat(self.end)
            return Period(first, last + dt.timedelta(days=1))
        if self.window == "ytd":
            return Period(dt.date(today.year, 1, 1), end)
        return Period(end - dt.timedelta(days=7 if self.window == "7d" else 28), end)

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
    checks |= {"code": is_code(root, known), "start": _is_date, "end": _is_date, "overlay": _are_overlays}
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


def write_asked(asked: Asked) -> None:
    """Put the state into the URL; what is at its default stays out of it."""
    put(asked, Asked(code=""))
