"""What the page of one grid or village is asked for: all of it stands in the URL."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dashboard.url_state import Checks, checked, put
from data.filter import IncidentFilter, Period
from geo.divisions import PREFIX_LENGTH

VILLAGE, GRID = 5, 6
LENGTHS = (PREFIX_LENGTH[VILLAGE], PREFIX_LENGTH[GRID])
WINDOWS = {"28d": "近 28 天", "91d": "近 13 周", "364d": "近 52 周"}
"""Whole weeks, so that a period and the one before have the same weekdays."""


@dataclass(frozen=True)
class GridAsked:
    """State of the page; `code` is "" where the link names no grid or village of the reader's."""

    code: str = ""
    window: str = "91d"

    def period(self, today: dt.date) -> Period:
        """The period meant, as of `today`, which is part of it."""
        end = today + dt.timedelta(days=1)
        return Period(end - dt.timedelta(days=int(self.window.removesuffix("d"))), end)

    def filter(self, *, scope: str, today: dt.date) -> IncidentFilter:
        """The incidents meant."""
        return IncidentFilter(scope, self.period(today), self.code)


def is_place_of_page(root: str, known: Callable[[str], bool]) -> Callable[[str], bool]:
    """Check of a code: a village or grid of this installation inside the reader's own division."""
    return lambda value: len(value) in LENGTHS and value.isascii() and value.startswith(root) and known(value)


def read_grid_asked(
    params: Mapping[str, str], *, root: str, known: Callable[[str], bool]
) -> tuple[GridAsked, list[str]]:
    """Read the URL's parameters; what makes no sense is left at its default and named."""
    checks: Checks = {"code": is_place_of_page(root, known), "window": WINDOWS.__contains__}
    found, wrong = checked(params, checks)
    return GridAsked(**found), wrong


def write_grid_asked(asked: GridAsked) -> None:
    """Put the state into the URL; what is at its default stays out of it."""
    put(asked, GridAsked())
