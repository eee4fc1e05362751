"""All units of an installation as one table, read from the folder of a vintage and written as the next one."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.divisions import level_of, parent_of, read_boundaries, read_divisions
from geo.hierarchy import Hierarchy, is_imported, read_hierarchy, write_hierarchy
from geo.schematic import FILES, is_built

COLUMNS: dict[str, Any] = {
    "code": "str",
    "own_code": "str",
    "name": "str",
    "level": "int8",
    "parent": "str",
    "population": "Int64",
    "counted": "bool",
    "schematic": "bool",
    "derived": "bool",
    "weight": "float64",
}
_COARSE = 3
_CODES = "codes.parquet"


@dataclass(frozen=True)
class Atlas:
    """Units of an installation.

    Parameters
    ----------
    units
        `COLUMNS` and `geometry` (EPSG:4326, None without an outline), sorted by level and code. `derived`: the outline
        is the union of those below; `schematic`: it is no boundary (示意).
    codes
        `level`, `own_code`, `code` ever given to units of an installation with codes of its own form, so that a code
        never comes to mean another unit.
    """

    hierarchy: Hierarchy
    units: gpd.GeoDataFrame
    codes: pd.DataFrame

    def level(self, level: int) -> gpd.GeoDataFrame:
        """Units of one level."""
        return self.units[self.units["level"] == level].reset_index(drop=True)


def read_atlas(folder: Path) -> Atlas:
    """Units kept in a folder: of an import, or those published with what was drawn below them."""
    hierarchy, divisions, boundaries = read_hierarchy(folder), read_divisions(folder), read_boundaries(folder)
    if "derived" not in boundaries:  # as published, only the counties were surveyed
        boundaries["derived"] = boundaries["level"] < _COARSE
    drawn = [boundaries[["code", "derived", "geometry"]]]
    if is_built(folder):
        drawn += [gpd.read_parquet(folder / name) for name in FILES.values()]
    outlines = pd.concat([part.assign(derived=part.get("derived", False)) for part in drawn], ignore_index=True)
    if "schematic" not in outlines:
        outlines["schematic"] = outlines["code"].str.len() > 2 * _COARSE
    grids = outlines[outlines["code"].str.len() == 15]
    units = pd.concat(
        [divisions, grids.reindex(columns=["code", "own_code", "name"]).assign(level=6, counted=True)],
        ignore_index=True,
    )
    units = units.merge(
        outlines.reindex(columns=["code", "schematic", "derived", "weight", "geometry"]), "left", "code"
    )
    codes = pd.read_parquet(folder / _CODES) if is_imported(folder) else _no_codes()
    return Atlas(hierarchy, tidy(units, root=hierarchy.root), codes)


def empty_atlas(hierarchy: Hierarchy) -> Atlas:
    """Nothing yet, to begin an installation with."""
    return Atlas(hierarchy, tidy(pd.DataFrame({"code": [], "geometry": []}), root=hierarchy.root), _no_codes())


def _no_codes() -> pd.DataFrame:
    return pd.DataFrame(
        {"level": np.zeros(0, "int8"), "own_code": pd.Series(dtype="str"), "code": pd.Series(dtype="str")}
    )


def tidy(units: pd.DataFrame, *, root: str) -> gpd.GeoDataFrame:
    """Return units with every column of its type, whatever was left out filled in, sorted."""
    table = units.reindex(columns=[*COLUMNS, "geometry"])
    table["code"] = table["code"].astype("str")
    table["own_code"] = table["own_code"].astype("object").where(table["own_code"].notna(), table["code"])
    table["level"] = [level_of(code) for code in table["code"]]
    table["parent"] = ["" if code == root else parent_of(code) for code in table["code"]]
    table["population"] = pd.array(table["population"].tolist(), dtype="Int64")
    for name, default in (("counted", True), ("schematic", False), ("derived", False), ("weight", 0.0)):
        table[name] = table[name].astype("object").where(table[name].notna(), default)
    table = table.astype(COLUMNS).sort_values(["level", "code"], ignore_index=True)
    shapes = table.pop("geometry")
    outlines = gpd.GeoSeries([None if pd.isna(shape) else shape for shape in shapes], crs="EPSG:4326")
    return gpd.GeoDataFrame(table, geometry=outlines)


def write_atlas(atlas: Atlas, folder: Path) -> None:
    """Write all units into a new folder, which appears whole or not at all."""
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    units = atlas.units
    divisions = pd.DataFrame(units[units["level"] < 6]).drop(columns=["geometry", "schematic", "derived", "weight"])
    divisions.to_parquet(unfinished / "divisions.parquet", compression="zstd", index=False)
    has = units[units.geometry.notna()]
    coarse = has[has["level"] <= _COARSE]
    coarse[["code", "level", "derived", "geometry"]].to_parquet(
        unfinished / "boundaries.parquet", compression="zstd", index=False
    )
    for level, name in FILES.items():
        fine = has[has["level"] == level]
        columns = ["code", "own_code", "name", "parent", "weight", "schematic", "geometry"]
        fine[columns].to_parquet(unfinished / name, compression="zstd", index=False)
    atlas.codes.to_parquet(unfinished / _CODES, index=False)
    write_hierarchy(unfinished, atlas.hierarchy)
    unfinished.rename(folder)
