"""What a back-test is asked for; its text names it, so equal orders over equal data are one back-test."""

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass

from data.filter import date_of
from data.forecasts.order import ForecastOrder
from data.layers import layer_of
from data.steps import Steps, steps_until
from risk.forecast.forecaster import LEAST_WEEKS

FORMAT = 3
"""Goes up when the same counts would give other results."""
LAYERS = ("city", "county", "township", "village", "grid", "cell6", "cell7", "cell8")
LEAST_ORIGINS = 8
"""Fewer weeks tell nothing: two blocks of the bootstrap."""


@dataclass(frozen=True)
class BacktestOrder:
    """Of one back-test.

    Parameters
    ----------
    scope
        Study area, a division code.
    as_of
        Last day counted; it is complete.
    weeks
        Length of the history; weeks end with `as_of`.
    origins
        Last weeks, each foretold at its beginning.
    refit_every
        Weeks after which the model is learnt anew; what enters it is always as of the origin.
    layers
        What is measured.
    seed
        Of drawing rows and places.
    """

    scope: str
    as_of: dt.date
    weeks: int = 104
    origins: int = 26
    refit_every: int = 13
    layers: tuple[str, ...] = LAYERS
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse layers that do not exist, and a history too short for the weeks that are tested."""
        for name in self.layers:
            layer_of(name)
        if self.origins < LEAST_ORIGINS:
            raise ValueError(f"expected at least {LEAST_ORIGINS} weeks to test, found {self.origins}")
        if self.start < LEAST_WEEKS:
            raise ValueError(f"expected at least {LEAST_WEEKS + self.origins} weeks of history, found {self.weeks}")
        if self.refit_every < 1:
            raise ValueError(f"expected to learn anew after at least 1 week, found {self.refit_every}")

    @property
    def start(self) -> int:
        """First week that is tested."""
        return self.weeks - self.origins

    @property
    def steps(self) -> Steps:
        """The weeks."""
        return steps_until(self.as_of, unit="week", count=self.weeks)

    @property
    def blocks(self) -> list[tuple[int, int]]:
        """`[origin, until)` weeks that one model foretells."""
        edges = range(self.start, self.weeks, self.refit_every)
        return [(origin, min(origin + self.refit_every, self.weeks)) for origin in edges]

    def before(self, week: int) -> ForecastOrder:
        """What the product would have been ordered at the beginning of a week."""
        return ForecastOrder(
            self.scope, date_of(self.steps.edges[week] - 1), weeks=week, layers=self.layers, seed=self.seed
        )

    def text(self) -> str:
        """All of it as JSON with sorted keys."""
        return json.dumps(asdict(self) | {"format": FORMAT, "as_of": self.as_of.isoformat()}, sort_keys=True)

    @property
    def key(self) -> str:
        """SHA-256 of the text."""
        return hashlib.sha256(self.text().encode()).hexdigest()
