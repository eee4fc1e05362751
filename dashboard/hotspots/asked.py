"""What the hotspot page is asked for: all of it stands in the URL."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dashboard.hotspots.classes import COLD, HOT, class_name
from dashboard.url_state import Checks, checked, is_code, is_place, put
from data.assessments.reading import HotspotFilter
from data.layers import LAYERS
from risk.incident import DISPUTE_TYPES, SOURCES

LAYER_WORDS = {
    "city": "市州",
    "county": "县区",
    "township": "乡镇街道",
    "village": "村社区",
    "grid": "网格",
    "cell5": "六边形 5 级",
    "cell6": "六边形 6 级",
    "cell7": "六边形 7 级",
    "cell8": "六边形 8 级",
    "cell9": "六边形 9 级",
}
SINCE_WORDS = {"": "不限时段", "4": "近 4 周出现", "13": "近 13 周出现", "26": "近 26 周出现"}
"""Weeks before the end of the run in which a hotspot's unbroken run has begun."""
EVERY_TYPE, TOTAL = "", "total"
"""All types listed side by side, and all types counted together."""
KINDS = {"hot": "全部热点", "cold": "全部冷点"} | {str(kind): class_name(kind) for kind in (*HOT, *COLD)}


@dataclass(frozen=True)
class HotspotAsked:
    """State of the page.

    `since` is a key of SINCE_WORDS; `place` and `of` name the selected hotspot: its code, and its type as in `type`.
    """

    code: str
    type: str = EVERY_TYPE
    level: str = "township"
    kind: str = "hot"
    source: str = ""
    since: str = ""
    run: str = ""
    place: str = ""
    of: str = ""

    @property
    def classes(self) -> tuple[int, ...]:
        """Classes asked for."""
        return {"hot": HOT, "cold": COLD}.get(self.kind) or (int(self.kind),)

    @property
    def sources(self) -> tuple[str, ...]:
        """Sources asked for; empty: all."""
        return (self.source,) if self.source else ()

    def filter(self, *, scope: str) -> HotspotFilter:
        """The hotspots meant, of all types: the numbers beside the types need them all."""
        run_id = int(self.run) if self.run else None
        return HotspotFilter(scope, self.level, self.code, classes=self.classes, run_id=run_id)


def read_hotspot_asked(
    params: Mapping[str, str], *, root: str, known: Callable[[str], bool]
) -> tuple[HotspotAsked, list[str]]:
    """Read the URL's parameters; what makes no sense is left at its default and named."""
    checks: Checks = {
        "code": is_code(root, known),
        "type": lambda value: value == TOTAL or value in DISPUTE_TYPES,
        "of": lambda value: value == TOTAL or value in DISPUTE_TYPES,
        "level": LAYERS.__contains__,
        "kind": KINDS.__contains__,
        "source": SOURCES.__contains__,
        "since": SINCE_WORDS.__contains__,
        "run": lambda value: value.isascii() and value.isdigit() and len(value) < 12,
        "place": is_place,
    }
    found, wrong = checked(params, checks)
    return HotspotAsked(**({"code": root} | found)), wrong


def write_hotspot_asked(asked: HotspotAsked) -> None:
    """Put the state into the URL; what is at its default stays out of it."""
    put(asked, HotspotAsked(code=""))
