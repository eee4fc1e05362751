"""What a forecast run is asked for; its text names the run, so equal orders over equal data are one run."""

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass, field

from data.layers import layer_of
from data.steps import Steps, steps_until
from risk.forecast.counts import NOT_LEARNT_FROM
from risk.incident import SOURCES
from risk.score.settings import ScoreSettings

FORMAT = 3
"""Goes up when the same counts would give other results."""
LAYERS = ("city", "county", "township", "village", "grid", "cell5", "cell6", "cell7", "cell8")
REFIT_DAYS = 7
LEAST_WEEKS = 12
"""Two windows of four weeks to look back on, and one before them."""


@dataclass(frozen=True)
class ForecastOrder:
    """Of one run.

    Parameters
    ----------
    scope
        Study area, a division code.
    as_of
        Last day counted; it is complete.
    weeks
        Length of the history; weeks end with `as_of`.
    layers
        What is forecast and scored.
    refit_days
        A model that learnt up to so many days before `as_of` is used again; 0: a new one each time.
    seed
        Of drawing rows.
    score
        How the score is made.
    """

    scope: str
    as_of: dt.date
    weeks: int = 104
    layers: tuple[str, ...] = LAYERS
    refit_days: int = REFIT_DAYS
    seed: int = 0
    score: ScoreSettings = field(default_factory=ScoreSettings)

    def __post_init__(self) -> None:
        """Refuse layers that do not exist and a history too short to say anything."""
        for name in self.layers:
            layer_of(name)
        if self.weeks < LEAST_WEEKS:
            raise ValueError(f"expected at least {LEAST_WEEKS} weeks of history, found {self.weeks}")
        if self.refit_days < 0:
            raise ValueError(f"expected a model's age of at least 0 days, found {self.refit_days}")

    @property
    def steps(self) -> Steps:
        """The weeks."""
        return steps_until(self.as_of, unit="week", count=self.weeks)

    @property
    def sources(self) -> tuple[str, ...]:
        """Sources learnt from and foretold: what citizens bring in."""
        return tuple(source for source in SOURCES if source not in NOT_LEARNT_FROM)

    def text(self) -> str:
        """All of it as JSON with sorted keys."""
        said = asdict(self) | {"format": FORMAT, "as_of": self.as_of.isoformat(), "score": self.score_text()}
        return json.dumps(said, sort_keys=True, ensure_ascii=False)

    def score_text(self) -> dict[str, object]:
        """The score's settings as JSON would hold them."""
        score = self.score
        return {
            "severity": dict(score.severity),
            "parts": dict(score.parts),
            "class_points": {str(int(kind)): points for kind, points in score.class_points.items()},
            "false_discovery": score.false_discovery,
            "levels": [asdict(level) for level in score.levels],
        }

    def key(self, assessment_run_id: int) -> str:
        """SHA-256 of the text and of the hotspots it builds on."""
        return hashlib.sha256(f"{self.text()} {assessment_run_id}".encode()).hexdigest()
