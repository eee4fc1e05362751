"""Cached reads of assessments, for the hotspot page and the map's layer of classes."""

import pandas as pd
import streamlit as st

from dashboard.pool import Pool, identity_of
from data.assessments.cluster_reading import ClusterFilter, read_clusters
from data.assessments.reading import HotspotFilter, read_hotspots
from data.assessments.runs import Run
from data.cell_series import cell_series
from data.filter import IncidentFilter
from data.settings import Settings
from data.steps import Steps


def cached_hotspots(pool: Pool, run: Run | None, wanted: HotspotFilter) -> pd.DataFrame:
    """As `read_hotspots`; the filter names the run."""
    return _hotspots(_key(pool.settings, run), wanted, pool)


def cached_clusters(pool: Pool, run: Run | None, wanted: ClusterFilter) -> pd.DataFrame:
    """As `read_clusters`; the filter names the run."""
    return _clusters(_key(pool.settings, run), wanted, pool)


def cached_cell_series(pool: Pool, version: int, asked: IncidentFilter, cell: str, steps: Steps) -> pd.Series:
    """As `cell_series`, at a version of the data."""
    return _cell_series((*identity_of(pool.settings), version), asked, cell, steps, pool)


def _key(settings: Settings, run: Run | None) -> tuple:
    """What a read depends on besides the filter; ids start anew where a demo is built again."""
    return (*identity_of(settings), run.id if run else 0, run.finished_at if run else 0)


@st.cache_data(max_entries=64, show_spinner=False, hash_funcs={HotspotFilter: repr})
def _hotspots(which: tuple, wanted: HotspotFilter, _pool: Pool) -> pd.DataFrame:  # noqa: ARG001 - the key
    return read_hotspots(_pool.engine, wanted)


@st.cache_data(max_entries=64, show_spinner=False, hash_funcs={ClusterFilter: repr})
def _clusters(which: tuple, wanted: ClusterFilter, _pool: Pool) -> pd.DataFrame:  # noqa: ARG001 - the key
    return read_clusters(_pool.engine, wanted)


@st.cache_data(max_entries=256, show_spinner=False, hash_funcs={IncidentFilter: repr, Steps: repr})
def _cell_series(key: tuple, asked: IncidentFilter, cell: str, steps: Steps, _pool: Pool) -> pd.Series:  # noqa: ARG001
    return cell_series(_pool.counting, asked, cell, steps)
