"""Four methods that watch the same weekly counts; each says where it would raise an alert, and how strongly."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.detecting.area import LONGEST, Area
from risk.emerging import EmergingClass, EmergingSettings
from risk.local_statistic import neighbourhood_sums
from risk.scan.plain import HIGH, best_of_each_centre
from risk.scan.statistic import POISSON
from risk.scan.windows import edges_of, windows_of
from risk.series import Series
from risk.sparse_emerging import emerging_places


@dataclass(frozen=True)
class Alert:
    """One place that a method points at: how strongly, where its middle is, which cells it holds."""

    strength: float
    centre: int
    cells: np.ndarray


Method = Callable[[Area, np.ndarray], list[Alert]]


def scan_alerts(area: Area, counts: np.ndarray) -> list[Alert]:
    """Best circle and window around each centre, windows of up to four weeks that end now; strength is the ratio."""
    measures = counts.sum(axis=1)[:, None] * counts.sum(axis=0) / max(counts.sum(), 1)
    windows = windows_of(counts.shape[1], longest=LONGEST, ending_last=True)
    circles = area.circles
    best, where = best_of_each_centre(
        edges_of(counts),
        edges_of(measures),
        circles.starts,
        circles.members,
        circles.complete,
        windows.first,
        windows.last,
        int(counts.sum()),
        float(counts.sum()),
        POISSON,
        HIGH,
        2,
    )
    ends = where[:, 0] + 1
    return [
        Alert(float(best[centre]), int(centre), circles.members[circles.starts[centre] : ends[centre]])
        for centre in np.nonzero(best > 0)[0]
    ]


def class_alerts(area: Area, counts: np.ndarray) -> list[Alert]:
    """Cells that are newly, or for the first time repeatedly, hot; strength is the z-score of the last week."""
    place, week = np.nonzero(counts)
    series = Series(area.position[place], week, counts[place, week])
    found = emerging_places(series, area.whole, steps=counts.shape[1], settings=EmergingSettings()).table
    kinds = [EmergingClass.NEW_HOT, EmergingClass.CONSECUTIVE_HOT]
    found = found[found["emerging_class"].isin(kinds) & found["position"].isin(area.position)]
    cells = np.searchsorted(area.position, found["position"].to_numpy())
    pairs = zip(found["last_z"], cells, strict=True)
    return [Alert(float(z), int(cell), np.array([cell])) for z, cell in pairs]


def ewma_alerts(area: Area, counts: np.ndarray, *, weight: float = 0.3) -> list[Alert]:
    """EWMA chart of each cell with its ring, in deviations of the weeks before the last four. Roberts (1959)."""
    series = neighbourhood_sums(counts.astype(np.float64), area.neighbours, look_back=0)
    before = series[:, :-LONGEST]
    mean = before.mean(axis=1)
    deviation = np.sqrt(np.maximum(before.var(axis=1, ddof=1), np.maximum(mean, 0.25)) * weight / (2 - weight))
    level = mean
    for week in range(series.shape[1] - LONGEST, series.shape[1]):
        level = weight * series[:, week] + (1 - weight) * level
    return _of_cells((level - mean) / deviation)


def change_alerts(area: Area, counts: np.ndarray) -> list[Alert]:
    """Change from the last week to this one of each cell with its ring, in Poisson deviations.

    An exact binomial tail instead of deviations finds no more: the threshold comes from permutations for either.
    """
    series = neighbourhood_sums(counts.astype(np.float64), area.neighbours, look_back=0)
    now, before = series[:, -1], series[:, -2]
    return _of_cells((now - before) / np.sqrt(np.maximum(now + before, 1.0)))


METHODS: dict[str, Method] = {
    "scan": scan_alerts,
    "classes": class_alerts,
    "ewma": ewma_alerts,
    "week_on_week": change_alerts,
}


def strong_cells(alerts: list[Alert], threshold: float) -> set[int]:
    """Cells in alerts above the threshold."""
    return {int(cell) for alert in alerts if alert.strength > threshold for cell in alert.cells}


def strongest_hit(alerts: list[Alert], threshold: float, inside: set[int]) -> Alert | None:
    """The strongest alert above the threshold that shares a cell with `inside`."""
    hits = [alert for alert in alerts if alert.strength > threshold and inside & set(alert.cells.tolist())]
    return max(hits, key=lambda alert: alert.strength, default=None)


def _of_cells(strength: np.ndarray) -> list[Alert]:
    return [Alert(float(strength[cell]), int(cell), np.array([cell])) for cell in np.nonzero(strength > 0)[0]]
