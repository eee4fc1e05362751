"""From the hot places of an assessment to alerts: raised, grown, grown together, or left settled; once a run."""

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, Engine, delete, func, insert, select

from data.alerts.around import around_of
from data.alerts.counted import told_counts
from data.alerts.hot import hot_places
from data.alerts.known import read_known
from data.alerts.ledger import Ledger, Look
from data.alerts.settings import AlertSettings
from data.assessments.runs import Run
from data.counts import Counts
from data.filter import day_number
from data.forecasts.storage import ForecastRun
from data.settings import Settings
from data.store import reading, writing
from data.tables import alert_runs, assessment_runs
from risk.alerts.matching import Around, Finding, match


@dataclass(frozen=True)
class Raised:
    """What came of a run: how many alerts it raised and let grow, and how many findings were settled before.

    `new` is False where nothing was done: the run was gone through before or, `is_past`, a later day was.
    """

    new: bool
    raised: int = 0
    grown: int = 0
    settled: int = 0
    is_past: bool = False


class AlertRaising:
    """Raises alerts over one pool. Only under the lock of assessments.

    Parameters
    ----------
    around
        Who is next to whom; taken from the outlines unless given.
    """

    def __init__(
        self, engine: Engine, settings: Settings, counts: Counts, rules: AlertSettings, around: Around | None = None
    ) -> None:
        self._engine = engine
        self._settings = settings
        self._counts = counts
        self._rules = rules
        self._around = around

    def run(self, run: Run, forecast: ForecastRun | None, *, now: pd.Timestamp) -> Raised:
        """Go through the hot places of a run, once with the same rules and forecast.

        All of it is one transaction: a run that was broken off has raised nothing, and an officer's act comes before
        it or after. A run that ends before the last day gone through raises nothing: it says nothing about today.

        Parameters
        ----------
        forecast
            Built on the run; None where there is none.
        now
            With time zone; new numbers are of its year.
        """
        with reading(self._engine) as connection:
            if self._is_done(connection, run, forecast):
                return Raised(new=False)
            if _is_past(connection, run):
                return Raised(new=False, is_past=True)
        rules = self._rules.rules
        hot = hot_places(self._engine, self._settings, run, forecast, rules, count=self._rules.level_count)
        look = Look(run, told_counts(self._counts, run, hot), self._rules.sign, now)
        around = self._around or around_of(self._settings, run.scope)
        with writing(self._engine) as connection:
            known = read_known(connection, day=look.day)
            raised, grown, settled = 0, 0, 0
            ledger = Ledger(connection, look, known)
            for finding in sorted(match(hot, known.places, around, rules), key=lambda each: _order(hot, each)):
                own = hot.iloc[finding.rows]
                if finding.alert_id is not None:
                    grown += ledger.grow(own, finding.alert_id, finding.absorbed)
                elif finding.settled_id is not None:
                    ledger.see_settled(own, finding.settled_id)
                    settled += 1
                elif int(own["level"].min()) <= rules.least_level and ledger.may_raise(own):
                    ledger.raise_new(own)
                    raised += 1
            done = Raised(new=True, raised=raised, grown=grown, settled=settled)
            self._note(connection, run, forecast, done, look.moment)
        return done

    def _is_done(self, connection: Connection, run: Run, forecast: ForecastRun | None) -> bool:
        row = connection.execute(select(alert_runs).where(alert_runs.c.run_id == run.id)).first()
        return row is not None and (row.rules, row.forecast_run_id) == (self._rules.key(), _id_of(forecast))

    def _note(self, connection: Connection, run: Run, forecast: ForecastRun | None, done: Raised, moment: int) -> None:
        connection.execute(delete(alert_runs).where(alert_runs.c.run_id == run.id))
        connection.execute(
            insert(alert_runs).values(
                run_id=run.id,
                rules=self._rules.key(),
                forecast_run_id=_id_of(forecast),
                raised=done.raised,
                grown=done.grown,
                recorded_at=moment,
            )
        )


def _order(hot: pd.DataFrame, finding: Finding) -> tuple[int, int, int]:
    """The gravest first, of equals the highest score, then the surest: so do their numbers follow each other."""
    own = hot.iloc[finding.rows]
    score = 0 if own["score"].isna().all() else int(own["score"].max())
    return int(own["level"].min()), -score, -int(own["grade"].max())


def _id_of(forecast: ForecastRun | None) -> int | None:
    return None if forecast is None else forecast.id


def _is_past(connection: Connection, run: Run) -> bool:
    """Whether a later day of the same study area was gone through."""
    query = (
        select(func.max(assessment_runs.c.as_of))
        .join(alert_runs, alert_runs.c.run_id == assessment_runs.c.id)
        .where(assessment_runs.c.scope == run.scope)
    )
    newest = connection.execute(query).scalar()
    return newest is not None and day_number(run.as_of) < int(newest)
