"""What the duty desk is asked for: all of it stands in the URL."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace

from dashboard.url_state import Checks, checked, is_code, put
from data.alerts.life import ACKNOWLEDGED, ASSIGNED, CLOSED, FALSE_ALARM, NEW
from risk.incident import DISPUTE_TYPES

PENDING, EVERY = "", "all"
TABS: dict[str, tuple[str, ...]] = {
    PENDING: (NEW, ACKNOWLEDGED),
    ASSIGNED: (ASSIGNED,),
    CLOSED: (CLOSED,),
    FALSE_ALARM: (FALSE_ALARM,),
    EVERY: (NEW, ACKNOWLEDGED, ASSIGNED, CLOSED, FALSE_ALARM),
}
"""States by tab."""
TAB_WORDS = {PENDING: "待处置", ASSIGNED: "已派单", CLOSED: "已办结", FALSE_ALARM: "误报", EVERY: "全部"}
WHOLE = "whole"
NUMBER = re.compile(r"\w{1,12}-\d{4}-\d{4,8}")


@dataclass(frozen=True)
class AlertsAsked:
    """State of the page.

    `alert` is the number of the one shown; with `show` "whole" it takes the page to itself. `level` is the number of a
    level, 0 the gravest.
    """

    code: str
    type: str = ""
    state: str = PENDING
    level: str = ""
    alert: str = ""
    show: str = ""

    def view(self) -> dict[str, str]:
        """What a saved view keeps: filters, not the alert that happens to be open."""
        kept = ("code", "type", "state", "level")
        return {name: getattr(self, name) for name in kept if getattr(self, name)}

    def narrowed(self, **changed: str) -> "AlertsAsked":
        """Other filters; the alert that was shown need not be among what they find."""
        return replace(self, **(changed | {"alert": "", "show": ""}))


def read_alerts_asked(
    params: Mapping[str, str], *, root: str, known: Callable[[str], bool], levels: int
) -> tuple[AlertsAsked, list[str]]:
    """Read the URL's parameters; what makes no sense is left at its default and named."""
    checks: Checks = {
        "code": is_code(root, known),
        "type": DISPUTE_TYPES.__contains__,
        "state": TABS.__contains__,
        "level": lambda value: value.isascii() and value.isdigit() and int(value[:3]) < levels,
        "alert": lambda value: NUMBER.fullmatch(value) is not None,
        "show": lambda value: value == WHOLE,
    }
    found, wrong = checked(params, checks)
    return AlertsAsked(**({"code": root} | found)), wrong


def of_view(asked: Mapping[str, str], *, root: str, known: Callable[[str], bool], levels: int) -> AlertsAsked:
    """A saved view as it may be asked today; what is no longer there is left out."""
    names = {field.name for field in fields(AlertsAsked)}
    return read_alerts_asked(
        {name: value for name, value in asked.items() if name in names}, root=root, known=known, levels=levels
    )[0]


def write_alerts_asked(asked: AlertsAsked) -> None:
    """Put the state into the URL; what is at its default stays out of it."""
    put(asked, AlertsAsked(code=""))
