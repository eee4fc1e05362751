"""Cached reads about the data themselves, for the data page."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboard.pool import Pool, Reads, identity_of
from data.filter import IncidentFilter, Period
from data.linked import last_act
from data.quality.duplicates import find_duplicates
from data.quality.silence import read_weights


@dataclass(frozen=True)
class QualityReads:
    """Reads of one pool at one version."""

    pool: Pool
    version: int

    @classmethod
    def of(cls, reads: Reads) -> "QualityReads":
        """Those of the version that other reads are of."""
        return cls(reads.pool, reads.version)

    @property
    def _key(self) -> tuple:
        return (*identity_of(self.pool.settings), self.version)

    def by_source(self, asked: IncidentFilter) -> pd.DataFrame:
        """As `QualityCounts.by_source`."""
        return _by_source(self._key, asked, self.pool)

    def volumes(self, asked: IncidentFilter, last_day: int) -> pd.DataFrame:
        """As `QualityCounts.volumes`."""
        return _volumes(self._key, asked, last_day, self.pool)

    def conflicts(self, asked: IncidentFilter) -> pd.DataFrame:
        """As `QualityCounts.conflicts`."""
        return _conflicts(self._key, asked, self.pool)

    def reporting(self, asked: IncidentFilter, level: int) -> tuple[pd.Series, pd.DataFrame]:
        """Weights of the division's places, and `QualityCounts.reporting` of them."""
        weights = _weights(identity_of(self.pool.settings), level, asked.division, self.pool)
        return weights, _reporting(self._key, asked, level, self.pool)

    def duplicates(self, asked: IncidentFilter) -> pd.DataFrame:
        """As `find_duplicates`; anew after anybody's act of linking, else at most ten minutes old.

        It looks through the store's own rows, so it does not follow every publication of a busy pool.
        """
        return _duplicates((*identity_of(self.pool.settings), last_act(self.pool.engine)), asked, self.pool)


def _cached(entries: int, *, seconds: int | None = None):
    hashed = {IncidentFilter: repr, Period: repr}
    return st.cache_data(max_entries=entries, show_spinner=False, ttl=seconds, hash_funcs=hashed)


@_cached(16)
def _by_source(key: tuple, asked: IncidentFilter, _pool: Pool) -> pd.DataFrame:  # noqa: ARG001 - the key
    return _pool.counts.quality.by_source(asked)


@_cached(8)
def _volumes(key: tuple, asked: IncidentFilter, last_day: int, _pool: Pool) -> pd.DataFrame:  # noqa: ARG001
    return _pool.counts.quality.volumes(asked, last_day=last_day)


@_cached(16)
def _conflicts(key: tuple, asked: IncidentFilter, _pool: Pool) -> pd.DataFrame:  # noqa: ARG001 - the key
    return _pool.counts.quality.conflicts(asked)


@st.cache_resource(max_entries=4, show_spinner=False)
def _weights(which: tuple, level: int, division: str, _pool: Pool) -> pd.Series:  # noqa: ARG001 - the key
    return read_weights(_pool.settings.geography, level, within=division)


@_cached(8)
def _reporting(key: tuple, asked: IncidentFilter, level: int, _pool: Pool) -> pd.DataFrame:
    codes = _weights(key[:-1], level, asked.division, _pool).index
    return _pool.counts.quality.reporting(asked, list(codes), level=level)


@_cached(8, seconds=600)
def _duplicates(key: tuple, asked: IncidentFilter, _pool: Pool) -> pd.DataFrame:  # noqa: ARG001 - the key
    return find_duplicates(_pool.engine, asked, zone=str(_pool.settings.timezone))
