"""Clusters of a scan: best first, without overlap, with their p-values."""

import math
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from risk.scan.circles import Circles
from risk.scan.study import Study
from risk.scan.windows import Windows

MOST_CLUSTERS = 500
LEAST_RATIO = 0.001
EULER = 0.5772156649015329
SAME, SAME_DECIMALS = 1e-9, 9
"""Ratios this close, relatively, are equal: they come from sums in different order."""

Apart = Literal["space", "space-time"]

COLUMNS = (
    "locations",
    "centre",
    "radius",
    "start",
    "end",
    "first_step",
    "last_step",
    "cases",
    "expected",
    "relative_risk",
    "statistic",
    "p_value",
    "gumbel_p_value",
    "recurrence_days",
    "ties",
)


@dataclass(frozen=True)
class Cluster:
    """One circle and window.

    Parameters
    ----------
    locations
        Places inside, nearest to the centre first.
    centre, radius
        Place in the middle, and distance to the outermost, in the unit of the points.
    start, end
        First and last day, YYYY/MM/DD; None in a purely spatial scan.
    first_step, last_step
        Steps, both included.
    cases, expected, relative_risk, statistic
        The risk is against the rest; None for the permutation model, and where nobody is left outside.
    p_value, gumbel_p_value
        By rank among the replications, and from a Gumbel distribution fitted to them; None without any.
    recurrence_days
        How often chance alone does this in daily life: days between looks / p. Prospective scans only.
    ties
        Other clusters with the very same statistic, as pairs of places and (start, end).
    """

    locations: list[str]
    centre: str
    radius: float
    start: str | None
    end: str | None
    first_step: int
    last_step: int
    cases: int
    expected: float
    relative_risk: float | None
    statistic: float
    p_value: float | None = None
    gumbel_p_value: float | None = None
    recurrence_days: float | None = None
    ties: list[tuple[list[str], tuple[str | None, str | None]]] = field(default_factory=list)


def table_of(clusters: list[Cluster]) -> pd.DataFrame:
    """One row per cluster, columns as in `COLUMNS`, also when there is none."""
    return pd.DataFrame([vars(cluster) for cluster in clusters], columns=list(COLUMNS))


def clusters_of(
    study: Study,
    circles: Circles,
    windows: Windows,
    best: np.ndarray,
    where: np.ndarray,
    *,
    apart: Apart = "space-time",
) -> list[Cluster]:
    """Clusters that do not overlap, best first, from the best circle and window around each centre.

    Of equal statistics the smaller circle goes first; those passed over for that are listed as ties.
    """
    order = _best_first(circles, best, where)
    taken = np.zeros(study.counts.shape, dtype=bool)
    chosen: list[Cluster] = []
    for rank, centre in enumerate(order.tolist()):
        if len(chosen) == MOST_CLUSTERS or (chosen and best[centre] < LEAST_RATIO):
            break
        at, window = int(where[centre, 0]), int(where[centre, 1])
        steps = slice(windows.first[window], windows.last[window]) if apart == "space-time" else slice(None)
        # The listed members are most of a circle, and at hand; its other places must be measured.
        if taken[circles.members[circles.starts[centre] : at + 1], steps].any():
            continue
        inside = circles.inside(centre, at)
        if taken[inside, steps].any():
            continue
        taken[inside, steps] = True
        cluster = describe(study, circles, windows, centre, where[centre], float(best[centre]))
        equal = _equal_after(best[order[rank:]])
        cluster.ties.extend(_others(study, circles, windows, where, cluster, order[rank + equal]))
        chosen.append(cluster)
    return chosen


def _equal_after(statistics: np.ndarray) -> np.ndarray:
    """Positions after the first whose statistic equals the first; they fall but for their last decimals."""
    least = statistics[0] * (1 - SAME)
    # What lies further below than rounding can move it is followed by nothing equal.
    end, step = 1, 16
    while end < len(statistics) and (statistics[end : end + step] >= least - 10.0**-SAME_DECIMALS).any():
        end += step
    return np.nonzero(statistics[1 : end + step] >= least)[0] + 1


def _best_first(circles: Circles, best: np.ndarray, where: np.ndarray) -> np.ndarray:
    """Centres with something to show, best first; equal ones by radius, then in their order."""
    centres = np.nonzero(best > 0)[0]
    radii = circles.radii(centres, where[centres, 0])
    order = np.lexsort((centres, radii, -np.round(best[centres], SAME_DECIMALS)))
    return np.asarray(centres[order])


def describe(
    study: Study, circles: Circles, windows: Windows, centre: int, where: np.ndarray, statistic: float
) -> Cluster:
    """A cluster from its centre, flat position and window."""
    at, window = int(where[0]), int(where[1])
    inside = circles.inside(centre, at)
    first, last = int(windows.first[window]), int(windows.last[window])
    cases = int(study.counts[inside, first:last].sum())
    measure = float(study.measures[inside, first:last].sum())
    expected = measure * study.cases / float(study.measures.sum())
    start, end = _dates(study, first, last)
    return Cluster(
        locations=[study.names[place] for place in inside],
        centre=study.names[centre],
        radius=circles.radius(centre, at),
        start=start,
        end=end,
        first_step=first,
        last_step=last - 1,
        cases=cases,
        expected=expected,
        relative_risk=_relative_risk(study, cases, measure, expected),
        statistic=statistic,
    )


def rank_p(statistic: float, maxima: np.ndarray) -> float:
    """Monte-Carlo p-value (r + 1) / (R + 1), r replications being at least as large."""
    return float((np.count_nonzero(maxima >= statistic * (1 - SAME)) + 1) / (len(maxima) + 1))


def gumbel_p(statistic: float, maxima: np.ndarray) -> float | None:
    """Tail of a Gumbel distribution with the moments of the maxima (Abrams, Kulldorff & Kleinman 2010)."""
    spread = float(maxima.std(ddof=1)) * math.sqrt(6) / math.pi if len(maxima) > 1 else 0.0
    if spread <= 0:
        return None
    centre = float(maxima.mean()) - EULER * spread
    return -math.expm1(-math.exp(-(statistic - centre) / spread))


def _relative_risk(study: Study, cases: int, measure: float, expected: float) -> float | None:
    """Risk inside over risk outside."""
    outside, expected_outside = study.cases - cases, study.cases - expected
    if study.model == "permutation" or outside <= 0 or expected <= 0 or expected_outside <= 0 or measure <= 0:
        return None
    return (cases / expected) / (outside / expected_outside)


def _dates(study: Study, first: int, last: int) -> tuple[str | None, str | None]:
    if study.period.steps == 1:
        return None, None
    return study.period.first_day(first), study.period.last_day(last - 1)


def _others(
    study: Study, circles: Circles, windows: Windows, where: np.ndarray, cluster: Cluster, centres: np.ndarray
) -> list[tuple[list[str], tuple[str | None, str | None]]]:
    """Places and dates of clusters that tie with one, each once, the same places and dates left out."""
    seen = {(frozenset(cluster.locations), cluster.start, cluster.end)}
    others = []
    for centre in centres.tolist():
        tied = describe(study, circles, windows, centre, where[centre], cluster.statistic)
        key = (frozenset(tied.locations), tied.start, tied.end)
        if key not in seen:
            seen.add(key)
            others.append((tied.locations, (tied.start, tied.end)))
    return others
