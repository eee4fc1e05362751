"""How well emerging clusters are found: clusters are put into real counts, at one false alert a year.

Four methods look at the same weekly counts: the prospective permutation scan, the emerging classes, an EWMA chart and
the change from week to week. Each gets the threshold at which data with permuted dates alert once in 365 days, and the
rate is then measured on other permutations. A cluster counts as found by an alert that shares a cell with it and that
the same week does not raise without the cluster.
"""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import h3.api.numpy_int as h3
import numpy as np
import pandas as pd
import typer

from benchmarks.figures import show
from geo.neighbours import Neighbours, of_cells, on_sphere
from risk.emerging import EmergingClass, classify
from risk.local_statistic import local_statistic, neighbourhood_sums, significant
from risk.scan.circles import Circles, draw_circles
from risk.scan.draws import draw_permuted, seeds_of
from risk.scan.plain import HIGH, best_of_each_centre
from risk.scan.statistic import POISSON
from risk.scan.windows import edges_of, windows_of
from risk.trend import trend

app = typer.Typer()
RESOLUTION, WEEKS, LONGEST, REACH_KM = 8, 26, 4, 5.0
EARTH_KM, LOOKS_A_YEAR = 6371.0, 365 / 7
RISKS = (1.5, 2.0, 3.0)


@dataclass(frozen=True)
class Area:
    """The study area: cells, their points (km), neighbours and circles, and weekly counts (cells × weeks)."""

    points: np.ndarray
    neighbours: Neighbours
    circles: Circles
    counts: np.ndarray


@dataclass(frozen=True)
class Alert:
    """One place that a method points at: how strongly, where its middle is, which cells it holds."""

    strength: float
    centre: int
    cells: np.ndarray


Method = Callable[[Area, np.ndarray], list[Alert]]


@app.command()
def main(
    incidents: Annotated[
        Path, typer.Option(exists=True, help="CSV or ZIP, no header: time, kind, latitude, longitude")
    ],
    kinds: Annotated[str, typer.Option(help="Kinds to keep, comma-separated; all if empty")] = "BATTERY,ASSAULT",
    trials: Annotated[int, typer.Option(help="Clusters put in per relative risk")] = 60,
    nulls: Annotated[int, typer.Option(help="Permutations for thresholds, and again for the rates")] = 1000,
    seed: Annotated[int, typer.Option()] = 1,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Power, delay, place error and false alerts of four methods, side by side."""
    area = read_area(incidents, [kind for kind in kinds.split(",") if kind])
    rng = np.random.default_rng(seed)
    calibration = null_strengths(area, nulls, seed=seed, rng=rng)
    thresholds = {name: float(np.quantile(calibration[name], 1 - 1 / LOOKS_A_YEAR)) for name in METHODS}
    fresh = null_strengths(area, nulls, seed=seed + 1, rng=rng)
    found = {name: {risk: [] for risk in RISKS} for name in METHODS}
    for risk in RISKS:
        for _ in range(trials):
            for name, outcome in one_trial(area, risk, thresholds, rng).items():
                found[name][risk].append(outcome)
    figures: dict[str, Any] = {
        "cells": len(area.points),
        "weeks": area.counts.shape[1],
        "trials": trials,
        "nulls": nulls,
    }
    for name in METHODS:
        figures[name] = {
            "false_alerts_per_365_days": round(float((fresh[name] > thresholds[name]).mean() * LOOKS_A_YEAR), 2),
            **{f"relative_risk_{risk}": summary(found[name][risk]) for risk in RISKS},
        }
    figures["false_alerts_two_standard_errors"] = round(2 * np.sqrt(LOOKS_A_YEAR / nulls), 2)
    show(figures, as_json=as_json)


def read_area(path: Path, kinds: list[str]) -> Area:
    """Weekly counts of the H3 cells that ever had an incident; full weeks from the first Monday."""
    columns = ["time", "kind", "latitude", "longitude"]
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as file:
            rows = pd.read_csv(file, header=None, names=columns)
    else:
        rows = pd.read_csv(path, header=None, names=columns)
    rows = rows.drop_duplicates()
    rows = rows[rows["kind"].isin(kinds)] if kinds else rows
    days = pd.to_datetime(rows["time"], format="%m/%d/%Y %I:%M:%S %p").dt.normalize()
    monday = days.min() + pd.Timedelta(days=(7 - days.min().dayofweek) % 7)
    week = ((days - monday).dt.days // 7).to_numpy()
    kept = (week >= 0) & (week < (days.max() + pd.Timedelta(days=1) - monday).days // 7)
    at = rows.loc[kept, ["latitude", "longitude"]].to_numpy()
    cell = np.array([h3.latlng_to_cell(*point, RESOLUTION) for point in at.tolist()], dtype=np.int64)
    cells, place = np.unique(cell, return_inverse=True)
    counts = np.zeros((len(cells), int(week[kept].max()) + 1), dtype=np.int64)
    np.add.at(counts, (place, week[kept]), 1)
    centres = np.array([h3.cell_to_latlng(one) for one in cells.astype(np.uint64).tolist()])
    points = EARTH_KM * on_sphere(centres[:, 1], centres[:, 0])
    circles = draw_circles(points, np.ones(len(cells)), max_share=1.0, max_distance=REACH_KM)
    return Area(points, of_cells(cells), circles, counts)


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
    z = local_statistic(counts.astype(np.float64), area.neighbours)
    classes = classify(significant(z), trend(z).direction())
    emerging = np.isin(classes, [EmergingClass.NEW_HOT, EmergingClass.CONSECUTIVE_HOT])
    return [Alert(float(z[cell, -1]), int(cell), np.array([cell])) for cell in np.nonzero(emerging)[0]]


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
    """Change from the last week to this one of each cell with its ring, in Poisson deviations."""
    series = neighbourhood_sums(counts.astype(np.float64), area.neighbours, look_back=0)
    now, before = series[:, -1], series[:, -2]
    return _of_cells((now - before) / np.sqrt(np.maximum(now + before, 1.0)))


METHODS: dict[str, Method] = {
    "scan": scan_alerts,
    "classes": class_alerts,
    "ewma": ewma_alerts,
    "week_on_week": change_alerts,
}


def _of_cells(strength: np.ndarray) -> list[Alert]:
    return [Alert(float(strength[cell]), int(cell), np.array([cell])) for cell in np.nonzero(strength > 0)[0]]


def null_strengths(area: Area, nulls: int, *, seed: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Strongest alert of each method in data whose dates are permuted; 0 where there is none."""
    strengths = {name: np.zeros(nulls) for name in METHODS}
    for index, state in enumerate(seeds_of(seed, nulls)):
        end = int(rng.integers(WEEKS, area.counts.shape[1] + 1))
        permuted = permute_dates(area.counts[:, end - WEEKS : end], np.array([state], dtype=np.uint64))
        for name, method in METHODS.items():
            strengths[name][index] = max((alert.strength for alert in method(area, permuted)), default=0.0)
    return strengths


def permute_dates(counts: np.ndarray, state: np.ndarray) -> np.ndarray:
    """The same incidents with their weeks shuffled: cells and weeks keep their totals."""
    place, week = np.nonzero(counts)
    times = counts[place, week]
    places, weeks = np.repeat(place, times).astype(np.int32), np.repeat(week, times).astype(np.int32)
    shuffled = np.zeros_like(counts)
    draw_permuted(shuffled, places, weeks, len(weeks), state)
    return shuffled


def one_trial(
    area: Area, risk: float, thresholds: dict[str, float], rng: np.random.Generator
) -> dict[str, tuple[float, float] | None]:
    """Delay (days) and place error (km) of each method for one cluster put in; None where it is missed."""
    centre = int(rng.choice(len(area.points), p=area.counts.sum(axis=1) / area.counts.sum()))
    apart = np.sqrt(((area.points - area.points[centre]) ** 2).sum(axis=1))
    inside = np.nonzero(apart <= rng.uniform(1.0, 3.0))[0]
    length = int(rng.integers(1, 5))
    start = int(rng.integers(WEEKS, area.counts.shape[1] - length))
    changed = area.counts.copy()
    usual = area.counts[inside].mean(axis=1, keepdims=True)
    changed[inside, start : start + length] += rng.poisson((risk - 1) * usual, (len(inside), length))
    found: dict[str, tuple[float, float] | None] = dict.fromkeys(METHODS)
    for end in range(start + 1, start + length + 1):
        for name, method in METHODS.items():
            if found[name] is not None:
                continue
            usual_alerts = strong_cells(method(area, area.counts[:, end - WEEKS : end]), thresholds[name])
            alerts = method(area, changed[:, end - WEEKS : end])
            hits = [
                alert
                for alert in alerts
                if alert.strength > thresholds[name] and set(alert.cells.tolist()) & set(inside.tolist()) - usual_alerts
            ]
            if hits:
                best = max(hits, key=lambda alert: alert.strength)
                found[name] = (7.0 * (end - start), float(apart[best.centre]))
    return found


def strong_cells(alerts: list[Alert], threshold: float) -> set[int]:
    """Cells in alerts above the threshold."""
    return {int(cell) for alert in alerts if alert.strength > threshold for cell in alert.cells}


def summary(outcomes: list[tuple[float, float] | None]) -> dict[str, float | None]:
    """Share found, and medians of delay (days) and place error (km) among those."""
    hits = [outcome for outcome in outcomes if outcome is not None]
    return {
        "power": round(len(hits) / max(len(outcomes), 1), 3),
        "median_delay_days": float(np.median([delay for delay, _ in hits])) if hits else None,
        "median_place_error_km": round(float(np.median([error for _, error in hits])), 2) if hits else None,
    }
