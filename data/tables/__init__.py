"""Tables of the record store; importing this package is what makes all of them known to `metadata`."""

from data.tables.alerts import (
    alert_acts,
    alert_places,
    alert_runs,
    alert_sightings,
    alerts,
    last_looks,
    saved_views,
)
from data.tables.api import api_answers, api_keys
from data.tables.assessments import assessment_parts, assessment_run_parts, assessment_runs, hotspots, scan_clusters
from data.tables.backtests import backtest_parts, backtests
from data.tables.base import metadata
from data.tables.boundaries import boundary_vintages
from data.tables.centres import centre_imports, centre_rooms, centres
from data.tables.feeds import watermarks, word_mappings
from data.tables.forecasts import forecast_models, forecast_runs
from data.tables.letters import letter_acts, letter_numbers, letters, whistle_times, whistles
from data.tables.links import batch_notes, dismissed_pairs, link_acts, links, solved_rows
from data.tables.pool import FACTS, batches, changes, incidents, rejected
from data.tables.scenes import scene_programmes, scenes
from data.tables.segments import published, ready_segments, segments

__all__ = [
    "FACTS",
    "alert_acts",
    "alert_places",
    "alert_runs",
    "alert_sightings",
    "alerts",
    "api_answers",
    "api_keys",
    "assessment_parts",
    "assessment_run_parts",
    "assessment_runs",
    "backtest_parts",
    "backtests",
    "batch_notes",
    "batches",
    "boundary_vintages",
    "centre_imports",
    "centre_rooms",
    "centres",
    "changes",
    "dismissed_pairs",
    "forecast_models",
    "forecast_runs",
    "hotspots",
    "incidents",
    "last_looks",
    "letter_acts",
    "letter_numbers",
    "letters",
    "link_acts",
    "links",
    "metadata",
    "published",
    "ready_segments",
    "rejected",
    "saved_views",
    "scan_clusters",
    "scene_programmes",
    "scenes",
    "segments",
    "solved_rows",
    "watermarks",
    "whistle_times",
    "whistles",
    "word_mappings",
]
