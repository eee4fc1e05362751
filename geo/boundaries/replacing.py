"""A level of an installation replaced by the units of a file: checked, numbered, put into the place of the old ones."""

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.boundaries.atlas import Atlas, empty_atlas, tidy
from geo.boundaries.coverage import find_gaps, find_outside, find_overlaps
from geo.boundaries.errors import BoundaryImportError
from geo.boundaries.numbering import number_units
from geo.boundaries.report import Finding, Kind, Outcome, Report
from geo.boundaries.rows import check_rows
from geo.divisions import PREFIX_LENGTH
from geo.hierarchy import Hierarchy


@dataclass(frozen=True)
class Order:
    """What an import does with the rows of its file.

    `level` 1-6; `level_name` the word for its units, "" to keep the one there is; `within` the code (inside) below
    which units are replaced, "" for everywhere; `schematic` whether the outlines are 示意 and no boundaries.
    """

    level: int
    vintage: str
    level_name: str = ""
    within: str = ""
    schematic: bool = False


@dataclass(frozen=True)
class Root:
    """The topmost division of an installation that begins anew: the office's own code for it, and its name."""

    code: str
    name: str


@dataclass(frozen=True)
class Replaced:
    """The atlas after an import, what was found, and codes inside that went over to others (old to new)."""

    atlas: Atlas
    report: Report
    renamed: dict[str, str]
    lost_outlines: int
    """Schematic outlines below the replaced units that no longer fit and are drawn no more."""


def begin(root: Root, units: gpd.GeoDataFrame, order: Order) -> Atlas:
    """Begin an installation with the division above the units of its first file, whose outline is their union.

    Codes are taken for national ones if they have the length of their level and all begin with the root's.
    """
    level = order.level - 1
    if not 1 <= level <= 5:
        raise BoundaryImportError("新建区划时,首个文件的层级应为 2 至 6:顶级区划是它的上一级。")
    digits = PREFIX_LENGTH[order.level]
    codes = units["code"]
    formed = codes.str.fullmatch(rf"[1-9]\d{{{digits - 1}}}0*") & codes.str.startswith(root.code)
    national = len(root.code) == PREFIX_LENGTH[level] and root.code.isdigit() and bool(formed.all())
    inside = root.code if national else "1".ljust(PREFIX_LENGTH[level], "0")
    atlas = empty_atlas(Hierarchy(root=inside, national=national))
    row = pd.DataFrame({"code": [inside], "own_code": [root.code], "name": [root.name], "derived": [True]})
    return replace(atlas, units=tidy(row, root=inside))


def replace_level(atlas: Atlas, rows: gpd.GeoDataFrame, order: Order) -> Replaced:
    """Put the rows of a file (as `reading.read_units` gives them) into the place of a level's units.

    Units that the file does not have are gone, and those below them with them. Units below that stay keep their
    outlines, except schematic ones below an outline that changed: drawn into the old one, they fit no longer.

    Raises
    ------
    BoundaryImportError
        The order does not fit the installation, or nothing of the file can be taken over.
    """
    _check_order(atlas, order)
    whole, findings = check_rows(rows)
    numbered, codes, more = number_units(whole, order.level, atlas)
    findings += more
    inside = numbered["code"].str.startswith(order.within)
    for unit in numbered[~inside].itertuples():
        findings.append(_outside_of_order(unit, order))
    numbered = numbered[inside].reset_index(drop=True)
    if not len(numbered):
        raise BoundaryImportError(f"文件中的 {len(rows):,} 个要素都不能采用:{_first(findings)}")
    parents = atlas.level(order.level - 1)
    told = numbered.assign(code=numbered["own_code"], parent=numbered["parent"])
    findings += find_overlaps(told) + find_gaps(numbered, parents) + find_outside(told, parents)
    report = Report(len(rows), len(numbered), tuple(findings))
    changed, lost = _put(atlas, numbered, order)
    names = dict(atlas.hierarchy.level_names)
    if order.level_name:
        names[order.level] = order.level_name
    hierarchy = replace(atlas.hierarchy, level_names=names, vintage=order.vintage)
    return Replaced(Atlas(hierarchy, changed, codes), report, _renamed(atlas, numbered, order.level), lost)


def _check_order(atlas: Atlas, order: Order) -> None:
    top = int(atlas.units["level"].min())
    finest = int(atlas.units["level"].max())
    if not top <= order.level <= 6:
        raise BoundaryImportError(f"层级应为 {top} 至 6,现为 {order.level}。顶级区划在第 {top} 级。")
    if order.level > finest + 1:
        raise BoundaryImportError(f"第 {order.level - 1} 级还没有区划。请先导入第 {finest + 1} 级。")
    if order.within and order.within not in set(atlas.units["code"]):
        raise BoundaryImportError(f"没有代码为“{order.within}”的区划。")


def _outside_of_order(unit, order: Order) -> Finding:  # type: ignore[no-untyped-def]  # a row of itertuples
    said = f"不在“{order.within}”之下"
    return Finding(Kind.NO_PARENT, Outcome.REFUSED, int(unit.line), unit.own_code, unit.name, detail=said)


def _first(findings: list[Finding]) -> str:
    refused = [each for each in findings if each.outcome is Outcome.REFUSED]
    return (
        f"例如第 {refused[0].line} 行,{refused[0].kind}({refused[0].detail or refused[0].code})。" if refused else "无"
    )


def _put(atlas: Atlas, numbered: gpd.GeoDataFrame, order: Order) -> tuple[gpd.GeoDataFrame, int]:
    """All units after the import, and how many schematic outlines were dropped."""
    old = atlas.units
    digits = PREFIX_LENGTH[order.level]
    replaced = (old["level"] == order.level) & old["code"].str.startswith(order.within)
    before = old[replaced].set_index("code")
    below = (old["level"] > order.level) & old["code"].str.startswith(order.within)
    ancestor = old["code"].str.slice(0, digits)
    gone = below & ~ancestor.isin(set(numbered["code"]))
    after = dict(zip(numbered["code"], numbered.geometry, strict=True))
    same = {code for code, shape in before.geometry.items() if code in after and _equal(shape, after[code])}
    unfit = below & ~gone & old["schematic"] & old.geometry.notna() & ~ancestor.isin(same)
    kept = old[~replaced & ~gone & ~(unfit & (old["level"] == 6))].copy()
    blank = unfit.reindex(kept.index)
    kept.loc[blank, "geometry"] = None
    kept.loc[blank, "schematic"] = False
    was = numbered["code"].map(before["population"]) if len(before) else pd.NA
    fresh = numbered.assign(
        population=numbered["population"].astype("object").where(numbered["population"].notna(), was),
        counted=numbered["code"].map(before["counted"]) if len(before) else True,
        schematic=order.schematic,
    ).drop(columns=["line", "parent"])
    table = tidy(pd.concat([pd.DataFrame(kept), pd.DataFrame(fresh)], ignore_index=True), root=atlas.hierarchy.root)
    return _derive(table, order.level), int(unfit.sum())


def _equal(one: shapely.Geometry | None, other: shapely.Geometry | None) -> bool:
    return one is not None and other is not None and bool(shapely.equals_exact(one, other, normalize=True))


def _derive(units: gpd.GeoDataFrame, level: int) -> gpd.GeoDataFrame:
    """Draw the units above a level anew as unions of those below, where that is what they are."""
    shapes = np.asarray(units.geometry.to_numpy(), dtype=object).copy()
    for above in range(level - 1, 0, -1):
        for row in np.flatnonzero((units["level"] == above) & units["derived"]):
            below = shapes[np.flatnonzero((units["parent"] == units["code"].iloc[row]) & (units["level"] == above + 1))]
            drawn = below[~shapely.is_missing(below)]
            shapes[row] = shapely.union_all(drawn) if len(drawn) else shapes[row]
    return units.set_geometry(gpd.GeoSeries(list(shapes), crs=units.crs))


def _renamed(atlas: Atlas, numbered: gpd.GeoDataFrame, level: int) -> dict[str, str]:
    """Codes inside of units that kept the office's code and have another parent now."""
    old = atlas.level(level)
    before = dict(zip(old["own_code"], old["code"], strict=True))
    pairs = zip(numbered["own_code"], numbered["code"], strict=True)
    return {before[own]: code for own, code in pairs if own in before and before[own] != code}
