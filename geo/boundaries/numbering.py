"""Which unit a row is: its parent, and the code it has inside.

National codes stand as they are. Codes of any other form are numbered below their parent (01-99 for cities and
counties, 001-999 below), the same office's code always the same number.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.boundaries.atlas import Atlas
from geo.boundaries.errors import BoundaryImportError
from geo.boundaries.report import Finding, Kind, Outcome
from geo.divisions import PREFIX_LENGTH, level_of


def number_units(
    units: gpd.GeoDataFrame, level: int, atlas: Atlas
) -> tuple[gpd.GeoDataFrame, pd.DataFrame, list[Finding]]:
    """Find the parent of each unit and its code inside.

    Parameters
    ----------
    units
        As `rows.check_rows` gives them: `code` is the office's own.

    Returns
    -------
    The units that have a parent, with `code`, `own_code` and `parent` (code inside); all codes ever given; findings.

    Raises
    ------
    BoundaryImportError
        More units below one parent than there are numbers.
    """
    parents = atlas.level(level - 1) if level > 1 else atlas.units.iloc[:0]
    if atlas.hierarchy.national:
        return _national(units, level, parents, atlas)
    if level == level_of(atlas.hierarchy.root):
        return _root(units, atlas)
    inside, findings = _parents_of(units, parents)
    known = inside != ""
    table = units[known].rename(columns={"code": "own_code"}).assign(parent=inside[known])
    codes = _numbered(table, level, atlas.codes)
    inside_codes = pd.Series(_codes(table, level, codes), index=table.index, dtype="str")
    return table.assign(code=inside_codes).reset_index(drop=True), codes, findings


def _root(units: gpd.GeoDataFrame, atlas: Atlas) -> tuple[gpd.GeoDataFrame, pd.DataFrame, list[Finding]]:
    """The topmost division itself; a file of it has one row that matters."""
    top = atlas.units[atlas.units["code"] == atlas.hierarchy.root].iloc[0]
    same = units["code"] == top["own_code"]
    said = f"顶级区划的代码为“{top['own_code']}”"
    findings = [
        Finding(Kind.NO_PARENT, Outcome.REFUSED, int(line), str(code), str(name), detail=said)
        for line, code, name in units.loc[~same, ["line", "code", "name"]].itertuples(index=False, name=None)
    ]
    kept = units[same].assign(own_code=top["own_code"], code=top["code"], parent="")
    return kept.reset_index(drop=True), atlas.codes, findings


def _national(
    units: gpd.GeoDataFrame, level: int, parents: gpd.GeoDataFrame, atlas: Atlas
) -> tuple[gpd.GeoDataFrame, pd.DataFrame, list[Finding]]:
    digits = PREFIX_LENGTH[level]
    short = units["code"].str.slice(0, digits)
    formed = units["code"].str.fullmatch(rf"[1-9]\d{{{digits - 1}}}0*") & (units["code"].str.len() <= 15)
    above = short.str.slice(0, PREFIX_LENGTH.get(level - 1, 0))
    has_parent = above.isin(set(parents["code"])) | (short == atlas.hierarchy.root)
    findings = []
    for row in np.flatnonzero(~(formed & has_parent)):
        unit = units.iloc[row]
        kind = Kind.NO_PARENT if formed.iloc[row] else Kind.WRONG_CODE
        said = f"应为 {digits} 位数字(可以补零)" if kind is Kind.WRONG_CODE else f"没有上级“{above.iloc[row]}”"
        findings.append(Finding(kind, Outcome.REFUSED, int(unit["line"]), unit["code"], unit["name"], detail=said))
    kept = units.assign(own_code=short, code=short, parent=above)[formed & has_parent]
    twice = kept["code"].duplicated()
    for _, unit in kept[twice].iterrows():
        said = "补零前的代码与前面的行相同"
        found = Finding(
            Kind.DUPLICATE_CODE, Outcome.REFUSED, int(unit["line"]), unit["code"], unit["name"], detail=said
        )
        findings.append(found)
    return kept[~twice].reset_index(drop=True), atlas.codes, findings


def _parents_of(units: gpd.GeoDataFrame, parents: gpd.GeoDataFrame) -> tuple[np.ndarray, list[Finding]]:
    """Code inside of each unit's parent, "" for none: by the code it names, else the only one, else where it lies."""
    by_own = dict(zip(parents["own_code"], parents["code"], strict=True))
    found = units["parent"].map(by_own).fillna("").to_numpy(dtype=object)
    unsaid = np.flatnonzero((units["parent"] == "").to_numpy())
    drawn = parents[parents.geometry.notna()]
    if len(parents) == 1:
        found[unsaid] = parents["code"].iloc[0]
    elif len(unsaid) and len(drawn):
        points = shapely.point_on_surface(units.geometry.to_numpy()[unsaid])
        row, at = shapely.STRtree(drawn.geometry.to_numpy()).query(points, predicate="intersects")
        row, first = np.unique(row, return_index=True)
        found[unsaid[row]] = drawn["code"].to_numpy()[at[first]]
    findings = []
    for row in np.flatnonzero(found == ""):
        unit = units.iloc[row]
        said = f"没有代码为“{unit['parent']}”的上级" if unit["parent"] else "不在任何上级范围内"
        findings.append(
            Finding(Kind.NO_PARENT, Outcome.REFUSED, int(unit["line"]), unit["code"], unit["name"], detail=said)
        )
    return found.astype(str), findings


def _numbered(table: gpd.GeoDataFrame, level: int, codes: pd.DataFrame) -> pd.DataFrame:
    """All codes ever given, with new ones for units that have none below their parent."""
    width = PREFIX_LENGTH[level] - PREFIX_LENGTH.get(level - 1, 0)
    given = codes[codes["level"] == level]
    taken = set(zip(given["own_code"], given["code"].str.slice(0, -width), strict=True))
    last = given["code"].str.slice(-width).astype(int).groupby(given["code"].str.slice(0, -width)).max().to_dict()
    fresh = []
    for own, parent in zip(table["own_code"], table["parent"], strict=True):
        if (own, parent) in taken:
            continue
        last[parent] = last.get(parent, 0) + 1
        if last[parent] >= 10**width:
            raise BoundaryImportError(
                f"一个上级之下最多编 {10**width - 1} 个单位,这里更多。请把层级数(--level)改大:"
                "第 2、3 级最多 99 个,第 4 至 6 级最多 999 个。"
            )
        fresh.append((level, own, f"{parent}{last[parent]:0{width}d}"))
    added = pd.DataFrame(fresh, columns=["level", "own_code", "code"]).astype({"level": "int8"})
    return pd.concat([codes, added], ignore_index=True) if fresh else codes


def _codes(table: gpd.GeoDataFrame, level: int, codes: pd.DataFrame) -> list[str]:
    given = codes[codes["level"] == level]
    width = PREFIX_LENGTH[level] - PREFIX_LENGTH.get(level - 1, 0)
    keys = zip(given["own_code"], given["code"].str.slice(0, -width), strict=True)
    known = dict(zip(keys, given["code"], strict=True))
    return [known[key] for key in zip(table["own_code"], table["parent"], strict=True)]
