"""What was simulated, for tests and evaluation: written beside the feeds, never read by the product."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from data.simulation import profiles
from data.simulation.feeds import FeedTruth
from data.simulation.hotspots import Hotspot
from data.simulation.life_cycle import OUTCOME_CODES, STATUS_CODES
from data.simulation.places import Places
from data.simulation.profiles import SOURCE_CODES, TYPE_CODES

TRUTH_FILE, INCIDENTS_FILE = "truth.json", "truth_incidents.parquet"


@dataclass(frozen=True)
class HotspotTruth:
    """One injected hotspot; moments are local, ISO 8601 with offset, `[start, end)`.

    Parameters
    ----------
    expected_baseline, expected_extra
        Incidents of the type expected in the grids and the interval, without and because of the hotspot,
        before reporting delay.
    incidents
        (source, external_id) of those that were added and written.
    """

    dispute_type: str
    longitude: float
    latitude: float
    radius_m: float
    grid_codes: list[str]
    start: str
    end: str
    ongoing: bool
    relative_risk: float
    expected_baseline: float
    expected_extra: float
    incidents: list[tuple[str, str]]


@dataclass(frozen=True)
class Truth:
    """The whole simulation in figures."""

    parameters: dict[str, object]
    feeds: dict[str, FeedTruth]
    hotspots: list[HotspotTruth]

    @property
    def incidents(self) -> int:
        """Distinct valid incidents over all feeds."""
        return sum(feed.incidents for feed in self.feeds.values())


def stated_parameters() -> dict[str, object]:
    """The module's parameters that readers of the truth may want."""
    names = (
        "CHANNEL_SUCCESS", "NEAR_REPEAT_SHARE", "NEAR_REPEAT_METRES", "NEAR_REPEAT_DAYS", "CITY_GROWTH",
        "COUNTY_SPREAD", "WRONG_CODE_SHARE", "UPDATE_SHARE", "DIRTY_SHARE", "SECOND_REPORT_SHARE",
        "SECOND_REPORT_METRES", "SECOND_REPORT_DAYS", "SECOND_REPORT_SAME_TYPE",
    )  # fmt: skip
    values = {name.lower(): getattr(profiles, name) for name in names}
    # Lists, because a tuple would come back from JSON as one.
    stated = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
    return stated | {"source_shares": dict(zip(SOURCE_CODES, profiles.source_shares().tolist(), strict=True))}


def describe_hotspots(hotspots: list[Hotspot], incidents: pd.DataFrame, places: Places) -> list[HotspotTruth]:
    """Hotspots with the identifiers of their incidents (columns `hotspot`, `source`, `external_id`)."""
    members: list[list[tuple[str, str]]] = [[] for _ in hotspots]
    extra = incidents[incidents["hotspot"] >= 0]
    for number, source, name in zip(extra["hotspot"], extra["source"], extra["external_id"], strict=True):
        members[number].append((SOURCE_CODES[source], name))
    return [_described(spot, ids, places) for spot, ids in zip(hotspots, members, strict=True)]


def write_truth(folder: Path, truth: Truth, incidents: pd.DataFrame, places: Places) -> None:
    """Write truth.json and one row per valid incident to truth_incidents.parquet."""
    text = json.dumps(asdict(truth), ensure_ascii=False, indent=1)
    (folder / TRUTH_FILE).write_text(text + "\n", encoding="utf-8")
    _readable(incidents, places).to_parquet(folder / INCIDENTS_FILE, index=False, compression="zstd")


def read_truth(folder: Path) -> Truth:
    """The truth written beside the feeds in `folder`."""
    found = json.loads((folder / TRUTH_FILE).read_text(encoding="utf-8"))
    feeds = {source: FeedTruth(**feed) for source, feed in found["feeds"].items()}
    hotspots = [
        HotspotTruth(**spot | {"incidents": [tuple(one) for one in spot["incidents"]]}) for spot in found["hotspots"]
    ]
    return Truth(parameters=found["parameters"], feeds=feeds, hotspots=hotspots)


def local_text(moment: int) -> str:
    """ISO 8601 with offset of a local second."""
    return f"{np.datetime64(moment, 's')}+08:00"


def _described(spot: Hotspot, incidents: list[tuple[str, str]], places: Places) -> HotspotTruth:
    return HotspotTruth(
        dispute_type=TYPE_CODES[spot.dispute_type], longitude=round(spot.longitude, 6),
        latitude=round(spot.latitude, 6), radius_m=round(spot.radius_m, 1),
        grid_codes=[str(code) for code in np.sort(places.codes[spot.grids])],
        start=local_text(spot.start), end=local_text(spot.end), ongoing=spot.ongoing,
        relative_risk=spot.relative_risk, expected_baseline=round(spot.baseline, 3),
        expected_extra=round(spot.expected_extra, 3), incidents=incidents,
    )  # fmt: skip


def _readable(incidents: pd.DataFrame, places: Places) -> pd.DataFrame:
    """Truth of each incident: WGS 84, real place; row of its trigger, of its first report, number of its hotspot."""
    columns = ["external_id", "longitude", "latitude", "written_code", "with_point", "conflict", "people"]
    table = incidents[[*columns, "parent", "hotspot", "duplicate_of"]].copy()
    table.insert(0, "source", np.array(SOURCE_CODES)[incidents["source"]])
    table.insert(2, "dispute_type", np.array(TYPE_CODES)[incidents["dispute_type"]])
    table["place"] = places.codes[incidents["place"].to_numpy()]
    table["status"] = np.array(STATUS_CODES)[incidents["status"]]
    table["outcome"] = np.array([*OUTCOME_CODES, ""])[incidents["outcome"]]
    for name in ("occurred", "accepted", "closed"):
        seconds = incidents[name].to_numpy()
        moments = pd.Series(seconds.astype("datetime64[s]")).where(seconds >= 0)
        table[f"{name}_at"] = moments.dt.tz_localize("Asia/Shanghai")
    return table
