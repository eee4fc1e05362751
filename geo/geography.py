"""Units of the installation: names, people and outlines, from the province down to its grids.

Province, cities and counties come from the published files; townships, villages and grids from the folder that
`geo.schematic` has written; all of them from that folder where boundaries were imported. Outlines below the county
are kept as bytes and turned into polygons only for the children that are asked for.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
from geopandas.array import GeometryArray

from geo.divisions import PREFIX_LENGTH, level_of, parent_of, place_range, read_boundaries, read_divisions
from geo.drawn import DrawnLevel
from geo.hierarchy import Hierarchy, read_hierarchy
from geo.schematic import FILES, is_built

_COLUMNS: dict[str, Any] = {
    "code": "str",
    "name": "str",
    "level": "int64",
    "population": "Int64",
    "counted": "bool",
    "schematic": "bool",
}
_CRS = pyproj.CRS("EPSG:4326")
_GRID = 6


@dataclass(frozen=True)
class Unit:
    """One division or grid.

    `population` is the census count or None where unknown; `counted` is False where nobody is counted
    (special areas); `geometry` is None without a polygon; a `schematic` geometry is no boundary (示意).
    """

    code: str
    name: str
    level: int
    parent: str
    population: int | None
    counted: bool
    schematic: bool
    geometry: Any


class Geography:
    """Units and their outlines, read only; safe to share between threads.

    Build it with `open_geography`.
    """

    def __init__(
        self,
        divisions: pd.DataFrame,
        boundaries: gpd.GeoDataFrame,
        drawn: dict[int, DrawnLevel],
        hierarchy: Hierarchy | None = None,
        *,
        key: str = "",
    ) -> None:
        self.key = key
        """Names this state of the units, for caches of what was made of them."""
        self.hierarchy = hierarchy or Hierarchy()
        self._boundaries = boundaries
        self._outlines = dict(zip(boundaries["code"], boundaries.geometry, strict=True))
        self._drawn = drawn
        self._records: dict[str, tuple[str, int, int | None, bool]] = {}
        self._below: dict[str, list[str]] = {}
        rows = divisions[["code", "name", "level", "parent", "population", "counted"]].astype(object)
        for code, name, level, parent, people, counted in rows.itertuples(index=False, name=None):
            known = None if pd.isna(people) else int(people)
            self._records[code] = (name, int(level), known, bool(counted))
            self._below.setdefault(parent, []).append(code)

    @property
    def root(self) -> str:
        """Code of the topmost unit."""
        return self._below[""][0]

    @property
    def drawn(self) -> bool:
        """Whether there are outlines below the county."""
        return bool(self._drawn)

    def knows(self, code: str) -> bool:
        """Whether a code is a unit here."""
        if len(code) == PREFIX_LENGTH[_GRID]:
            grids = self._drawn.get(_GRID)
            return grids is not None and grids.name(code) is not None
        return code in self._records

    def unit(self, code: str) -> Unit:
        """One unit.

        Raises
        ------
        ValueError
            Not a division code.
        KeyError
            A code of no unit here.
        """
        level = level_of(code)
        outline = self._outline(code, level)
        if level == _GRID:
            grids = self._drawn.get(_GRID)
            name = grids.name(code) if grids else None
            if name is None:
                raise KeyError(code)
            return Unit(code, name, level, parent_of(code), None, True, self._is_schematic(code, level), outline)
        name, _, people, counted = self._records[code]
        parent = "" if code == self.root else parent_of(code)
        return Unit(code, name, level, parent, people, counted, self._is_schematic(code, level), outline)

    def children(self, code: str) -> gpd.GeoDataFrame:
        """Units one level below, sorted by code; empty below a grid and where there are none.

        Returns
        -------
        `code`, `name`, `level`, `population` (Int64), `counted`, `schematic`, `geometry` (None for a unit
        without a polygon), EPSG:4326.
        """
        level = level_of(code) + 1
        if level > _GRID:
            return _table([], [])
        if level == _GRID:
            return self._grids(code)
        codes = self._below.get(code, [])
        outlines = self._child_outlines(code, level)
        shapes = [outlines.get(child) for child in codes]
        records = [(child, *self._records[child], self._is_schematic(child, level)) for child in codes]
        return _table(records, shapes)

    def ancestors(self, code: str) -> tuple[Unit, ...]:
        """Units above a code, the topmost first, the unit itself left out."""
        level = level_of(code)
        return tuple(self.unit(code[: PREFIX_LENGTH[above]]) for above in range(level_of(self.root), level))

    def lines(self, level: int) -> gpd.GeoDataFrame:
        """Borders of province (1), cities (2) or counties (3) as lines: `code`, `geometry`.

        Raises
        ------
        ValueError
            A level below the county, where nothing is published.
        """
        if level not in (1, 2, 3):
            raise ValueError(f"expected level 1, 2 or 3, found {level}")
        rows = self._boundaries[self._boundaries["level"] == level]
        return gpd.GeoDataFrame({"code": rows["code"].array}, geometry=rows.geometry.boundary.array, crs="EPSG:4326")

    def names(self, codes: Iterable[str]) -> dict[str, str]:
        """Name by code; codes of no unit here are left out."""
        found: dict[str, str] = {}
        grids = self._drawn.get(_GRID)
        for code in codes:
            record = self._records.get(code)
            name = record[0] if record else None
            if name is None and grids and len(code) == PREFIX_LENGTH[_GRID]:
                name = grids.name(code)
            if name is not None:
                found[code] = name
        return found

    def _is_schematic(self, code: str, level: int) -> bool:
        drawn = self._drawn.get(level)
        return drawn is not None and drawn.is_schematic(code)

    def _outline(self, code: str, level: int) -> Any:
        if level <= 3:
            return self._outlines.get(code)
        drawn = self._drawn.get(level)
        return drawn.outline(code) if drawn else None

    def _child_outlines(self, code: str, level: int) -> dict[str, Any]:
        if level <= 3:
            return self._outlines
        drawn = self._drawn.get(level)
        if drawn is None:
            return {}
        rows = drawn.between(*place_range(code))
        return dict(zip(drawn.codes(rows), drawn.outlines(rows), strict=True))

    def _grids(self, village: str) -> gpd.GeoDataFrame:
        drawn = self._drawn.get(_GRID)
        if drawn is None:
            return _table([], [])
        rows = drawn.between(*place_range(village))
        named = zip(drawn.codes(rows), drawn.names(rows), drawn.schematic(rows), strict=True)
        records = [(code, name, _GRID, None, True, schematic) for code, name, schematic in named]
        return _table(records, list(drawn.outlines(rows)))


def open_geography(folder: Path) -> Geography:
    """Geography of what was imported into `folder`, or of the published files and the outlines drawn there.

    Without a whole build in `folder` everything is there but the outlines and grids below the county.
    """
    built = is_built(folder)
    drawn = {level: DrawnLevel(folder / name, level) for level, name in FILES.items()} if built else {}
    return Geography(read_divisions(folder), read_boundaries(folder), drawn, read_hierarchy(folder), key=str(folder))


def _table(records: list[tuple[Any, ...]], shapes: list[Any]) -> gpd.GeoDataFrame:
    columns = list(zip(*records, strict=True)) if records else [()] * len(_COLUMNS)
    table = {
        name: pd.array(list(values), dtype=dtype)
        for (name, dtype), values in zip(_COLUMNS.items(), columns, strict=True)
    }
    return gpd.GeoDataFrame(table, geometry=GeometryArray(np.array(shapes, dtype=object), crs=_CRS))
