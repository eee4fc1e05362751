"""What the evaluation page is asked for: all of it stands in the URL."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.risks.asked import LAYER_WORDS, TOTAL
from dashboard.url_state import Checks, checked, put
from risk.incident import DISPUTE_TYPES

HORIZONS = {"1": "未来 1 周", "4": "未来 4 周"}
WINDOWS = {"1": "week", "4": "month"}


@dataclass(frozen=True)
class EvaluationAsked:
    """State of the page: dispute type ("" all together), level and how many weeks are foretold."""

    type: str = TOTAL
    level: str = "township"
    horizon: str = "1"


def read_evaluation_asked(params: Mapping[str, str]) -> tuple[EvaluationAsked, list[str]]:
    """Read the URL's parameters; what makes no sense is left at its default and named."""
    checks: Checks = {
        "type": DISPUTE_TYPES.__contains__,
        "level": LAYER_WORDS.__contains__,
        "horizon": HORIZONS.__contains__,
    }
    found, wrong = checked(params, checks)
    return EvaluationAsked(**found), wrong


def write_evaluation_asked(asked: EvaluationAsked) -> None:
    """Put the state into the URL; what is at its default stays out of it."""
    put(asked, EvaluationAsked())
