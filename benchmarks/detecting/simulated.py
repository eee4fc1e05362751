"""The simulated province and the hotspots that were put into it: the truth is known, also where nothing is."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h3.api.numpy_int as h3
import numpy as np
import pandas as pd

from benchmarks.detecting.area import EARTH_KM, WEEKS, Area, area_of
from benchmarks.detecting.methods import METHODS, strong_cells, strongest_hit
from benchmarks.detecting.nulls import Rate, Thresholds, null_strengths, rate_of, thresholds_of
from benchmarks.detecting.outcomes import Found, Outcome, summary
from data.simulation import read_truth
from data.simulation.truth import INCIDENTS_FILE, HotspotTruth
from geo.neighbours import on_sphere

RESOLUTION = 7
FIRST_LOOK = 10
"""Weeks after the beginning; hotspots begin from the eleventh week on."""
MANY = 10
"""Incidents with coordinates from which a hotspot is one of the larger ones."""
DAY = 86_400.0
NONE = -1


@dataclass(frozen=True)
class Watched:
    """Incidents of one type that have coordinates.

    Parameters
    ----------
    area
        Cells that ever had one, within all cells that ever had an incident.
    place, occurred, accepted, hotspot
        Of each incident: cell, seconds, and the number of the hotspot that it belongs to, `NONE` for none.
    begin, end
        Of the simulation, seconds; looks are whole weeks before the end.
    """

    area: Area
    place: np.ndarray
    occurred: np.ndarray
    accepted: np.ndarray
    hotspot: np.ndarray
    begin: float
    end: float

    @property
    def looks(self) -> np.ndarray:
        """Numbers of the looks: weeks since the beginning, the last at the end."""
        return np.arange(FIRST_LOOK, int((self.end - self.begin) // (7 * DAY)) + 1)

    def moment(self, look: int) -> float:
        """When a look is taken, seconds."""
        return self.end - float(self.looks[-1] - look) * 7 * DAY

    def at(self, look: int, kept: np.ndarray | None = None) -> np.ndarray:
        """Counts by week of occurrence, of what was accepted before the look; of incidents `kept` alone if given."""
        weeks, moment = min(WEEKS, look), self.moment(look)
        back = ((moment - self.occurred) // (7 * DAY)).astype(np.int64)
        known = (self.accepted < moment) & (back >= 0) & (back < weeks)
        known = known if kept is None else known & kept
        counts = np.zeros((len(self.area.points), weeks), np.int64)
        np.add.at(counts, (self.place[known], weeks - 1 - back[known]), 1)
        return counts


def study_simulation(folder: Path, *, nulls: int, seed: int) -> dict[str, Any]:
    """Power, delay and place error over the hotspots of a simulation, and false alerts where none are.

    Each type with a hotspot is watched by itself, with thresholds of its own from `nulls` permutations; an eighth as
    many others, of each type, are what the rate under permuted dates is measured on.
    """
    truth = read_truth(folder)
    rates = {name: Rate(0, 0) for name in METHODS}
    real = {name: Rate(0, 0) for name in METHODS}
    found: dict[str, list[Outcome]] = {name: [] for name in METHODS}
    sizes: list[int] = []
    types = sorted({spot.dispute_type for spot in truth.hotspots})
    incidents = read_incidents(folder)
    for kind in types:
        watched = watch(incidents, kind)
        strengths = null_strengths(watched.area, watched.at, watched.looks, nulls=nulls, seed=seed)
        thresholds = thresholds_of(strengths)
        fresh = null_strengths(watched.area, watched.at, watched.looks, nulls=max(nulls // 8, 1), seed=seed + 1)
        alone = quiet_alerts(watched, thresholds)
        for name in METHODS:
            rates[name] += rate_of(fresh[name], thresholds[name])
            real[name] += alone[name]
        for number, spot in enumerate(truth.hotspots):
            if spot.dispute_type == kind:
                sizes.append(int((watched.hotspot == number).sum()))
                for name, outcome in one_hotspot(watched, number, spot, thresholds).items():
                    found[name].append(outcome)
    large = np.array(sizes) >= MANY
    return {"types": types, "hotspots": len(sizes), "nulls": nulls, "looks": next(iter(real.values())).looks} | {
        name: rates[name].figures()
        | real[name].figures("alerts_without_hotspots_per_365_days")
        | {
            "all": summary(found[name]),
            f"of_{MANY}_and_more": summary([one for one, many in zip(found[name], large, strict=True) if many]),
        }
        for name in METHODS
    }


def quiet_alerts(watched: Watched, thresholds: Thresholds) -> dict[str, Rate]:
    """Looks with an alert after all hotspots' incidents have been taken away."""
    ordinary = watched.hotspot == NONE
    alerts = dict.fromkeys(METHODS, 0)
    for look in watched.looks.tolist():
        counts = watched.at(look, ordinary)
        for name, method in METHODS.items():
            alerts[name] += any(alert.strength > thresholds[name] for alert in method(watched.area, counts))
    return {name: Rate(number, len(watched.looks)) for name, number in alerts.items()}


def one_hotspot(watched: Watched, number: int, spot: HotspotTruth, thresholds: Thresholds) -> dict[str, Outcome]:
    """What each method makes of one hotspot, from its first day to the first look after its last.

    Found is it by an alert that shares a cell with its incidents and is not raised where they are taken away.
    """
    start, end = (pd.Timestamp(moment).timestamp() for moment in (spot.start, spot.end))
    mine = watched.hotspot == number
    inside = set(watched.place[mine].tolist())
    centre = EARTH_KM * on_sphere(np.array([spot.longitude]), np.array([spot.latitude]))
    apart = np.sqrt(((watched.area.points - centre) ** 2).sum(axis=1))
    found: dict[str, Outcome] = dict.fromkeys(METHODS)
    for look in watched.looks.tolist():
        moment = watched.moment(look)
        if not start < moment < end + 7 * DAY:
            continue
        counts, without = watched.at(look), watched.at(look, ~mine)
        for name in [name for name, outcome in found.items() if outcome is None]:
            anyway = strong_cells(METHODS[name](watched.area, without), thresholds[name])
            alerts = METHODS[name](watched.area, counts)
            hit = strongest_hit(alerts, thresholds[name], inside - anyway)
            if hit:
                found[name] = Found((moment - start) / DAY, float(apart[hit.centre]))
    return found


def read_incidents(folder: Path) -> pd.DataFrame:
    """Incidents that were delivered with coordinates: `dispute_type`, `hotspot`, `cell`, moments in seconds."""
    table = pd.read_parquet(folder / INCIDENTS_FILE)
    table = table[table["with_point"]]
    pairs = zip(table["latitude"], table["longitude"], strict=True)
    return pd.DataFrame(
        {
            "dispute_type": table["dispute_type"].to_numpy(),
            "hotspot": table["hotspot"].to_numpy(),
            "cell": np.array([h3.latlng_to_cell(*pair, RESOLUTION) for pair in pairs], np.int64),
            "occurred": _seconds(table["occurred_at"]),
            "accepted": _seconds(table["accepted_at"]),
        }
    )


def watch(incidents: pd.DataFrame, kind: str) -> Watched:
    """Incidents of a type, and the cells they lie in."""
    rows = incidents[incidents["dispute_type"] == kind]
    study = np.unique(incidents["cell"].to_numpy())
    cells, place = np.unique(rows["cell"].to_numpy(), return_inverse=True)
    moments = {name: rows[name].to_numpy() for name in ("occurred", "accepted")}
    begin, end = float(incidents["occurred"].min()), float(incidents["accepted"].max())
    hotspot = rows["hotspot"].to_numpy()
    return Watched(area_of(cells, study), place, hotspot=hotspot, begin=begin, end=end, **moments)


def _seconds(moments: pd.Series) -> np.ndarray:
    utc = moments.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy("datetime64[s]")
    return np.asarray(utc.astype(np.int64).astype(np.float64))
