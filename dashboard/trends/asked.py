"""What the trends are asked for: the filter of the map, and what only charts can choose."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace

from dashboard.asked import Asked, read_asked
from dashboard.url_state import Checks, checked
from data.filter import IncidentFilter
from risk.incident import RESOLVED_LEVELS

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
STEPS = {"week": "按周", "day": "按日"}
BASES = {"previous": "比上期", "last_year": "比去年同期"}
ROWS = {"top": "前 8 类", "all": "全部类型"}
CHECKS: Checks = {
    "weekday": [str(at) for at in range(7)].__contains__,
    "hour": [str(at) for at in range(24)].__contains__,
    "settled": RESOLVED_LEVELS.__contains__,
    "step": STEPS.__contains__,
    "base": BASES.__contains__,
    "rows": ROWS.__contains__,
}


@dataclass(frozen=True)
class TrendsAsked(Asked):
    """State of the page.

    `weekday` (0 is Monday) and `hour` of occurrence, and the level that `settled` an incident, are chosen on charts;
    `step`, `base` and `rows` say what charts show.
    """

    weekday: str = ""
    hour: str = ""
    settled: str = ""
    step: str = "week"
    base: str = "previous"
    rows: str = "top"

    def filter(self, *, scope: str, today: dt.date) -> IncidentFilter:
        """The incidents meant."""
        return replace(
            super().filter(scope=scope, today=today),
            weekdays=(int(self.weekday),) if self.weekday else (),
            hours=(int(self.hour),) if self.hour else (),
            resolved_levels=(self.settled,) if self.settled else (),
        )

    @property
    def charted(self) -> list[str]:
        """Words of what was chosen on charts and has no widget among the filters."""
        moment = f"{hour_words(self.weekday, self.hour)}发生" if self.weekday or self.hour else ""
        level = f"{RESOLVED_LEVELS[self.settled]}化解" if self.settled else ""
        return [word for word in (moment, level) if word]

    def words(self) -> list[str]:
        """All filters that are set, in words."""
        return [*super().words(), *self.charted]


def hour_words(weekday: str, hour: str) -> str:
    """`周三 9–10 时`."""
    hours = f"{int(hour)}–{int(hour) + 1} 时" if hour else ""
    return " ".join(part for part in (WEEKDAYS[int(weekday)] if weekday else "", hours) if part)


def read_trends_asked(
    params: Mapping[str, str], *, root: str, known: Callable[[str], bool]
) -> tuple[TrendsAsked, list[str]]:
    """Read the URL's parameters; what makes no sense is left at its default and named."""
    shared, wrong = read_asked(params, root=root, known=known)
    found, more = checked(params, CHECKS)
    return TrendsAsked(**{each.name: getattr(shared, each.name) for each in fields(shared)}, **found), [*wrong, *more]


def without_charted(asked: TrendsAsked) -> TrendsAsked:
    """The state without what was chosen on charts only."""
    return replace(asked, weekday="", hour="", settled="")
