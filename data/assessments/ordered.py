"""An assessment as an operator orders it, in words."""

import datetime as dt
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Engine

from data.assessments.assess import Assessor, Outcome, Progress
from data.assessments.parameters import DEFAULT_LAYERS, DEFAULT_TYPES, Parameters, ScanSettings
from data.counting import Counting
from data.counts import Counts
from data.cube import TOTAL
from data.settings import Settings
from data.steps import Unit, last_complete_day
from data.store import open_store


@dataclass(frozen=True)
class Order:
    """What is ordered; an empty text means the default.

    Parameters
    ----------
    levels, types
        Names of layers and codes of types with commas between; `total` is all types together.
    scope
        Division code of the study area.
    as_of
        Last day counted, YYYY-MM-DD.
    left_out
        Days before the last complete one that are left out.
    unit, steps
        Of the classes.
    scan
        Whether clusters are looked for.
    keep
        Runs kept.
    """

    levels: str
    types: str
    scope: str
    as_of: str = ""
    left_out: int = 0
    unit: str = "week"
    steps: int = 104
    scan: bool = True
    keep: int = 50

    def parameters(self, latest: dt.datetime | None, now: dt.datetime) -> Parameters:
        """Parameters of the run.

        Raises
        ------
        ValueError
            A layer, type, unit or date that does not exist, or a day that is not over.
        """
        complete = last_complete_day(latest, now, left_out=self.left_out)
        as_of = dt.date.fromisoformat(self.as_of) if self.as_of else complete
        if as_of >= now.date():
            raise ValueError(f"expected a day that is over, found {as_of}")
        types = tuple(TOTAL if name == "total" else name for name in _listed(self.types))
        made = Parameters(
            self.scope,
            as_of,
            _listed(self.levels) or DEFAULT_LAYERS,
            types or DEFAULT_TYPES,
            unit=cast(Unit, self.unit),
            steps=self.steps,
            scan=ScanSettings() if self.scan else ScanSettings(layer=""),
        )
        _ = made.cut  # refuses a unit that does not exist
        return made


def assess_pool(settings: Settings, order: Order, *, now: dt.datetime, on_progress: Progress) -> Outcome:
    """Open the pool and assess it.

    Parameters
    ----------
    now
        With time zone.

    Raises
    ------
    ValueError
        The order makes no sense.
    AssessmentRunningError, MovingDataError
        See `Assessor.assess`.
    PoolUnavailableError
        The pool can not be read.
    """
    engine = open_store(settings)
    counting = Counting(engine, settings)
    try:
        parameters = order.parameters(_latest(engine, counting, now), now)
        return Assessor(engine, counting, settings).assess(parameters, keep=order.keep, on_progress=on_progress)
    finally:
        counting.close()
        engine.dispose()


def _latest(engine: Engine, counting: Counting, now: dt.datetime) -> dt.datetime | None:
    moments = Counts(engine, counting).latest().values()
    return dt.datetime.fromtimestamp(max(moments), now.tzinfo) if moments else None


def _listed(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())
