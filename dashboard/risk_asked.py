"""What the risk page is asked for: all of it stands in the URL."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields

import streamlit as st

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
    checks: dict[str, Callable[[str], bool]] = {
        "code": lambda value: value.startswith(root) and known(value),
        "type": DISPUTE_TYPES.__contains__,
        "level": LAYERS.__contains__,
        "place": lambda value: value.isascii() and value.isalnum() and len(value) <= 16,
    }
    found, wrong = {"code": root}, []
    for key, value in params.items():
        if not value or key not in checks:
            continue
        if checks[key](value):
            found[key] = value
        else:
            wrong.append(f"{key}={value[:20]}")
    return RiskAsked(**found), wrong


def write_risk_asked(asked: RiskAsked) -> None:
    """Put the state into the URL; what is at its default stays out of it."""
    default = RiskAsked(code="")
    params = {field.name: getattr(asked, field.name) for field in fields(RiskAsked)}
    st.query_params.from_dict({key: value for key, value in params.items() if value and value != getattr(default, key)})
