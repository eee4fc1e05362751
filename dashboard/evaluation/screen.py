"""What the evaluation page shows, read once: the URL, the newest back-test, the newest forecast and the models."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd
import streamlit as st

from dashboard.evaluation.asked import WINDOWS, EvaluationAsked, read_evaluation_asked
from dashboard.palette import Palette, of_theme
from dashboard.pool import Pool, Reads, reads_of
from data.backtests.reading import Result, find_backtest, read_results
from data.backtests.storage import Backtest
from data.counts import Counts
from data.forecasts.models import StoredModel, list_models
from data.forecasts.reading import find_forecast
from data.forecasts.said import SaidAsked, read_said
from data.forecasts.storage import ForecastRun, list_runs


@dataclass(frozen=True)
class EvaluationScreen:
    """Everything the page shows.

    `results` are those of the level and horizon by dispute type, `said` what kept runs said (`read_said`).
    """

    pool: Pool
    reads: Reads
    asked: EvaluationAsked
    backtest: Backtest | None
    results: dict[str, Result]
    run: ForecastRun | None
    models: list[StoredModel]
    said: pd.DataFrame
    palette: Palette
    now: datetime
    latest: dict[str, datetime]
    wrong: list[str]

    @property
    def result(self) -> Result | None:
        """Of the type asked for; None where nothing of it was tested."""
        return self.results.get(self.asked.type)

    @property
    def model_in_use(self) -> StoredModel | None:
        """The newest model that was not set aside."""
        return next((model for model in self.models if not model.set_aside), None)


def read_evaluation_screen(pool: Pool) -> EvaluationScreen:
    """Read what the URL asks for."""
    reads, scope = reads_of(pool), pool.settings.root_code
    asked, wrong = read_evaluation_asked(st.query_params)
    backtest = find_backtest(pool.engine, pool.settings, scope)
    results = {} if backtest is None else _results(_which(pool, backtest), asked.level, int(asked.horizon), pool)
    run = find_forecast(pool.engine, pool.settings, scope)
    models = [] if run is None else list_models(pool.engine, pool.settings, run.scope)
    latest = reads.latest()
    said = _said(pool, run, asked, latest)
    palette = of_theme(st.context.theme.type)
    return EvaluationScreen(
        pool, reads, asked, backtest, results, run, models, said, palette, pool.now(), latest, wrong
    )  # fmt: skip


def _which(pool: Pool, backtest: Backtest) -> tuple:
    return (str(pool.settings.var), pool.settings.url, backtest.id, backtest.finished_at)


@st.cache_data(max_entries=16, show_spinner=False)
def _results(which: tuple, level: str, horizon: int, _pool: Pool) -> dict[str, Result]:  # noqa: ARG001 - the key
    backtest = find_backtest(_pool.engine, _pool.settings, _pool.settings.root_code)
    return {} if backtest is None else read_results(_pool.engine, backtest, level, horizon=horizon)


def _said(pool: Pool, run: ForecastRun | None, asked: EvaluationAsked, latest: dict[str, datetime]) -> pd.DataFrame:
    if run is None or not latest:
        return pd.DataFrame()
    scope = pool.settings.root_code
    wanted = SaidAsked(scope, WINDOWS[asked.horizon], asked.type)
    last = (min(max(latest.values()), pool.now()) - timedelta(days=1)).date()
    which = (str(pool.settings.var), pool.settings.url, run.id, run.finished_at, pool.counts.version())
    return _cached_said(which, wanted.scope, wanted.window, wanted.dispute_type, last, pool)


@st.cache_data(max_entries=16, show_spinner=False)
def _cached_said(which: tuple, scope: str, window: str, kind: str, last, _pool: Pool) -> pd.DataFrame:  # noqa: ARG001
    run = find_forecast(_pool.engine, _pool.settings, scope)
    runs = [] if run is None else list_runs(_pool.engine, _pool.settings, run.scope)
    counts: Counts = _pool.counts
    return read_said(runs, counts, SaidAsked(scope, window, kind), last_complete=last)
