"""Units handed in, each checked for itself: code, name and outline."""

from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from geo.boundaries.report import REPAIR_TOLERANCE, Finding, Kind, Outcome

_POLYGON, _MULTI, _COLLECTION = 3, 6, 7


def check_rows(units: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return the units that are whole, with invalid rings repaired, and what was found.

    A row without code or outline, with the code of an earlier row, or with an outline that is no area or can not be
    repaired is refused. A row without a name takes its code for one.
    """
    findings: list[Finding] = []
    seen: dict[str, int] = {}
    shapes = np.asarray(units.geometry.to_numpy(), dtype=object).copy()
    valid = shapely.is_valid(shapes)
    kept = np.ones(len(units), bool)
    for at, row in enumerate(units[["line", "code", "name"]].itertuples(index=False, name=None)):
        line, code, name = int(row[0]), str(row[1]), str(row[2])
        found = _code_finding(line, code, name, seen) or _shape_finding(line, code, name, shapes[at])
        if found is None and not valid[at]:
            shapes[at], found = _repaired(line, code, name, shapes[at])
        if found is not None:
            findings.append(found)
            kept[at] = found.outcome != Outcome.REFUSED
        if kept[at]:
            seen[code] = line
            if not name:
                findings.append(Finding(Kind.NO_NAME, Outcome.NOTED, line, code, "", detail="以代码作为名称"))
    whole = units.set_geometry(gpd.GeoSeries(list(shapes), index=units.index, crs=units.crs))[kept]
    whole["name"] = whole["name"].where(whole["name"] != "", whole["code"])
    return whole.reset_index(drop=True), findings


def _code_finding(line: int, code: str, name: str, seen: dict[str, int]) -> Finding | None:
    if not code:
        return Finding(Kind.NO_CODE, Outcome.REFUSED, line, code, name)
    if code in seen:
        return Finding(Kind.DUPLICATE_CODE, Outcome.REFUSED, line, code, name, detail=f"与第 {seen[code]} 行相同")
    return None


def _shape_finding(line: int, code: str, name: str, shape: Any) -> Finding | None:
    if shape is None or shape.is_empty:
        return Finding(Kind.NO_SHAPE, Outcome.REFUSED, line, code, name)
    if shapely.get_type_id(shape) not in (_POLYGON, _MULTI):
        return Finding(Kind.NOT_AREA, Outcome.REFUSED, line, code, name, detail=f"类型为 {shape.geom_type}")
    return None


def _repaired(line: int, code: str, name: str, shape: Any) -> tuple[Any, Finding]:
    reason = shapely.is_valid_reason(shape)
    repaired = _areas(shapely.make_valid(shape, method="structure", keep_collapsed=False))
    area = repaired.area if repaired is not None else 0.0
    # The net area by the rings as they were given; a figure of eight cancels itself out and is no outline of anything.
    change = abs(area - shape.area) / max(area, 1e-300)
    if repaired is None or change > REPAIR_TOLERANCE:
        detail = f"{reason};修复会使面积改变 {min(change, 9.99):.1%}" if repaired is not None else reason
        return shape, Finding(Kind.INVALID_RING, Outcome.REFUSED, line, code, name, detail=detail)
    return repaired, Finding(Kind.INVALID_RING, Outcome.REPAIRED, line, code, name, detail=reason)


def _areas(shape: Any) -> Any:
    """The polygons of a shape as one; None without any."""
    if shapely.get_type_id(shape) == _COLLECTION:
        parts = [part for part in shapely.get_parts(shape) if shapely.get_type_id(part) in (_POLYGON, _MULTI)]
        shape = shapely.union_all(parts) if parts else shapely.Polygon()
    return None if shape.is_empty or shapely.get_type_id(shape) not in (_POLYGON, _MULTI) else shape
