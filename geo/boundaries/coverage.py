"""Units against each other and against their parents: overlaps, gaps, parts outside; areas in km²."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.boundaries.report import AREA_TOLERANCE_KM2, Finding, Kind, Outcome

_RADIUS_KM = 6378.137  # WGS 84, at the equator
_ECCENTRICITY = 0.0818191908426215


def areas_km2(shapes: NDArray[Any]) -> NDArray[np.float64]:
    """Areas of shapes in degrees, km².

    Cylindrical equal-area projection of the ellipsoid (Snyder 1987, Map Projections, equations 3-12 and 10-1).
    """

    def project(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        sine = np.sin(np.radians(xy[:, 1]))
        flat = sine / (1 - (_ECCENTRICITY * sine) ** 2) + np.arctanh(_ECCENTRICITY * sine) / _ECCENTRICITY
        return np.column_stack([np.radians(xy[:, 0]), (1 - _ECCENTRICITY**2) * flat / 2]) * _RADIUS_KM

    return np.asarray(shapely.area(shapely.transform(np.asarray(shapes, dtype=object), project)), np.float64)


def find_overlaps(units: gpd.GeoDataFrame) -> list[Finding]:
    """Pairs of units that share ground; `share` is of the smaller one.

    Parameters
    ----------
    units
        `line`, `code`, `name`, valid `geometry` in degrees.
    """
    shapes = units.geometry.to_numpy()
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    first, second = first[first < second], second[first < second]
    # What only touches shares no inner point, and is most of it.
    inner = shapely.relate_pattern(shapes[first], shapes[second], "T********")
    first, second = first[inner], second[inner]
    shared = areas_km2(shapely.intersection(shapes[first], shapes[second]))
    own = areas_km2(shapes)
    findings = []
    for a, b, area in zip(first, second, shared, strict=True):
        if area >= AREA_TOLERANCE_KM2:
            one, other = units.iloc[a], units.iloc[b]
            share = float(area / max(min(own[a], own[b]), 1e-12))
            findings.append(_finding(Kind.OVERLAP, one, other["code"], other["name"], float(area), share))
    return findings


def find_outside(units: gpd.GeoDataFrame, parents: gpd.GeoDataFrame) -> list[Finding]:
    """Units with parts outside their parent.

    Parameters
    ----------
    units
        As above, with `parent` naming a `code` of `parents`.
    parents
        `code`, `own_code`, `name`, `geometry` (None for one without an outline, which nothing lies outside of).
    """
    at = pd.Index(parents["code"]).get_indexer(units["parent"])
    around = np.where(at >= 0, parents.geometry.to_numpy()[at], None)
    beyond = areas_km2(shapely.difference(units.geometry.to_numpy(), around))
    own = areas_km2(units.geometry.to_numpy())
    findings = []
    for row in np.flatnonzero(beyond >= AREA_TOLERANCE_KM2):
        unit, parent = units.iloc[row], parents.iloc[at[row]]
        share = float(beyond[row] / max(own[row], 1e-12))
        findings.append(_finding(Kind.OUTSIDE, unit, parent["own_code"], parent["name"], float(beyond[row]), share))
    return findings


def find_gaps(units: gpd.GeoDataFrame, parents: gpd.GeoDataFrame) -> list[Finding]:
    """Parents of the units with ground that none of them covers; `share` is of the parent."""
    findings = []
    outlines = dict(zip(parents["code"], parents.geometry, strict=True))
    names = dict(zip(parents["code"], zip(parents["own_code"], parents["name"], strict=True), strict=True))
    for code, rows in units.groupby("parent"):
        outline = outlines.get(code)
        if outline is None:
            continue
        gap = shapely.difference(outline, shapely.union_all(rows.geometry.to_numpy()))
        pieces = shapely.get_parts(gap)
        sizes = areas_km2(pieces)
        large = sizes >= AREA_TOLERANCE_KM2
        if large.any():
            area, whole = float(sizes[large].sum()), float(areas_km2(np.array([outline]))[0])
            findings.append(
                Finding(
                    Kind.GAP,
                    Outcome.NOTED,
                    0,
                    names[code][0],
                    names[code][1],
                    area_km2=area,
                    share=area / whole,
                    detail=f"{int(large.sum())} 处",
                )
            )
    return findings


def _finding(kind: Kind, unit: Any, other_code: str, other_name: str, area: float, share: float) -> Finding:
    return Finding(
        kind, Outcome.NOTED, int(unit["line"]), unit["code"], unit["name"], other_code, other_name, area, share
    )
