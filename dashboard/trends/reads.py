"""Cached reads of the trends, keyed on what is published and on the filter."""

import datetime as dt

import pandas as pd
import streamlit as st

from dashboard.pool import Pool, Reads
from data.filter import IncidentFilter
from data.forecasts.reading import ForecastFilter, read_forecast
from data.forecasts.storage import ForecastRun
from data.trends.figures import Matrix, Progress, Rhythm, Settling


def read_rhythm(reads: Reads, asked: IncidentFilter, today: dt.date) -> Rhythm:
    """As `TrendCounts.rhythm`."""
    return _rhythm(reads.key, asked, today, reads.pool)


def read_matrix(reads: Reads, asked: IncidentFilter, children: tuple[str, ...]) -> Matrix:
    """As `TrendCounts.matrix`."""
    return _matrix(reads.key, asked, children, reads.pool)


def read_settling(reads: Reads, asked: IncidentFilter) -> Settling:
    """As `TrendCounts.settling`."""
    return _settling(reads.key, asked, reads.pool)


def read_progress(reads: Reads, asked: IncidentFilter) -> Progress:
    """As `TrendCounts.progress`."""
    return _progress(reads.key, asked, reads.pool)


def read_forecast_rows(pool: Pool, run: ForecastRun, wanted: ForecastFilter) -> pd.DataFrame:
    """As `read_forecast`; the filter names the run."""
    return _forecast((str(pool.settings.var), pool.settings.url, run.id, run.finished_at), wanted, pool)


# Frozen figures, the same for everybody: they are shared, not copied.
@st.cache_resource(max_entries=128, show_spinner=False, hash_funcs={IncidentFilter: repr})
def _rhythm(key: tuple, asked: IncidentFilter, today: dt.date, _pool: Pool) -> Rhythm:  # noqa: ARG001 - the key
    return _pool.counts.trends.rhythm(asked, today=today)


@st.cache_resource(max_entries=128, show_spinner=False, hash_funcs={IncidentFilter: repr})
def _matrix(key: tuple, asked: IncidentFilter, children: tuple[str, ...], _pool: Pool) -> Matrix:  # noqa: ARG001
    return _pool.counts.trends.matrix(asked, children)


@st.cache_resource(max_entries=128, show_spinner=False, hash_funcs={IncidentFilter: repr})
def _settling(key: tuple, asked: IncidentFilter, _pool: Pool) -> Settling:  # noqa: ARG001 - the key
    return _pool.counts.trends.settling(asked)


@st.cache_resource(max_entries=128, show_spinner=False, hash_funcs={IncidentFilter: repr})
def _progress(key: tuple, asked: IncidentFilter, _pool: Pool) -> Progress:  # noqa: ARG001 - the key
    return _pool.counts.trends.progress(asked)


@st.cache_data(max_entries=32, show_spinner=False, hash_funcs={ForecastFilter: repr})
def _forecast(which: tuple, wanted: ForecastFilter, _pool: Pool) -> pd.DataFrame:  # noqa: ARG001 - the key
    return read_forecast(_pool.engine, _pool.settings, wanted)
