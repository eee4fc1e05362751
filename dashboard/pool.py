"""What the screens read: opened once for the server, cached on version and filter."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

import pandas as pd
import streamlit as st

from data.counting import Counting
from data.counts import COUNTS, Counts, Overdue, Settled, Totals
from data.disclosure import FINEST_OPEN_LEVEL
from data.filter import IncidentFilter, Period, day_number
from data.places import Places, open_places
from data.settings import Settings, read_settings
from data.store import open_store
from geo.divisions import level_of, parent_of
from geo.geography import Geography, open_geography
from geo.schematic import is_built


class GeographyMissingError(RuntimeError):
    """The polygons have not been built or imported yet."""


@dataclass(frozen=True)
class Pool:
    """Everything opened: settings, record store, counts, geography."""

    settings: Settings
    engine: Any
    """The record store, only to be handed to functions of `data`."""
    counts: Counts
    geography: Geography
    counting: Counting
    """What runs counting queries, only to be handed to functions of `data`."""

    def now(self) -> datetime:
        """The present moment, local."""
        return datetime.now(self.settings.timezone)


def identity_of(settings: Settings) -> tuple[str, ...]:
    """What tells installations, and the vintages of one, from each other in what is kept."""
    return str(settings.var), settings.url, settings.root_code, settings.geography.name


@st.cache_resource(show_spinner="正在打开数据…", hash_funcs={Settings: identity_of})
def _open(settings: Settings) -> Pool:
    if not is_built(settings.geography):
        raise GeographyMissingError(str(settings.geography))
    engine = open_store(settings)
    counting = Counting(engine, settings)
    counts = Counts(engine, counting, geography=settings.geography)
    return Pool(settings, engine, counts, open_geography(settings.geography), counting)


def open_pool() -> Pool:
    """Return the pool of the installation that the environment names.

    Raises
    ------
    GeographyMissingError
        Nothing has been built yet.
    PoolUnavailableError
        The record store can not be opened.
    """
    return _open(read_settings())


def _cached(entries: int) -> Callable:
    # Every reader is keyed on `key` (installation and version) and the filter, whose text says all of it.
    return st.cache_data(max_entries=entries, show_spinner=False, hash_funcs={IncidentFilter: repr, Period: repr})


@dataclass(frozen=True)
class Reads:
    """Cached reads of one pool at one version."""

    pool: Pool
    version: int

    @cached_property
    def key(self) -> tuple:
        """Installation and version: with the filter, all that what is read depends on."""
        return (*identity_of(self.pool.settings), self.version)

    def by_child(self, asked: IncidentFilter) -> pd.DataFrame:
        """As `Counts.by_child`, for all children that the geography knows."""
        codes = tuple(self.children(asked.division)["code"])
        return _by_child(self.key, asked, codes, self.pool)

    def by_cell(self, asked: IncidentFilter, resolution: int) -> pd.DataFrame:
        """As `Counts.by_cell`."""
        return _by_cell(self.key, asked, resolution, self.pool)

    def totals(self, asked: IncidentFilter) -> Totals:
        """As `Counts.totals`, out of a table that was read anyway where one holds it."""
        level, parent = level_of(asked.division), parent_of(asked.division)
        if level < FINEST_OPEN_LEVEL:
            return Totals(*(int(self.by_child(asked)[name].sum()) for name in COUNTS))
        if level > FINEST_OPEN_LEVEL and parent.startswith(asked.scope):
            row = self.by_child(replace(asked, division=parent)).loc[asked.division]
            return Totals(*(None if pd.isna(row[name]) else int(row[name]) for name in COUNTS))
        return _totals(self.key, asked, self.pool)

    def series(self, asked: IncidentFilter, *, steps: int, days: int) -> pd.Series:
        """As `Counts.series`."""
        return _series(self.key, asked, steps, days, self.pool)

    def settled(self, asked: IncidentFilter) -> tuple[Settled, Settled]:
        """As `Counts.settled`."""
        return _settled(self.key, asked, self.pool)

    def overdue(self, asked: IncidentFilter) -> list[Overdue]:
        """Open and overdue at the end of the period and of the one before."""
        days = (day_number(asked.period.end) - 1, day_number(asked.period.start) - 1)
        return _overdue(self.key, asked, days, self.pool)

    def incidents(self, asked: IncidentFilter) -> pd.DataFrame:
        """As `Counts.incidents`."""
        return _incidents(self.key, asked, self.pool)

    def latest(self) -> dict[str, datetime]:
        """Latest acceptance of each source, local time."""
        found = _latest(self.key, self.pool)
        return {source: datetime.fromtimestamp(moment, self.pool.settings.timezone) for source, moment in found.items()}

    def by_source(self, day: date) -> pd.DataFrame:
        """As `Counts.by_source`."""
        return _by_source(self.key, day, self.pool)

    def is_simulated(self) -> bool:
        """Whether any batch was simulated."""
        return _is_simulated(self.key, self.pool)

    def children(self, code: str) -> pd.DataFrame:
        """Units one level below, columns as in `Geography.children`."""
        return _children(identity_of(self.pool.settings), code, self.pool)


@st.cache_resource(show_spinner="正在准备定位…", hash_funcs={Settings: identity_of})
def open_known_places(settings: Settings) -> Places:
    """Return what an import locates rows with."""
    return open_places(settings)


def reads_of(pool: Pool) -> Reads:
    """Reads at the version that is published now."""
    return Reads(pool, pool.counts.version())


@_cached(256)
def _by_child(key: tuple, asked: IncidentFilter, children: tuple[str, ...], _pool: Pool) -> pd.DataFrame:  # noqa: ARG001
    return _pool.counts.by_child(asked, children)


@_cached(64)
def _by_cell(key: tuple, asked: IncidentFilter, resolution: int, _pool: Pool) -> pd.DataFrame:  # noqa: ARG001
    return _pool.counts.by_cell(asked, resolution)


@_cached(512)
def _totals(key: tuple, asked: IncidentFilter, _pool: Pool) -> Totals:  # noqa: ARG001
    return _pool.counts.totals(asked)


@_cached(512)
def _series(key: tuple, asked: IncidentFilter, steps: int, days: int, _pool: Pool) -> pd.Series:  # noqa: ARG001
    return _pool.counts.series(asked, steps=steps, days=days)


@_cached(512)
def _settled(key: tuple, asked: IncidentFilter, _pool: Pool) -> tuple[Settled, Settled]:  # noqa: ARG001
    return _pool.counts.settled(asked)


@_cached(512)
def _overdue(key: tuple, asked: IncidentFilter, days: tuple[int, ...], _pool: Pool) -> list[Overdue]:  # noqa: ARG001
    return _pool.counts.overdue(asked, days)


@_cached(64)
def _incidents(key: tuple, asked: IncidentFilter, _pool: Pool) -> pd.DataFrame:  # noqa: ARG001
    return _pool.counts.incidents(asked)


@_cached(4)
def _latest(key: tuple, _pool: Pool) -> dict[str, int]:  # noqa: ARG001
    return _pool.counts.latest()


@_cached(8)
def _by_source(key: tuple, day: date, _pool: Pool) -> pd.DataFrame:  # noqa: ARG001
    return _pool.counts.by_source(day)


@_cached(4)
def _is_simulated(key: tuple, _pool: Pool) -> bool:  # noqa: ARG001
    return _pool.counts.is_simulated()


@st.cache_resource(max_entries=256, show_spinner=False)
def _children(which: tuple, code: str, _pool: Pool) -> pd.DataFrame:  # noqa: ARG001
    # A plain table: a page takes columns out of it a hundred times, and a GeoDataFrame checks its CRS each time.
    return pd.DataFrame(_pool.geography.children(code))
