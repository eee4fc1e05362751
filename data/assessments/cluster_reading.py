"""Scan clusters for a reader: those that lie whole in the reader's scope."""

import json
from dataclasses import dataclass, field

import pandas as pd
from sqlalchemy import Engine, select

from data.assessments.fetch import fetch
from data.assessments.parts import SCAN
from data.assessments.reading import codes_of, find_run, is_inside
from data.filter import OutOfScopeError, date_of
from data.layers import layer_of
from data.tables import assessment_parts, assessment_run_parts, scan_clusters

COLUMNS = (
    "dispute_type",
    "code",
    "codes",
    "longitude",
    "latitude",
    "radius_km",
    "start",
    "end",
    "incident_count",
    "expected_count",
    "p_value",
    "recurrence_days",
)


@dataclass(frozen=True)
class ClusterFilter:
    """Which clusters are meant; fields as in `data.assessments.reading.HotspotFilter`."""

    scope: str
    division: str = ""
    dispute_types: tuple[str, ...] = field(default=())
    run_id: int | None = None

    def __post_init__(self) -> None:
        """Fill in the division and refuse one outside the scope."""
        if not self.scope:
            raise ValueError("expected a scope (division code of the reader), found an empty one")
        if not self.division:
            object.__setattr__(self, "division", self.scope)
        if not self.division.startswith(self.scope):
            raise OutOfScopeError(f"division {self.division} lies outside {self.scope}")


def read_clusters(engine: Engine, asked: ClusterFilter) -> pd.DataFrame:
    """Clusters whose centre lies in the division and whose places all lie in the scope, the surest first.

    Returns
    -------
    `COLUMNS`: `code` of the place in the middle, `codes` of all places, `start` and `end` as half-open dates,
    `incident_count` (Int64) and `expected_count` (NA = withheld), `recurrence_days`: how often chance alone brings one
    like it if looked for every day. Empty with these columns where nothing is known.
    """
    run = find_run(engine, asked.scope, asked.run_id)
    if run is None:
        return pd.DataFrame(columns=list(COLUMNS))
    query = (
        select(scan_clusters, assessment_parts.c.dispute_type, assessment_parts.c.layer)
        .join(assessment_parts, assessment_parts.c.id == scan_clusters.c.part_id)
        .join(assessment_run_parts, assessment_run_parts.c.part_id == assessment_parts.c.id)
        .where(assessment_run_parts.c.run_id == run.id, assessment_parts.c.kind == SCAN)
        .where(is_inside(scan_clusters.c.within, asked.scope), is_inside(scan_clusters.c.home, asked.division))
        .order_by(scan_clusters.c.p_value, scan_clusters.c.statistic.desc())
    )
    if asked.dispute_types:
        query = query.where(assessment_parts.c.dispute_type.in_(asked.dispute_types))
    rows = fetch(engine, query)
    layers = [layer_of(name) for name in rows["layer"]]
    rows["codes"] = [
        tuple(codes_of(pd.Series(json.loads(places)), layer))
        for places, layer in zip(rows["places"], layers, strict=True)
    ]
    rows["code"] = [codes_of(pd.Series([place]), layer)[0] for place, layer in zip(rows["place"], layers, strict=True)]
    rows["start"] = [date_of(day) for day in rows["start_day"]]
    rows["end"] = [date_of(day) for day in rows["end_day"]]
    rows["incident_count"] = rows["incident_count"].astype("Int64")
    rows["expected_count"] = rows["expected_count"].astype("float64")
    return rows[list(COLUMNS)]
