"""A small province: four counties of 400 grids, one without an outline, one special area."""

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from data.simulation import FEED_DATUM, Truth, simulate
from data.simulation.feeds import FEED_ENCODING

END = pd.Timestamp("2026-03-20 10:30", tz="Asia/Shanghai")
INCIDENTS = 20_000
_STEP = 0.005
_COUNTIES = {"620102": (103.80, 36.02), "620121": (103.20, 36.70), "620502": (105.70, 34.55), "620523": (105.30, 34.75)}
_PEOPLE = {"620102": 1_480_000, "620121": 330_000, "620502": 640_000, "620523": 500_000, "620171": 288_000}


@dataclass(frozen=True)
class Simulated:
    """One simulation, read back."""

    folder: Path
    truth: Truth
    incidents: pd.DataFrame
    """truth_incidents.parquet"""
    feeds: dict[str, pd.DataFrame]
    """The files as text, empty cells as empty strings."""


def townships(county: str) -> list[str]:
    """Two sub-districts, a town and a township, or towns and townships outside the city."""
    middle = ("001", "002", "101", "201") if county in ("620102", "620502") else ("101", "102", "201", "202")
    return [county + digits for digits in middle]


@pytest.fixture(scope="session")
def grids() -> gpd.GeoDataFrame:
    rng = np.random.default_rng(5)
    codes, boxes = [], []
    for county, (west, south) in _COUNTIES.items():
        for number in range(400):
            village = townships(county)[number // 100] + f"{number // 10 % 10 + 1:03d}"
            codes.append(f"{village}{number % 10 + 1:03d}")
            x, y = west + number % 20 * _STEP, south + number // 20 * _STEP
            boxes.append(shapely.box(x, y, x + _STEP, y + _STEP))
    codes.append("629700401001001")
    boxes.append(shapely.box(101.0, 38.0, 101.1, 38.1))
    weight = rng.lognormal(0, 0.5, len(codes))
    frame = {"code": codes, "parent": [code[:12] for code in codes], "weight": weight}
    return gpd.GeoDataFrame(frame, geometry=boxes, crs="EPSG:4326").sample(frac=1, random_state=3)


@pytest.fixture(scope="session")
def divisions() -> pd.DataFrame:
    rows: list[tuple[str, int, int | None, bool]] = [("62", 1, None, True)]
    rows += [(city, 2, None, True) for city in ("6201", "6205")] + [("6297", 2, None, False)]
    rows += [(county, 3, people, True) for county, people in _PEOPLE.items()] + [("629700", 3, None, False)]
    rows += [(town, 4, None, True) for county in _COUNTIES for town in townships(county)]
    rows += [("620171101", 4, None, True), ("620171101001", 5, None, True), ("620171101002", 5, None, True)]
    frame = pd.DataFrame(rows, columns=["code", "level", "population", "counted"])
    frame["population"] = frame["population"].astype("Int64")
    parent = frame["code"].str.slice(0, 4).where(frame["level"] == 3, frame["code"].str.slice(0, 6))
    return frame.assign(name=frame["code"], parent=parent)


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory, grids: gpd.GeoDataFrame, divisions: pd.DataFrame) -> Simulated:
    folder = tmp_path_factory.mktemp("feeds")
    truth = simulate(folder, grids=grids, divisions=divisions, end=END, incidents=INCIDENTS, seed=11)
    feeds = {
        source: pd.read_csv(folder / f"{source}.csv", dtype=str, keep_default_na=False, encoding=FEED_ENCODING[source])
        for source in FEED_DATUM
    }
    return Simulated(folder, truth, pd.read_parquet(folder / "truth_incidents.parquet"), feeds)
