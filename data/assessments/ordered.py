"""An assessment as an operator orders it, in words."""

import datetime as dt
from dataclasses import dataclass
from typing import cast

import pandas as pd
from sqlalchemy import Engine

from data.alerts.raising import AlertRaising, Raised
from data.alerts.settings import read_alert_settings
from data.assessments.assess import Assessor, Outcome, Progress
from data.assessments.lock import only_assessment
from data.assessments.parameters import DEFAULT_LAYERS, DEFAULT_TYPES, Parameters, ScanSettings
from data.assessments.runs import list_runs
from data.counting import Counting
from data.counts import Counts
from data.cube import TOTAL
from data.forecasts.order import REFIT_DAYS, ForecastOrder
from data.forecasts.run import Forecasting
from data.forecasts.score_settings import read_score_settings
from data.forecasts.storage import ForecastRun
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
    forecast
        Whether counts are forecast and scored as well.
    refit_days
        A forecast model younger than this is used again.
    keep
        Runs kept.
    sources
        Codes of sources with commas between: only hotspots of what came from them, neither forecast nor alerts.
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
    forecast: bool = True
    refit_days: int = REFIT_DAYS
    sources: str = ""

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
            sources=_listed(self.sources),
        )
        _ = made.cut  # refuses a unit that does not exist
        return made


@dataclass(frozen=True)
class Assessed:
    """What became of an assessment: the hotspots, the forecast built on them (None where none was ordered), alerts."""

    hotspots: Outcome
    forecast: ForecastRun | None
    new_forecast: bool
    alerts: Raised


def assess_pool(settings: Settings, order: Order, *, now: dt.datetime, on_progress: Progress) -> Assessed:
    """Open the pool and assess it: hotspots, then forecast and score, then alerts.

    Each step is kept when it is done, so that an assessment that was broken off goes on where it stopped; the same
    order over the same data computes nothing.

    Parameters
    ----------
    now
        With time zone.

    Raises
    ------
    ValueError
        The order, the office's score file or its rules of alerts make no sense.
    AssessmentRunningError, MovingDataError, DamagedModelError
        See `Assessor.assess` and `Forecasting.run`.
    PoolUnavailableError
        The pool can not be read.
    """
    engine = open_store(settings)
    counting = Counting(engine, settings)
    try:
        parameters = order.parameters(_latest(engine, counting, now), now)
        score = read_score_settings(settings)
        rules = read_alert_settings(settings, score)
        hotspots = Assessor(engine, counting, settings).assess(parameters, keep=order.keep, on_progress=on_progress)
        if parameters.sources:
            return Assessed(hotspots, None, False, Raised(new=False))
        run, new = None, False
        if order.forecast:
            wanted = ForecastOrder(order.scope, parameters.as_of, refit_days=order.refit_days, score=score)
            with only_assessment(engine, settings):
                run, new = Forecasting(engine, counting, settings).run(
                    wanted, assessment_run_id=hotspots.run_id, on_progress=on_progress
                )
        on_progress("alerts", 0, 1)
        with only_assessment(engine, settings):
            assessed = next(each for each in list_runs(engine, scope=order.scope) if each.id == hotspots.run_id)
            raising = AlertRaising(engine, settings, Counts(engine, counting), rules)
            raised = raising.run(assessed, run, now=pd.Timestamp(now))
        on_progress("alerts", 1, 1)
        return Assessed(hotspots, run, new, raised)
    finally:
        counting.close()
        engine.dispose()


def _latest(engine: Engine, counting: Counting, now: dt.datetime) -> dt.datetime | None:
    moments = Counts(engine, counting).latest().values()
    return dt.datetime.fromtimestamp(max(moments), now.tzinfo) if moments else None


def _listed(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())
