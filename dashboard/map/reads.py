"""Cached reads of the live map: what came in last, and the frames of the time slider."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pydeck as pdk
import streamlit as st

from dashboard.deck import WrittenDeck
from dashboard.pool import Pool, Reads
from data.arrivals import Log, read_newest
from data.assessments.reading import find_run
from data.assessments.runs import Run
from data.filter import IncidentFilter, Period
from data.forecasts.reading import find_forecast
from data.forecasts.storage import ForecastRun

PER_PEOPLE = 10_000


def cached_log(reads: Reads) -> Log:
    """As `read_newest`, at the version of the reads."""
    return _log(reads.key, reads.pool)


def cached_frames(reads: Reads, asked: IncidentFilter, periods: tuple[Period, ...]) -> dict[Period, pd.DataFrame]:
    """Tables as `Reads.by_child` gives them for each of the periods, read at once; not to be changed.

    The filter's own period is not looked at.
    """
    asked = replace(asked, period=periods[-1])
    return _frames(reads.key, asked, periods, reads)


def written_once(reads: Reads, seen: tuple, draw: Callable[[], pdk.Deck]) -> WrittenDeck:
    """The Deck that `draw` makes, written once for everybody who sees the same of this version.

    Parameters
    ----------
    seen
        All that the Deck depends on besides the version; its text is the key.
    """
    return _written(reads.key, repr(seen), draw)


def shared(reads: Reads, what: str, seen: tuple, make: Callable[[], Any]) -> Any:
    """What `make` makes, once for everybody who sees the same of this version; not to be changed.

    Parameters
    ----------
    what
        Name of it.
    seen
        All that it depends on besides the version; its text is the key.
    """
    return _shared(reads.key, what, repr(seen), make)


def newest_run(reads: Reads, scope: str) -> Run | None:
    """As `find_run`, at most ten seconds old: twenty screens need not ask with every refresh."""
    return _run(reads.key[:-1], scope, reads.pool)


def newest_forecast(reads: Reads, scope: str) -> ForecastRun | None:
    """As `find_forecast`, at most ten seconds old."""
    return _forecast(reads.key[:-1], scope, reads.pool)


@st.cache_resource(max_entries=64, ttl=10, show_spinner=False)
def _run(key: tuple, scope: str, _pool: Pool) -> Run | None:  # noqa: ARG001 - the key
    return find_run(_pool.engine, scope)


@st.cache_resource(max_entries=64, ttl=10, show_spinner=False)
def _forecast(key: tuple, scope: str, _pool: Pool) -> ForecastRun | None:  # noqa: ARG001 - the key
    return find_forecast(_pool.engine, _pool.settings, scope)


@st.cache_resource(max_entries=2, show_spinner=False)
def _log(key: tuple, _pool: Pool) -> Log:  # noqa: ARG001 - the key
    return read_newest(_pool.engine, _pool.settings.timezone)


# As a resource, for a copy of all tables for each step that is played would cost more than drawing it.
@st.cache_resource(max_entries=24, show_spinner=False, hash_funcs={IncidentFilter: repr, Period: repr})
def _frames(
    key: tuple,  # noqa: ARG001
    asked: IncidentFilter,
    periods: tuple[Period, ...],
    _reads: Reads,
) -> dict[Period, pd.DataFrame]:
    children = _reads.children(asked.division)
    people = children.set_index("code")["population"].astype("Float64")
    tables = _reads.pool.counts.frames(asked, tuple(children["code"]), periods)
    return {period: table.assign(rate=_rate(table, people)) for period, table in zip(periods, tables, strict=True)}


def _rate(table: pd.DataFrame, people: pd.Series) -> pd.Series:
    rate = table["incident_count"].astype("Float64") / people.reindex(table.index) * PER_PEOPLE
    return rate.astype("float64")


@st.cache_resource(max_entries=48, show_spinner=False)
def _written(key: tuple, seen: str, _draw: Callable[[], pdk.Deck]) -> WrittenDeck:  # noqa: ARG001 - the key
    return WrittenDeck(_draw())


@st.cache_resource(max_entries=256, show_spinner=False)
def _shared(key: tuple, what: str, seen: str, _make: Callable[[], Any]) -> Any:  # noqa: ARG001 - the key
    return _make()
