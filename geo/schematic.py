"""Townships, villages and grids drawn schematically inside the published county outlines.

Real outlines below the county are not freely available. These carry real names and codes, nest and fill
their parents, and are smaller where people are; they are 示意 and never boundaries.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.divisions import read_boundaries, read_divisions, read_settlements
from geo.growth import County, Piece, grow
from geo.hierarchy import is_imported
from geo.people import share_people

FORMAT_VERSION = 1
"""Raised whenever the files change, so that a folder built by older code is built again."""

TARGET_GRIDS = 101_200  # of which those of 兰州新区, some 1,200, have no ground to be drawn on

FILES = {4: "townships.parquet", 5: "villages.parquet", 6: "grids.parquet"}
"""GeoParquet by level: `code`, `name`, `parent`, `weight`, `geometry`, sorted by code."""

_MARKER = "schematic.json"

Progress = Callable[[str, float], None]


def is_built(folder: Path) -> bool:
    """Whether `folder` holds a whole build of this version, or a whole import."""
    if is_imported(folder):
        return True
    try:
        written = json.loads((folder / _MARKER).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    whole = isinstance(written, dict) and written.get("format_version") == FORMAT_VERSION
    return whole and all((folder / name).is_file() for name in FILES.values())


def build(folder: Path, *, seed: int = 0, on_progress: Progress | None = None, processes: int | None = None) -> None:
    """Draw every township, village and grid of the province and write them into `folder`.

    The same seed gives the same files. `weight` is a unit's share of the people of the province (2020
    census): 兰州新区, which has no polygon, holds the share missing to 1.

    Parameters
    ----------
    folder
        Made if missing. Files appear whole or not at all, the marker last.
    on_progress
        Called with a Chinese label and the share done, 0-1.
    processes
        Worker processes; as many as there are cores if not given.
    """
    report = on_progress or (lambda _label, _share: None)
    counties = read_counties(seed=seed)
    pieces: dict[str, list[Piece]] = {}
    label = "绘制乡镇、村和网格示意图"
    report(label, 0.0)
    for code, drawn in _drawn(counties, processes or os.cpu_count() or 1):
        pieces[code] = drawn
        report(label, 0.9 * len(pieces) / len(counties))
    everything = [piece for code in sorted(pieces) for piece in pieces[code]]
    _write(folder, everything, seed)
    report(label, 1.0)


def read_counties(*, seed: int) -> list[County]:
    """What is to be drawn in each county that has a polygon, sorted by code."""
    divisions = read_divisions()
    outlines = read_boundaries().query("level == 3").set_index("code").geometry
    settlements = read_settlements()
    units = share_people(divisions, target_grids=TARGET_GRIDS, seed=seed)
    units = units.merge(settlements, on="code", how="left")
    townships, villages = units[units["level"] == 4], units[units["level"] == 5]
    by_county = {str(code): rows for code, rows in villages.groupby(villages["code"].str[:6])}
    counties = []
    for parent, rows in townships.groupby("parent"):
        code = str(parent)
        if code in outlines.index:
            counties.append(County(code, outlines[code], rows.reset_index(drop=True), by_county[code], seed))
    return counties


def _drawn(counties: list[County], processes: int) -> Iterator[tuple[str, list[Piece]]]:
    """Pieces by county as they are finished, the largest counties begun first."""
    ordered = sorted(counties, key=lambda county: -int(county.villages["grids"].sum()))
    if processes == 1:
        for county in ordered:
            yield county.code, grow(county)
        return
    # spawn: forking a process with threads (a server, a progress bar) can hang
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        waiting = {pool.submit(grow, county): county.code for county in ordered}
        for done in as_completed(waiting):
            yield waiting[done], done.result()


def table_of(pieces: list[Piece], level: int) -> gpd.GeoDataFrame:
    """The pieces of one level: `code`, `name`, `parent`, `weight`, `geometry`, sorted by code."""
    rows = sorted((piece for piece in pieces if piece.level == level), key=lambda piece: piece.code)
    columns: dict[str, Any] = {
        "code": [piece.code for piece in rows],
        "name": [piece.name for piece in rows],
        "parent": [piece.parent for piece in rows],
        "weight": np.array([piece.weight for piece in rows], np.float64),
    }
    outlines = shapely.from_wkb([piece.outline for piece in rows])
    return gpd.GeoDataFrame(pd.DataFrame(columns), geometry=outlines, crs="EPSG:4326")


def _write(folder: Path, pieces: list[Piece], seed: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MARKER).unlink(missing_ok=True)
    unfinished = folder / f".unfinished-{os.getpid()}"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    try:
        for level, name in FILES.items():
            table = table_of(pieces, level)
            table.to_parquet(unfinished / name, compression="zstd", index=False)
        written = {"format_version": FORMAT_VERSION, "seed": seed, "grids": len(table)}
        (unfinished / _MARKER).write_text(json.dumps(written), "utf-8")
        for name in (*FILES.values(), _MARKER):
            (unfinished / name).replace(folder / name)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
