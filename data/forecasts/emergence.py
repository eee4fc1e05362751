"""What the hotspot engine found, laid beside the places that are scored."""

import json

import numpy as np
import pandas as pd
from sqlalchemy import Engine, select

from data.assessments.fetch import fetch
from data.assessments.parts import CLASSES, SCAN
from data.forecasts.calibration import Emergence
from data.forecasts.levels import LayerForecast
from data.tables import assessment_parts, assessment_run_parts, hotspots, scan_clusters

SCANNED_SPAN = 10**6
"""Clusters are of townships: 15-digit places of one lie within so many."""
FINEST_ABOVE = ("city", "county")
"""Layers too coarse to inherit a cluster of townships."""


class Emerging:
    """Classes and clusters of one assessment run."""

    def __init__(self, engine: Engine, run_id: int) -> None:
        self._engine = engine
        self._run_id = run_id
        self._clusters = self._read_clusters()

    def of(self, area: LayerForecast) -> dict[str, Emergence]:
        """Emergence of every place of a layer, by dispute type; types without any are left out."""
        rows = self._read_classes(area.layer.name)
        kinds = {*rows["dispute_type"], *(kind for kind, _, _ in self._clusters)}
        found = {}
        for kind in sorted(kinds):
            classes = np.zeros(len(area.places), np.int64)
            own = rows[rows["dispute_type"] == kind]
            at = np.searchsorted(area.places, own["place"].to_numpy(np.int64)).clip(max=max(len(area.places) - 1, 0))
            same = area.places[at] == own["place"].to_numpy(np.int64) if len(area.places) else at.astype(bool)
            classes[at[same]] = own["emerging_class"].to_numpy(np.int64)[same]
            found[kind] = Emergence(classes, self._recurrence(area, kind))
        return found

    def _recurrence(self, area: LayerForecast, kind: str) -> np.ndarray:
        days = np.zeros(len(area.places))
        if area.layer.name in FINEST_ABOVE:
            return days
        townships = area.home // SCANNED_SPAN * SCANNED_SPAN
        for named, places, recurrence in self._clusters:
            if named == kind:
                inside = np.isin(townships, places)
                days[inside] = np.maximum(days[inside], recurrence)
        return days

    def _read_classes(self, layer: str) -> pd.DataFrame:
        query = (
            select(assessment_parts.c.dispute_type, hotspots.c.place, hotspots.c.emerging_class)
            .join(assessment_parts, assessment_parts.c.id == hotspots.c.part_id)
            .join(assessment_run_parts, assessment_run_parts.c.part_id == assessment_parts.c.id)
            .where(
                assessment_run_parts.c.run_id == self._run_id,
                assessment_parts.c.kind == CLASSES,
                assessment_parts.c.layer == layer,
            )
        )
        return fetch(self._engine, query)

    def _read_clusters(self) -> list[tuple[str, np.ndarray, float]]:
        query = (
            select(assessment_parts.c.dispute_type, scan_clusters.c.places, scan_clusters.c.recurrence_days)
            .join(assessment_parts, assessment_parts.c.id == scan_clusters.c.part_id)
            .join(assessment_run_parts, assessment_run_parts.c.part_id == assessment_parts.c.id)
            .where(assessment_run_parts.c.run_id == self._run_id, assessment_parts.c.kind == SCAN)
        )
        rows = fetch(self._engine, query)
        columns = (rows[name].tolist() for name in ("dispute_type", "places", "recurrence_days"))
        return [
            (kind, np.array(json.loads(places), np.int64), days) for kind, places, days in zip(*columns, strict=True)
        ]
