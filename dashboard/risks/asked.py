"""What the risk page is asked for: all of it stands in the URL."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dashboard.url_state import Checks, checked, is_code, is_place, put
from data.forecasts.order import LAYERS
from data.forecasts.reading import ForecastFilter
from risk.incident import DISPUTE_TYPES

LAYER_WORDS = {
    "city": "市州",
    "county": "县区",
    "township": "乡镇街道",
    "village": "村社区",
    "grid": "网格",
    "cell6": "六边形 6 级",
    "cell7": "六边形 7 级",
    "cell8": "六边形 8 级",
}
TOTAL = ""
"""All dispute types together."""


@dataclass(frozen=True)
class RiskAsked:
    """State of the page. `place` names the selected place by its code."""

    code: str
    type: str = TOTAL
    level: str = "township"
    place: str = ""

    def filter(self, *, scope: str, run_id: int | None) -> ForecastFilter:
        """The forecasts meant."""
        return ForecastFilter(scope, self.level, self.code, self.type, run_id)


def read_risk_asked(
    params: Mapping[str, str], *, root: str, known: Callable[[str], bool]
) -> tuple[RiskAsked, list[str]]:
    """Read the URL's parameters; what makes no sense is left at its default and named."""
    checks: Checks = {
        "code": is_code(root, known),
        "type": DISPUTE_TYPES.__contains__,
        "level": LAYERS.__contains__,
        "place": is_place,
    }
    found, wrong = checked(params, checks)
    return RiskAsked(**({"code": root} | found)), wrong


def write_risk_asked(asked: RiskAsked) -> None:
    """Put the state into the URL; what is at its default stays out of it."""
    put(asked, RiskAsked(code=""))
