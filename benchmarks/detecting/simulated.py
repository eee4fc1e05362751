"""The simulated province and the hotspots that were put into it: the truth is known, also where nothing is."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import h3.api.numpy_int as h3
import numpy as np
import pandas as pd

from benchmarks.detecting.area import EARTH_KM, Area, area_of
from benchmarks.detecting.methods import METHODS, strong_cells, strongest_hit
from benchmarks.detecting.nulls import NOMINAL, Rate, Thresholds, null_strengths, rate_of, thresholds_of
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
    place, occurred, accepted, hotspot, repeat
        Of each incident: cell, seconds, the number of the hotspot that it belongs to, `NONE` for none, and whether it
        follows from another one, as near repeats and second reports do.
    weeks
        How far a look goes back.
    begin, end
        Of the simulation, seconds; looks are whole weeks before the end.
    """

    area: Area
    place: np.ndarray
    occurred: np.ndarray
    accepted: np.ndarray
    hotspot: np.ndarray
    repeat: np.ndarray
    begin: float
    end: float
    weeks: int

    @property
    def looks(self) -> np.ndarray:
        """Numbers of the looks: weeks since the beginning, the last at the end."""
        return np.arange(FIRST_LOOK, int((self.end - self.begin) // (7 * DAY)) + 1)

    def moment(self, look: int) -> float:
        """When a look is taken, seconds."""
        return self.end - float(self.looks[-1] - look) * 7 * DAY

    def at(self, look: int, kept: np.ndarray | None = None) -> np.ndarray:
        """Counts by week of occurrence, of what was accepted before the look; of incidents `kept` alone if given."""
        weeks, moment = min(self.weeks, look), self.moment(look)
        back = ((moment - self.occurred) // (7 * DAY)).astype(np.int64)
        known = (self.accepted < moment) & (back >= 0) & (back < weeks)
        known = known if kept is None else known & kept
        counts = np.zeros((len(self.area.points), weeks), np.int64)
        np.add.at(counts, (self.place[known], weeks - 1 - back[known]), 1)
        return counts


NO_LOOKS = Rate(0, 0)


@dataclass
class Tally:
    """What is known of one method so far: rates in permuted data, without hotspots, without repeats either."""

    permuted: Rate = NO_LOOKS
    quiet: Rate = NO_LOOKS
    plain: Rate = NO_LOOKS
    found: list[tuple[int, Outcome]] = field(default_factory=list)
    found_at_own_rate: list[Outcome] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        """All of it; hotspots with many incidents once more by themselves."""
        return (
            self.permuted.figures()
            | self.quiet.figures("without_hotspots_per_365_days")
            | self.plain.figures("without_hotspots_and_repeats_per_365_days")
            | {"all": summary([outcome for _, outcome in self.found])}
            | {f"of_{MANY}_and_more": summary([outcome for size, outcome in self.found if size >= MANY])}
            | {"at_one_real_false_alert": summary(self.found_at_own_rate)}
        )


def study_simulation(folder: Path, *, weeks: int, nulls: int, seed: int) -> dict[str, Any]:
    """Power, delay and place error over the hotspots of a simulation, and false alerts where none are.

    Each type with a hotspot is watched by itself, with thresholds of its own from `nulls` permutations; an eighth as
    many others, of each type, are what the rate under permuted dates is measured on. The rates without hotspots count
    looks at which an alert begins.
    """
    truth, incidents = read_truth(folder), read_incidents(folder)
    tallies = {name: Tally() for name in METHODS}
    types = sorted({spot.dispute_type for spot in truth.hotspots})
    for kind in types:
        watched = watch(incidents, kind, weeks=weeks)
        fixed = (watched.area, watched.at, watched.looks)
        thresholds = thresholds_of(null_strengths(*fixed, nulls=nulls, seed=seed))
        fresh = null_strengths(*fixed, nulls=max(nulls // 8, 1), seed=seed + 1)
        ordinary = watched.hotspot == NONE
        own, quiet = alerts_begun(watched, thresholds, ordinary)
        _, plain = alerts_begun(watched, thresholds, ordinary & ~watched.repeat)
        for name, tally in tallies.items():
            tally.permuted += rate_of(fresh[name], thresholds[name])
            tally.quiet += quiet[name]
            tally.plain += plain[name]
        for number, spot in enumerate(truth.hotspots):
            if spot.dispute_type == kind:
                size = int((watched.hotspot == number).sum())
                for name, outcome in one_hotspot(watched, number, spot, thresholds).items():
                    tallies[name].found.append((size, outcome))
                for name, outcome in one_hotspot(watched, number, spot, own).items():
                    tallies[name].found_at_own_rate.append(outcome)
    return {"types": types, "weeks": weeks, "nulls": nulls, "looks": tallies["scan"].quiet.looks} | {
        name: tally.figures() for name, tally in tallies.items()
    }


def alerts_begun(watched: Watched, thresholds: Thresholds, kept: np.ndarray) -> tuple[Thresholds, dict[str, Rate]]:
    """Looks at incidents `kept` at which an alert begins: one that shares no cell with those of the look before.

    Returns
    -------
    Thresholds that these looks exceed once in 365 days at most, and the rates at the thresholds given.
    """
    looks = watched.looks
    begun = dict.fromkeys(METHODS, 0)
    highest = {name: np.zeros(len(looks)) for name in METHODS}
    before: dict[str, set[int]] = {name: set() for name in METHODS}
    for at, look in enumerate(looks.tolist()):
        counts = watched.at(look, kept)
        for name, method in METHODS.items():
            alerts = method(watched.area, counts)
            highest[name][at] = max((alert.strength for alert in alerts), default=0.0)
            strong = [alert for alert in alerts if alert.strength > thresholds[name]]
            begun[name] += any(before[name].isdisjoint(alert.cells.tolist()) for alert in strong)
            before[name] = strong_cells(strong, thresholds[name])
    rank = int(len(looks) * NOMINAL) + 1
    own = {name: float(np.sort(values)[-rank]) for name, values in highest.items()}
    return own, {name: Rate(number, len(looks)) for name, number in begun.items()}


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
    """Incidents delivered with coordinates: `dispute_type`, `hotspot`, `repeat`, `cell`, moments in seconds."""
    table = pd.read_parquet(folder / INCIDENTS_FILE)
    table = table[table["with_point"]]
    pairs = zip(table["latitude"], table["longitude"], strict=True)
    return pd.DataFrame(
        {
            "dispute_type": table["dispute_type"].to_numpy(),
            "hotspot": table["hotspot"].to_numpy(),
            "repeat": (table["parent"] >= 0).to_numpy() | (table["duplicate_of"] >= 0).to_numpy(),
            "cell": np.array([h3.latlng_to_cell(*pair, RESOLUTION) for pair in pairs], np.int64),
            "occurred": _seconds(table["occurred_at"]),
            "accepted": _seconds(table["accepted_at"]),
        }
    )


def watch(incidents: pd.DataFrame, kind: str, *, weeks: int) -> Watched:
    """Incidents of a type, and the cells they lie in."""
    rows = incidents[incidents["dispute_type"] == kind]
    cells, place = np.unique(rows["cell"].to_numpy(), return_inverse=True)
    area = area_of(cells, np.unique(incidents["cell"].to_numpy()))
    columns = {name: rows[name].to_numpy() for name in ("occurred", "accepted", "hotspot", "repeat")}
    begin, end = float(incidents["occurred"].min()), float(incidents["accepted"].max())
    return Watched(area, place, begin=begin, end=end, weeks=weeks, **columns)


def _seconds(moments: pd.Series) -> np.ndarray:
    utc = moments.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy("datetime64[s]")
    return np.asarray(utc.astype(np.int64).astype(np.float64))
