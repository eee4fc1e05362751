"""The space-time scan: where and when do cases lie closer together than chance allows?"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from risk.scan.best import best_circles
from risk.scan.circles import Circles, draw_circles
from risk.scan.clusters import Apart, Cluster, clusters_of, gumbel_p, rank_p, table_of
from risk.scan.plain import BOTH, HIGH, LOW
from risk.scan.replications import largest_of_each, monte_carlo_of
from risk.scan.study import Study
from risk.scan.windows import Windows, windows_of

Analysis = Literal["spatial", "retrospective", "prospective"]
Rates = Literal["high", "low", "both"]
_SIDE = {"high": HIGH, "low": LOW, "both": BOTH}


@dataclass(frozen=True)
class ScanSettings:
    """How a study is scanned; stored with every run.

    Parameters
    ----------
    analysis
        "spatial": no time; "retrospective": any window; "prospective": windows that end with the last step.
    rates
        Which side of the expectation is looked for.
    max_share
        Largest share of the expected cases (of cases and controls) inside a circle.
    max_distance
        Largest radius, in the unit of the points; None: only the share counts.
    max_steps
        Longest window in steps; None: half of the period.
    apart
        Clusters may not overlap in "space", or in "space-time": the same places at another time are allowed.
    least_cases
        A high cluster has at least this many cases.
    replications
        Of the Monte-Carlo test; 0: no p-values.
    early_stop
        Stop once this many replications reached the best cluster; 0: never.
    seed
        Same seed, same p-values, whatever the number of threads.
    """

    analysis: Analysis = "prospective"
    rates: Rates = "high"
    max_share: float = 0.5
    max_distance: float | None = None
    max_steps: int | None = None
    apart: Apart = "space-time"
    least_cases: int = 2
    replications: int = 999
    early_stop: int = 0
    seed: int = 1


@dataclass(frozen=True)
class ScanResult:
    """Clusters, best first, and the largest statistic of each replication that was run."""

    clusters: list[Cluster]
    maxima: np.ndarray

    @property
    def table(self) -> pd.DataFrame:
        """One row per cluster, columns as in `risk.scan.clusters.COLUMNS`, also when there is none."""
        return table_of(self.clusters)


def scan(
    study: Study,
    settings: ScanSettings,
    *,
    threads: int = 0,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ScanResult:
    """Scan a study.

    Parameters
    ----------
    study
        Of one step for a purely spatial scan.
    threads
        Replications run side by side; 0: as many as there are processors.
    progress
        Called with replications done and wanted.
    cancelled
        Asked between batches of replications.

    Returns
    -------
    Clusters that do not overlap, best first; secondary ones only where p is not surely 1, as SaTScan reports them.
    No clusters where there are no cases or no circle is small enough.

    Raises
    ------
    ValueError
        A setting is out of range, or does not fit the study.
    ScanCancelled
        `cancelled` said so.
    """
    check_settings(study, settings)
    windows = _windows(study, settings)
    circles = _circles(study, settings)
    if not study.cases or not len(circles.members):
        return ScanResult([], np.zeros(0))
    sought = {"side": _SIDE[settings.rates], "least_cases": settings.least_cases}
    best, where = best_circles(study, circles, windows, counts=study.counts, quickly=True, **sought)
    clusters = clusters_of(study, circles, windows, best, where, apart=settings.apart)
    if not clusters or not settings.replications:
        return ScanResult(clusters, np.zeros(0))
    # What nine in ten centres find lies below what a replication finds at its best centre, as a rule.
    usual = float(np.quantile(best[best > 0], 0.9))
    maxima = _maxima(study, circles, windows, settings, (clusters[0].statistic, usual), threads, progress, cancelled)
    judged = [_judged(cluster, maxima, study, settings) for cluster in clusters]
    return ScanResult([judged[0], *(cluster for cluster in judged[1:] if _worth_reporting(cluster, maxima))], maxima)


def _worth_reporting(cluster: Cluster, maxima: np.ndarray) -> bool:
    """Whether p is not surely 1: some replication stays below, or one in ten times as many would."""
    surely = 1 - 0.1 / (len(maxima) + 1)
    return (cluster.p_value or 0.0) < 1 or (cluster.gumbel_p_value or 1.0) < surely


def check_settings(study: Study, settings: ScanSettings) -> None:
    """Raise ValueError unless the settings are in range and fit the study."""
    if settings.analysis not in ("spatial", "retrospective", "prospective"):
        raise ValueError(f"analysis must be spatial, retrospective or prospective, not {settings.analysis!r}")
    if settings.rates not in _SIDE:
        raise ValueError(f"rates must be high, low or both, not {settings.rates!r}")
    if settings.analysis == "spatial" and study.period.steps != 1:
        raise ValueError(f"a purely spatial scan has one step, not {study.period.steps}")
    if settings.analysis == "spatial" and study.model == "permutation":
        raise ValueError("the permutation model needs time: a purely spatial scan has none")
    if settings.analysis != "spatial" and study.period.steps < 2:
        raise ValueError("a scan in time needs at least two steps")
    if settings.apart not in ("space", "space-time"):
        raise ValueError(f"apart must be space or space-time, not {settings.apart!r}")
    if settings.replications < 0 or settings.least_cases < 0:
        raise ValueError("replications and least_cases must be 0 or more")


def _windows(study: Study, settings: ScanSettings) -> Windows:
    steps = study.period.steps
    longest = 1 if settings.analysis == "spatial" else settings.max_steps or max(1, steps // 2)
    return windows_of(steps, longest=longest, ending_last=settings.analysis != "retrospective")


def _circles(study: Study, settings: ScanSettings) -> Circles:
    return draw_circles(
        study.points,
        study.measures.sum(axis=1),
        max_share=settings.max_share,
        max_distance=settings.max_distance,
    )


def _maxima(
    study: Study,
    circles: Circles,
    windows: Windows,
    settings: ScanSettings,
    levels: tuple[float, float],
    threads: int,
    progress: Callable[[int, int], None] | None,
    cancelled: Callable[[], bool] | None,
) -> np.ndarray:
    """Largest statistic of each replication, cut after the one that decides an early stop.

    `levels` are the best observed statistic and what nine in ten centres stay below.
    """
    top, usual = levels
    sides = (HIGH, LOW) if settings.rates == "both" else (_SIDE[settings.rates],)
    monte_carlo = monte_carlo_of(study, circles, windows, sides=sides, least_cases=settings.least_cases)

    def reached(found: np.ndarray) -> np.ndarray:
        return np.nonzero(found >= top * (1 - 1e-9))[0]

    stop = settings.early_stop
    maxima = largest_of_each(
        monte_carlo,
        replications=settings.replications,
        seed=settings.seed,
        first_level=usual,
        threads=threads,
        enough=(lambda found: len(reached(found)) >= stop) if stop else None,
        progress=progress,
        cancelled=cancelled,
    )
    hits = reached(maxima)
    return maxima[: int(hits[stop - 1]) + 1] if stop and len(hits) >= stop else maxima


def _judged(cluster: Cluster, maxima: np.ndarray, study: Study, settings: ScanSettings) -> Cluster:
    """The cluster with its p-values and, in a prospective scan, how often chance brings one like it."""
    p = rank_p(cluster.statistic, maxima)
    days = study.period.days_per_step() / p if settings.analysis == "prospective" else None
    return replace(cluster, p_value=p, gumbel_p_value=gumbel_p(cluster.statistic, maxima), recurrence_days=days)
