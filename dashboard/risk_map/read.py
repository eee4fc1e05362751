"""What the risk pictures show: the newest forecast, or what had been said of a past week and what came."""

import datetime as dt
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboard.map.screen import Screen
from dashboard.pool import Pool
from data.backtests.reading import WeekAsked, find_backtest, past_weeks, read_week
from data.backtests.storage import Backtest
from data.filter import IncidentFilter, Period, date_of
from data.forecasts.models import StoredModel, list_models
from data.forecasts.reading import ForecastFilter, find_forecast, read_forecast
from data.forecasts.storage import ForecastRun, list_runs
from data.forecasts.switch import shown_or_why

WEEK = dt.timedelta(days=7)
NOTHING_SAID = "没有保存这一周的预测。每周保存一次当时发布的预测;市州、县区和乡镇还可以用 manage.py backtest 补说。"


@dataclass(frozen=True)
class PastWeek:
    """A week that is over: `rows` has `code`, `expected_week`, `low_90_week`, `high_90_week`, `week_count`.

    `published` says whether that was the forecast of then, or one made later by a model that had not seen the week.
    """

    first: dt.date
    published: bool
    rows: pd.DataFrame


@dataclass(frozen=True)
class RiskShown:
    """What is drawn: `rows` as `read_forecast` gives them (with `past` those of the week), `off` why nothing may be."""

    run: ForecastRun
    model: StoredModel | None
    rows: pd.DataFrame
    off: str | None = None
    past: PastWeek | None = None

    @property
    def levels(self) -> list[dict]:
        """Levels of the run, gravest first: `name`, `colour` (in words)."""
        return list(self.run.settings["score"]["levels"])

    def limits(self, layer: str, dispute_type: str) -> tuple[float, ...]:
        """Least score of each level, as fixed with the model; empty where none is known."""
        scales = (
            {} if self.model is None or layer not in self.model.calibration else self.model.calibration[layer].scales
        )
        return scales[dispute_type].limits if dispute_type in scales else ()


def read_risk(screen: Screen) -> RiskShown:
    """What is asked for.

    Raises
    ------
    ValueError
        There is no forecast: the picture should not have been offered.
    """
    pool, layer, kind = screen.pool, screen.layer_name, screen.asked.type
    run = find_forecast(pool.engine, pool.settings, screen.wanted.scope)
    if run is None:
        raise ValueError("expected a screen with a forecast, found one without a run")
    model = next((each for each in list_models(pool.engine, pool.settings, run.scope) if each.id == run.model_id), None)
    nothing = pd.DataFrame({"code": pd.Series(dtype=object)})
    off = shown_or_why(pool.engine, pool.settings, run, layer, kind)
    if off is not None:
        return RiskShown(run, model, nothing, off)
    if not screen.is_live:
        past = _past_week(screen)
        return RiskShown(run, model, past.rows if past else nothing, None if past else NOTHING_SAID, past)
    wanted = ForecastFilter(screen.wanted.scope, layer, screen.unit.code, kind, run.id)
    return RiskShown(run, model, cached_forecast(pool, run, wanted))


def _past_week(screen: Screen) -> PastWeek | None:
    """The newest whole week that ends where the slider stands or in the days before; as published, else as tested."""
    last = screen.asked.last_day(screen.today)
    published = _published_week(screen, last)
    return published if published is not None else _tested_week(screen, last)


def _published_week(screen: Screen, last: dt.date) -> PastWeek | None:
    pool, scope = screen.pool, screen.wanted.scope
    newest = find_forecast(pool.engine, pool.settings, scope)
    runs = list_runs(pool.engine, pool.settings, newest.scope) if newest is not None else []
    ended = [
        run for run in runs if last - WEEK < run.as_of + WEEK <= last and screen.layer_name in run.settings["layers"]
    ]
    if not ended:
        return None
    run = max(ended, key=lambda each: (each.as_of, each.id))
    rows = cached_forecast(
        pool, run, ForecastFilter(scope, screen.layer_name, screen.unit.code, screen.asked.type, run.id)
    )
    first = run.as_of + dt.timedelta(days=1)
    came = _came(screen, Period(first, first + WEEK), tuple(run.card["sources"]))
    columns = ["code", "expected_week", "low_90_week", "high_90_week"]
    counts = (
        came.reindex(rows["code"]).array if not screen.shows_cells else came.reindex(rows["code"], fill_value=0).array
    )
    return PastWeek(first, True, rows[columns].assign(week_count=counts))


def _came(screen: Screen, period: Period, sources: tuple[str, ...]) -> pd.Series:
    """Counts of a week by code, as the door of counts shows them."""
    kinds = (screen.asked.type,) if screen.asked.type else ()
    wanted = IncidentFilter(screen.wanted.scope, period, screen.unit.code, dispute_types=kinds, sources=sources)
    if screen.shows_cells:
        return screen.reads.by_cell(wanted, screen.resolution).set_index("cell")["incident_count"]
    return screen.reads.by_child(wanted)["incident_count"]


def _tested_week(screen: Screen, last: dt.date) -> PastWeek | None:
    pool, scope = screen.pool, screen.wanted.scope
    backtest = find_backtest(pool.engine, pool.settings, scope)
    if backtest is None:
        return None
    ended = [day for day in past_weeks(backtest) if last - WEEK < date_of(day + 6) <= last]
    if not ended:
        return None
    wanted = WeekAsked(scope, screen.layer_name, ended[-1], screen.unit.code, screen.asked.type)
    rows = _cached_week(_which(pool, backtest.id, backtest.finished_at), wanted, backtest)
    return PastWeek(date_of(ended[-1]), False, rows) if len(rows) else None


def cached_forecast(pool: Pool, run: ForecastRun, wanted: ForecastFilter) -> pd.DataFrame:
    """As `read_forecast`; the filter names the run."""
    return _forecast(_which(pool, run.id, run.finished_at), wanted, pool)


def _which(pool: Pool, number: int, finished_at: int) -> tuple:
    return (str(pool.settings.var), pool.settings.url, number, finished_at)


@st.cache_data(max_entries=64, show_spinner=False, hash_funcs={ForecastFilter: repr})
def _forecast(which: tuple, wanted: ForecastFilter, _pool: Pool) -> pd.DataFrame:  # noqa: ARG001 - the key
    return read_forecast(_pool.engine, _pool.settings, wanted)


@st.cache_data(max_entries=64, show_spinner=False, hash_funcs={WeekAsked: repr})
def _cached_week(which: tuple, wanted: WeekAsked, _backtest: Backtest) -> pd.DataFrame:  # noqa: ARG001 - the key
    return read_week(_backtest, wanted)
