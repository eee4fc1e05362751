"""One part of a scan: prospective space-time permutation clusters of a type, as they are kept."""

import json
from collections.abc import Callable

import numpy as np
import pandas as pd

from data.assessments.parameters import Parameters
from data.assessments.parts import Part
from data.assessments.shown_counts import count_within
from data.study_area import common_division
from geo.neighbours import EARTH_RADIUS_KM, on_sphere
from risk.scan import Cluster, Period, ScanSettings, permutation_study, scan

COLUMNS = (
    "position",
    "place",
    "home",
    "within",
    "longitude",
    "latitude",
    "radius_km",
    "places",
    "start_day",
    "end_day",
    "incident_count",
    "expected_count",
    "statistic",
    "p_value",
    "recurrence_days",
)
EARLY_STOP = 60
"""Once so many replications reach the best cluster its p-value is above 5 % whatever the others say."""


def cluster_rows(part: Part, parameters: Parameters, *, cancelled: Callable[[], bool] | None = None) -> pd.DataFrame:
    """Rows of the table `scan_clusters`, `part_id` left out: clusters sure enough to be kept, best first.

    Places without an outline have no centre and are left out with their incidents.

    Raises
    ------
    ScanCancelled
        `cancelled` said so between two batches of replications.
    """
    chosen = parameters.scan
    area = part.area
    drawn = np.nonzero(np.isfinite(area.longitude))[0]
    counts = part.series.dense(len(area.places), part.cube.steps.count)[drawn]
    if not counts.any() or part.cube.steps.count < 2:
        return _rows([])
    # Straight through the earth: at 50 km the chord is shorter than the arc by less than a metre.
    points = on_sphere(area.longitude[drawn], area.latitude[drawn]) * EARTH_RADIUS_KM
    period = Period(np.array(part.cube.steps.edges, dtype="datetime64[D]"), "day", 1)
    study = permutation_study([str(at) for at in drawn.tolist()], points, period, counts)
    settings = ScanSettings(
        analysis="prospective",
        max_share=chosen.max_share,
        max_distance=chosen.max_km,
        max_steps=chosen.max_days,
        least_cases=parameters.least_cases,
        replications=chosen.replications,
        early_stop=EARLY_STOP,
        seed=chosen.seed,
    )
    found = scan(study, settings, threads=1, cancelled=cancelled).clusters
    kept = [cluster for cluster in found if (cluster.p_value or 1.0) <= chosen.most_p]
    return _rows([_row(part, cluster, position) for position, cluster in enumerate(kept, start=1)])


def _row(part: Part, cluster: Cluster, position: int) -> tuple:
    area, edges = part.area, part.cube.steps.edges
    inside = np.sort(np.array([int(name) for name in cluster.locations]))
    centre = int(cluster.centre)
    within = area.within[inside]
    shared = common_division(within.min(keepdims=True), within.max(keepdims=True))
    count = count_within(
        part.cube, part.series, area.layer, part.dispute_type, inside, (cluster.first_step, cluster.last_step + 1)
    )
    return (
        position,
        int(area.places[centre]),
        int(area.home[centre]),
        int(shared[0]),
        float(area.longitude[centre]),
        float(area.latitude[centre]),
        cluster.radius,
        json.dumps(area.places[inside].tolist()),
        edges[cluster.first_step],
        edges[cluster.last_step + 1],
        count,
        None if count is None else cluster.expected,
        cluster.statistic,
        cluster.p_value,
        cluster.recurrence_days,
    )


def _rows(rows: list[tuple]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table["incident_count"] = table["incident_count"].astype("Int64")
    return table
