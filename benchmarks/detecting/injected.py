"""Clusters put into real counts: Poisson extras of a known relative risk, in a circle, over some weeks."""

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h3.api.numpy_int as h3
import numpy as np
import pandas as pd

from benchmarks.detecting.area import WEEKS, Area, area_of
from benchmarks.detecting.methods import METHODS, strong_cells, strongest_hit
from benchmarks.detecting.nulls import Thresholds, null_strengths, rate_of, thresholds_of
from benchmarks.detecting.outcomes import Found, Outcome, summary

RESOLUTION = 8
RISKS = (1.5, 2.0, 3.0)
RADII_KM, LENGTHS = (1.0, 3.0), (1, 4)


@dataclass(frozen=True)
class City:
    """A city's cells, and its counts, cells × weeks."""

    area: Area
    counts: np.ndarray

    def at(self, look: int) -> np.ndarray:
        """Counts of the weeks before a look at the end of week `look`."""
        return self.counts[:, look - WEEKS : look]

    @property
    def looks(self) -> np.ndarray:
        """Looks with a full history behind them."""
        return np.arange(WEEKS, self.counts.shape[1] + 1)


def study_city(city: City, *, trials: int, nulls: int, seed: int) -> dict[str, Any]:
    """Power, delay, place error and false alerts of the methods."""
    area = city.area
    thresholds = thresholds_of(null_strengths(area, city.at, city.looks, nulls=nulls, seed=seed))
    fresh = null_strengths(area, city.at, city.looks, nulls=nulls, seed=seed + 1)
    rng = np.random.default_rng(seed)
    found: dict[str, dict[float, list[Outcome]]] = {name: {risk: [] for risk in RISKS} for name in METHODS}
    for risk in RISKS:
        for _ in range(trials):
            for name, outcome in one_trial(city, risk, thresholds, rng).items():
                found[name][risk].append(outcome)
    return {"cells": len(area.points), "weeks": city.counts.shape[1], "nulls": nulls} | {
        name: rate_of(fresh[name], thresholds[name]).figures()
        | {f"relative_risk_{risk}": summary(found[name][risk]) for risk in RISKS}
        for name in METHODS
    }


def one_trial(city: City, risk: float, thresholds: Thresholds, rng: np.random.Generator) -> dict[str, Outcome]:
    """What each method makes of one cluster put in at a place drawn by incidents."""
    area, counts = city.area, city.counts
    centre = int(rng.choice(len(area.points), p=counts.sum(axis=1) / counts.sum()))
    apart = np.sqrt(((area.points - area.points[centre]) ** 2).sum(axis=1))
    inside = np.nonzero(apart <= rng.uniform(*RADII_KM))[0]
    length = int(rng.integers(LENGTHS[0], LENGTHS[1] + 1))
    start = int(rng.integers(WEEKS, counts.shape[1] - length))
    changed = counts.copy()
    usual = counts[inside].mean(axis=1, keepdims=True)
    changed[inside, start : start + length] += rng.poisson((risk - 1) * usual, (len(inside), length))
    with_it = City(area, changed)
    found: dict[str, Outcome] = dict.fromkeys(METHODS)
    for look in range(start + 1, start + length + 1):
        for name in [name for name, outcome in found.items() if outcome is None]:
            anyway = strong_cells(METHODS[name](area, city.at(look)), thresholds[name])
            alerts = METHODS[name](area, with_it.at(look))
            hit = strongest_hit(alerts, thresholds[name], set(inside.tolist()) - anyway)
            if hit:
                found[name] = Found(7.0 * (look - start), float(apart[hit.centre]))
    return found


def read_city(path: Path, kinds: list[str]) -> City:
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
    return City(area_of(cells), counts)
