"""Places that are hot in the last step of an assessment, with what score and scan say of them."""

import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Engine, Select, select

from data.assessments.classes import unpack_states
from data.assessments.fetch import fetch
from data.assessments.parts import CLASSES, SCAN
from data.assessments.reading import GRADES
from data.assessments.runs import Run
from data.cube import TOTAL
from data.forecasts.models import list_models
from data.forecasts.storage import ForecastRun
from data.layers import layer_of
from data.settings import Settings
from data.steps import Steps, steps_until
from data.tables import assessment_parts, assessment_run_parts, hotspots, scan_clusters
from data.unavailable import PoolUnavailableError
from risk.alerts.levels import levels
from risk.alerts.rules import AlertRules
from risk.emerging_reason import reasons

SCANNED_SPAN = 10**6
"""Clusters are of townships: 15-digit places of one lie within so many."""
SCORED = ("city", "county", "township")
TOWNSHIP, FINER = 4, 9
"""Level of a township, and one below all divisions for hexagons."""
KEY = ["layer", "dispute_type", "place"]
COLUMNS = (
    *KEY, "home", "within", "emerging_class", "grade", "since", "before", "score", "recurrence_days", "level", "reason",
)  # fmt: skip


def hot_places(
    engine: Engine, settings: Settings, run: Run, forecast: ForecastRun | None, rules: AlertRules, *, count: int
) -> pd.DataFrame:
    """Places and single types whose class, evidence and last step the rules ask for.

    Parameters
    ----------
    forecast
        Built on the run; None: levels go by the evidence.
    count
        How many levels there are.

    Returns
    -------
    `COLUMNS`, by type, layer and place: places of 15 digits or cells, `grade` 0-3, `since` first day number of the hot
    run, `before` day after the last hot step before it (-1: none), `score` of its township (Int64), `recurrence_days`
    of the rarest cluster around (0: none), `level` 0 the gravest, `reason` in words.
    """
    steps = steps_until(run.as_of, unit=run.parameters["unit"], count=run.parameters["steps"])
    rows = fetch(engine, _query(run.id, rules))
    grade = np.searchsorted(GRADES, rows["evidence"].to_numpy(np.float64), side="right")
    rows = rows.assign(grade=grade)[grade >= rules.least_grade].reset_index(drop=True)
    rows = _with_runs(rows, steps, trend_alpha=run.parameters["emerging"]["trend_alpha"])
    rows = _with_scores(rows, _scores(engine, settings, forecast))
    rows["recurrence_days"] = _recurrence(rows, _clusters(engine, run.id))
    rows["level"] = levels(rows, rules, count=count)
    return rows.sort_values(["dispute_type", "layer", "place"]).reset_index(drop=True)[list(COLUMNS)]


def _query(run_id: int, rules: AlertRules) -> Select:
    names = ("place", "home", "within", "emerging_class", "last_run", "trend_z", "trend_p", "evidence", "hot", "cold")
    return (
        select(*(hotspots.c[name] for name in names), assessment_parts.c.layer, assessment_parts.c.dispute_type)
        .join(assessment_parts, assessment_parts.c.id == hotspots.c.part_id)
        .join(assessment_run_parts, assessment_run_parts.c.part_id == assessment_parts.c.id)
        .where(
            assessment_run_parts.c.run_id == run_id,
            assessment_parts.c.kind == CLASSES,
            assessment_parts.c.dispute_type != TOTAL,
            assessment_parts.c.layer.in_(rules.layers),
            hotspots.c.emerging_class.in_(rules.classes),
            hotspots.c.last_run > 0,
        )
    )


def _with_runs(rows: pd.DataFrame, steps: Steps, *, trend_alpha: float) -> pd.DataFrame:
    """Rows with `since`, `before` and `reason`."""
    state = unpack_states(list(rows["hot"]), list(rows["cold"]), steps=steps.count)
    edges = np.array(steps.edges, np.int64)
    begun = steps.count - rows["last_run"].to_numpy(np.int64)
    earlier = (state > 0) & (np.arange(steps.count) < begun[:, None])
    last = np.where(earlier.any(axis=1), steps.count - np.argmax(earlier[:, ::-1], axis=1), 0)
    significant = rows["trend_p"].to_numpy(np.float64) < trend_alpha
    trend = np.where(significant, np.sign(rows["trend_z"].to_numpy(np.float64)), 0).astype(np.int64)
    return rows.assign(
        since=edges[begun],
        before=np.where(last > 0, edges[last], -1),
        reason=reasons(state, rows["emerging_class"].to_numpy(np.int64), trend, step_names=steps.names),
    )


def _with_scores(rows: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """Rows with `score` and `score_level` (Int64) of the township each place lies in, of its own where it is wider.

    What hexagons reach says little: nearly all of them are empty nearly always, so that a few incidents are among the
    highest scores of a year. An alert is about the township that has to act.
    """
    finer = [(layer_of(name).level or FINER) > TOWNSHIP for name in rows["layer"]]
    places = rows["home"].to_numpy(np.int64)
    wanted = rows.assign(
        score_layer=np.where(finer, "township", rows["layer"]),
        score_place=np.where(finer, places // SCANNED_SPAN * SCANNED_SPAN, rows["place"]),
    )
    keys = ["score_layer", "dispute_type", "score_place"]
    found = wanted[keys].merge(scores, how="left", on=keys)
    return rows.assign(score=found["score"].astype("Int64"), score_level=found["score_level"].astype("Int64"))


def _scores(engine: Engine, settings: Settings, forecast: ForecastRun | None) -> pd.DataFrame:
    """`score_layer`, `dispute_type`, `score_place`, `score`, `score_level` of divisions whose forecast may be shown."""
    names = ["score_layer", "dispute_type", "score_place", "score", "score_level"]
    empty = pd.DataFrame({name: pd.Series(dtype="int64" if "place" in name else object) for name in names})
    if forecast is None:
        return empty
    model = next((each for each in list_models(engine, settings, forecast.scope) if each.id == forecast.model_id), None)
    if model is None:
        return empty
    try:
        wanted = [("layer", "in", SCORED), ("dispute_type", "!=", TOTAL)]
        columns = ["layer", "dispute_type", "place", "score", "level"]
        rows = pq.read_table(forecast.file, columns=columns, filters=wanted).to_pandas()
    except (OSError, pa.ArrowException) as error:
        raise PoolUnavailableError(f"forecast run {forecast.id}: {error}") from error
    shown = {
        (layer, kind)
        for layer in SCORED
        if layer in model.calibration
        for kind, verdict in model.calibration[layer].verdicts.items()
        if verdict.shown
    }
    rows = rows.astype({"layer": object, "dispute_type": object})
    pairs = zip(rows["layer"], rows["dispute_type"], strict=True)
    rows = rows[[pair in shown for pair in pairs]]
    return rows.set_axis(names, axis=1).assign(score=lambda table: table["score"].round())


def _clusters(engine: Engine, run_id: int) -> list[tuple[str, np.ndarray, float]]:
    """Type, places and recurrence in days of each cluster."""
    query = (
        select(assessment_parts.c.dispute_type, scan_clusters.c.places, scan_clusters.c.recurrence_days)
        .join(assessment_parts, assessment_parts.c.id == scan_clusters.c.part_id)
        .join(assessment_run_parts, assessment_run_parts.c.part_id == assessment_parts.c.id)
        .where(assessment_run_parts.c.run_id == run_id, assessment_parts.c.kind == SCAN)
    )
    rows = fetch(engine, query)
    columns = (rows[name].tolist() for name in ("dispute_type", "places", "recurrence_days"))
    return [(kind, np.array(json.loads(places), np.int64), days) for kind, places, days in zip(*columns, strict=True)]


def _recurrence(rows: pd.DataFrame, clusters: list[tuple[str, np.ndarray, float]]) -> np.ndarray:
    """Of the rarest cluster of its type that holds each place's township; 0 without one."""
    days = np.zeros(len(rows))
    townships = rows["home"].to_numpy(np.int64) // SCANNED_SPAN * SCANNED_SPAN
    kinds = rows["dispute_type"].to_numpy()
    for kind, places, recurrence in clusters:
        inside = (kinds == kind) & np.isin(townships, places)
        days[inside] = np.maximum(days[inside], recurrence)
    return days
