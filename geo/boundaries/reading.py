"""A file of boundaries as rows of code, name and outline in WGS 84.

Read are GeoJSON, a Shapefile zipped, a GeoPackage and GeoParquet. The coordinate system is the one given, or else the
one the file names; GCJ-02 and BD-09, which no file can name, are given as a datum.
"""

import math
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pyproj
import shapely

from geo.boundaries.archive import unpack_shapefile
from geo.boundaries.errors import BoundaryFileError
from geo.datum import Datum, to_wgs84

KINDS = {
    ".geojson": "GeoJSON",
    ".json": "GeoJSON",
    ".zip": "Shapefile",
    ".gpkg": "GeoPackage",
    ".parquet": "GeoParquet",
}
LARGEST_FILE = 2_000_000_000
MOST_UNITS = 1_000_000
_WGS84 = pyproj.CRS("EPSG:4326")


@dataclass(frozen=True)
class Source:
    """A file of boundaries and how it is to be read.

    `code`, `name`, `parent`, `population` are names of its columns (the last two may be empty); `crs` is anything that
    pyproj knows, such as EPSG:4490, and goes before what the file says; `layer` and `encoding` serve GeoPackages of
    several layers and Shapefiles of old programs.
    """

    path: Path
    code: str
    name: str
    parent: str = ""
    population: str = ""
    crs: str = ""
    datum: Datum | None = None
    layer: str = ""
    encoding: str = ""


def read_units(source: Source) -> gpd.GeoDataFrame:
    """Rows of a file, in its order.

    Returns
    -------
    `line` (from 1), `code`, `name`, `parent` (text, "" where blank), `population` (Int64), `geometry` (WGS 84, None
    where missing, neither checked nor repaired).

    Raises
    ------
    BoundaryFileError
        The file, a column or the coordinate system is not what it should be.
    """
    table = _read(source)
    if not isinstance(table, gpd.GeoDataFrame) or not len(table):
        raise BoundaryFileError("文件中没有图形要素。请确认导出的是带边界的面图层。")
    if len(table) > MOST_UNITS:
        raise BoundaryFileError(f"文件中有 {len(table):,} 个要素,一次最多 {MOST_UNITS:,} 个。请按市或县分批导入。")
    _check_columns(table, source)
    rows = pd.DataFrame(
        {
            "line": np.arange(1, len(table) + 1),
            "code": _text(table[source.code]),
            "name": _text(table[source.name]),
            "parent": _text(table[source.parent]) if source.parent else "",
            "population": _people(table, source.population),
        }
    )
    shapes = _in_wgs84(table, source)
    return gpd.GeoDataFrame(rows, geometry=gpd.GeoSeries(list(shapes), crs=_WGS84))


def _read(source: Source) -> Any:
    path = source.path
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise BoundaryFileError(
            f"不支持“{path.suffix or path.name}”文件。可以导入 GeoJSON(.geojson)、Shapefile 压缩包(.zip)、"
            "GeoPackage(.gpkg)或 GeoParquet(.parquet)。"
        )
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise BoundaryFileError(f"文件超过 {LARGEST_FILE / 1e9:.0f} GB。请按市或县分批导入。")
        if kind == "GeoParquet":
            return gpd.read_parquet(path)
        if kind == "Shapefile":
            return _read_shapefile(path, source.encoding)
        return gpd.read_file(path, layer=_layer(path, source.layer))
    except BoundaryFileError:
        raise
    except UnicodeDecodeError as error:
        raise BoundaryFileError("属性表的文字编码不对。请指定编码(如 GB18030 或 UTF-8)后再导入。") from error
    except (OSError, ValueError, RuntimeError, KeyError, TypeError) as error:
        raise BoundaryFileError(f"文件打不开,或不是有效的 {kind}。请重新导出后再导入。") from error


def _read_shapefile(path: Path, encoding: str) -> gpd.GeoDataFrame:
    with tempfile.TemporaryDirectory() as name:
        shapefile = unpack_shapefile(path, Path(name))
        # Without a .cpg nothing says what the letters are; in this country it is GB 18030, which ASCII is part of.
        told = encoding or (None if shapefile.with_suffix(".cpg").exists() else "GB18030")
        return gpd.read_file(shapefile, encoding=told) if told else gpd.read_file(shapefile)


def _layer(path: Path, wanted: str) -> str:
    layers = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
    if wanted and wanted not in layers:
        raise BoundaryFileError(f"文件中没有图层“{wanted}”。现有图层:{_listed(layers)}。")
    if not wanted and len(layers) != 1:
        raise BoundaryFileError(f"文件中有 {len(layers)} 个图层:{_listed(layers)}。请指定要导入的图层。")
    return wanted or layers[0]


def _check_columns(table: gpd.GeoDataFrame, source: Source) -> None:
    known = [str(name) for name in table.columns if name != table.geometry.name]
    for word, column in (
        ("代码", source.code),
        ("名称", source.name),
        ("上级代码", source.parent),
        ("人口", source.population),
    ):
        if not column and word in ("上级代码", "人口"):
            continue
        if column not in known:
            raise BoundaryFileError(f"没有{word}列“{column}”。文件中的列:{_listed(known)}。请改选其中一列。")


def _listed(names: list[str]) -> str:
    return "、".join(names[:30]) + (" 等" if len(names) > 30 else "") if names else "(无)"


def _text(values: pd.Series) -> pd.Series:
    """Codes and names as text: whole numbers without a decimal point, nothing for missing ones."""

    def word(value: Any) -> str:
        if value is None or (isinstance(value, float) and math.isnan(value)) or value is pd.NA:
            return ""
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        return str(value).strip()

    return pd.Series([word(value) for value in values.tolist()], dtype="str")


def _people(table: gpd.GeoDataFrame, column: str) -> pd.Series:
    if not column:
        return pd.Series(pd.array([pd.NA] * len(table), dtype="Int64"))
    numbers = pd.to_numeric(table[column], errors="coerce").reset_index(drop=True)
    given = table[column].notna().reset_index(drop=True)
    wrong = given & ~(numbers >= 0)
    if wrong.any():
        line = int(np.flatnonzero(wrong)[0]) + 1
        raise BoundaryFileError(f"人口列“{column}”第 {line} 行不是人数:“{table[column].iloc[line - 1]}”。")
    return numbers.round().astype("Int64")


def _in_wgs84(table: gpd.GeoDataFrame, source: Source) -> np.ndarray:
    system = _system(table, source)
    if source.datum not in (None, Datum.WGS84) and not system.is_geographic:
        raise BoundaryFileError("GCJ-02 或 BD-09 坐标应为经纬度度数。投影坐标请改用坐标系参数。")
    shapes = np.asarray(shapely.force_2d(table.geometry.to_numpy()), dtype=object)
    # CGCS2000 and WGS 84 are one at this scale, and no grid of shifts is wanted between them.
    if not (system.is_geographic and system.equals(_WGS84, ignore_axis_order=True)):
        moved = gpd.GeoSeries(list(shapes), crs=system).to_crs(_WGS84)
        shapes = np.asarray(moved.to_numpy(), dtype=object)
    if source.datum not in (None, Datum.WGS84):
        datum = source.datum
        shapes = shapely.transform(shapes, lambda xy: np.column_stack(to_wgs84(xy[:, 0], xy[:, 1], datum=datum)))
    _check_degrees(shapes)
    return shapes


def _system(table: gpd.GeoDataFrame, source: Source) -> pyproj.CRS:
    if source.crs:
        try:
            return pyproj.CRS.from_user_input(source.crs)
        except pyproj.exceptions.CRSError as error:
            raise BoundaryFileError(f"不认识坐标系“{source.crs}”。请用 EPSG 编号,例如 EPSG:4490。") from error
    if source.datum is not None:
        return table.crs if table.crs is not None else _WGS84
    if table.crs is None:
        raise BoundaryFileError(
            "文件没有注明坐标系(Shapefile 缺少 .prj)。请指定坐标系,例如 EPSG:4490(CGCS2000 经纬度)、"
            "EPSG:4326(WGS 84),或指定 GCJ-02、BD-09。"
        )
    return table.crs


def _check_degrees(shapes: np.ndarray) -> None:
    xy = shapely.get_coordinates(shapes)
    if not len(xy):
        return
    if not np.isfinite(xy).all() or np.abs(xy[:, 0]).max() > 180 or np.abs(xy[:, 1]).max() > 90:
        found = xy[np.flatnonzero(~(np.abs(xy) <= [180, 90]).all(axis=1))[0]]
        raise BoundaryFileError(
            f"坐标不是经纬度(例如 {found[0]:.1f}, {found[1]:.1f})。坐标系可能选错了,请核对后指定正确的坐标系。"
        )
