"""Cached reads of centres: how they stand, how far hotspots are, what is missing."""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from dashboard.pool import Pool, Reads
from data.assessments.reading import HotspotFilter, find_run, read_hotspots
from data.assessments.runs import Run
from data.centres.distances import with_distances
from data.centres.gaps import list_gaps
from data.centres.loads import read_loads
from data.centres.reading import CentreFilter, NewestImport, list_centres, newest_import
from data.centres.settings import CentreSettings, read_centre_settings
from data.centres.standing import standing
from data.filter import IncidentFilter, Period
from geo.divisions import level_of, read_divisions
from geo.middles import middles

HOT_NOW = (1, 2, 3, 4, 5, 6, 7)
"""Classes that are hot in the last step; a historical hotspot needs no room today."""
LAYERS = ("township", "county", "village")
"""Layer whose hotspots are measured: the first that the run has looked at."""


@dataclass(frozen=True)
class CentreReads:
    """All that is known of the centres of the reader's scope.

    `standings`, `hotspots` and `gaps` as the functions of `data.centres` give them; `hotspots` and `run` are empty and
    None before an assessment.
    """

    kinds: CentreSettings
    newest: NewestImport | None
    run: Run | None
    standings: pd.DataFrame
    hotspots: pd.DataFrame
    gaps: pd.DataFrame


def read_centres(reads: Reads, today: date) -> CentreReads:
    """Centres, measured by what is open at the end of `today`.

    Raises
    ------
    BadCentreFileError
        The office's file of rooms and classes can not be used.
    """
    pool = reads.pool
    kinds, newest = read_centre_settings(pool.settings), newest_import(pool.engine)
    run = find_run(pool.engine, pool.settings.root_code)
    state = (newest, run and (run.id, run.finished_at), today.isoformat())
    found = _read((*reads.key, repr(kinds), repr(state)), pool, kinds, run, today)
    return CentreReads(kinds, newest, run, *found)


@st.cache_data(max_entries=8, show_spinner="正在核对中心…")
def _read(
    key: tuple,  # noqa: ARG001
    _pool: Pool,
    _kinds: CentreSettings,
    _run: Run | None,
    _today: date,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    scope = _pool.settings.root_code
    centres = list_centres(_pool.engine, CentreFilter(scope))
    divisions = read_divisions(_pool.settings.geography)
    divisions = divisions[divisions["counted"] & divisions["code"].str.startswith(scope)]
    known = divisions.dropna(subset=["population"]).set_index("code")["population"]
    finest = max([*_kinds.levels, *centres["level"].tolist(), level_of(scope)])
    asked = IncidentFilter(scope, Period(_today, _today + timedelta(days=1)))
    loads = read_loads(_pool.counting, asked, finest=finest)
    standings = standing(centres, loads, known.astype(float), _kinds)
    hotspots = with_distances(_hotspots(_pool, _run, scope), centres, _kinds)
    if centres.empty:
        return standings, hotspots, list_gaps(standings, loads, hotspots, divisions.iloc[:0], _kinds)
    return standings, hotspots, list_gaps(standings, loads, hotspots, divisions, _kinds)


def _hotspots(pool: Pool, run: Run | None, scope: str) -> pd.DataFrame:
    """Hotspots of single types with their middles."""
    layers = [] if run is None else [layer for layer in LAYERS if layer in run.parameters["layers"]]
    if run is None or not layers:
        columns = ["code", "home", "dispute_type", "emerging_class", "class_name"]
        return pd.DataFrame(columns=[*columns, "longitude", "latitude"]).astype({"longitude": float, "latitude": float})
    found = read_hotspots(pool.engine, HotspotFilter(scope, layers[0], classes=HOT_NOW, run_id=run.id))
    found = found[found["dispute_type"] != ""].reset_index(drop=True)
    points = middles(pool.geography, found["code"])
    return found.assign(longitude=points[:, 0], latitude=points[:, 1])
