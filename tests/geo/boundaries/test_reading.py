import zipfile

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.boundaries.errors import BoundaryFileError
from geo.boundaries.reading import Source, read_units
from geo.datum import Datum, from_wgs84

SQUARE = shapely.box(103.8, 36.0, 103.9, 36.1)
COLUMNS = {"区划码": ["620102", "620103"], "名称": ["城关区", None], "人口": [1_484_016, 0]}


def table(crs="EPSG:4326"):
    shapes = gpd.GeoSeries([SQUARE, shapely.box(103.7, 36.0, 103.8, 36.1)], crs="EPSG:4326")
    return gpd.GeoDataFrame(COLUMNS, geometry=shapes.to_crs(crs))


def written(tmp_path, frame, kind, *, parts=("shp", "shx", "dbf", "prj")):
    path = tmp_path / f"areas.{kind}"
    if kind == "parquet":
        frame.to_parquet(path)
    elif kind == "zip":
        frame.rename(columns={"区划码": "code", "名称": "name", "人口": "people"}).to_file(
            tmp_path / "areas.shp", encoding="GB18030"
        )
        (tmp_path / "areas.cpg").unlink()
        with zipfile.ZipFile(path, "w") as archive:
            for end in parts:
                archive.write(tmp_path / f"areas.{end}", f"areas.{end}")
    else:
        frame.to_file(path)
    return path


@pytest.mark.parametrize("kind", ["geojson", "gpkg", "parquet", "zip"])
@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4547"])
def test_every_format_gives_the_same_rows(tmp_path, kind, crs):
    path = written(tmp_path, table(crs), kind)
    columns = ("code", "name", "people") if kind == "zip" else ("区划码", "名称", "人口")
    units = read_units(Source(path, columns[0], columns[1], population=columns[2]))
    assert units[["line", "code", "name"]].to_numpy().tolist() == [[1, "620102", "城关区"], [2, "620103", ""]]
    assert units["population"].tolist() == [1_484_016, 0]
    assert units.crs.to_epsg() == 4326
    assert np.abs(np.array(units.geometry[0].bounds) - SQUARE.bounds).max() < 1e-7


@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.BD09])
def test_the_datum_of_map_services_is_turned_into_wgs_84(tmp_path, datum):
    shifted = shapely.transform(SQUARE, lambda xy: np.column_stack(from_wgs84(xy[:, 0], xy[:, 1], datum=datum)))
    frame = gpd.GeoDataFrame({"c": ["1"], "n": ["甲"]}, geometry=[shifted], crs="EPSG:4326")
    units = read_units(Source(written(tmp_path, frame, "geojson"), "c", "n", datum=datum))
    assert np.abs(np.array(units.geometry[0].bounds) - SQUARE.bounds).max() < 2e-7


def test_a_shapefile_without_a_coordinate_system_wants_one(tmp_path):
    path = written(tmp_path, table("EPSG:4547"), "zip", parts=("shp", "shx", "dbf"))
    with pytest.raises(BoundaryFileError, match=r"没有注明坐标系.*EPSG:4490"):
        read_units(Source(path, "code", "name"))
    units = read_units(Source(path, "code", "name", crs="EPSG:4547"))
    assert np.abs(np.array(units.geometry[0].bounds) - SQUARE.bounds).max() < 1e-7
    with pytest.raises(BoundaryFileError, match="坐标不是经纬度"):
        read_units(Source(path, "code", "name", crs="EPSG:4326"))


def test_numbers_are_read_as_codes_without_a_decimal_point(tmp_path):
    frame = gpd.GeoDataFrame({"c": [1.0, 77.0], "n": ["甲", "乙"]}, geometry=[SQUARE, SQUARE], crs="EPSG:4326")
    assert read_units(Source(written(tmp_path, frame, "parquet"), "c", "n"))["code"].tolist() == ["1", "77"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"code": "编码"}, "没有代码列“编码”。文件中的列:区划码、名称、人口"),
        ({"name": "NAME"}, "没有名称列“NAME”"),
        ({"parent": "上级"}, "没有上级代码列“上级”"),
        ({"population": "名称"}, "第 1 行不是人数:“城关区”"),
        ({"crs": "EPSG:99999999"}, "不认识坐标系“EPSG:99999999”"),
        ({"layer": "townships"}, "没有图层“townships”。现有图层:areas"),
    ],
)
def test_a_wrong_choice_is_told_with_what_there_is(tmp_path, changes, said):
    choice = {"code": "区划码", "name": "名称"} | changes
    with pytest.raises(BoundaryFileError, match=said):
        read_units(Source(written(tmp_path, table(), "gpkg"), **choice))


@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg", "a.parquet", "a.zip", "a.docx"])
def test_garbage_is_a_clear_message(tmp_path, name):
    (tmp_path / name).write_bytes(b"\x00garbage" * 100)
    with pytest.raises(BoundaryFileError, match="。"):
        read_units(Source(tmp_path / name, "c", "n"))


def test_a_file_of_several_layers_wants_one(tmp_path):
    path = written(tmp_path, table(), "gpkg")
    table().to_file(path, layer="second")
    with pytest.raises(BoundaryFileError, match="2 个图层:areas、second"):
        read_units(Source(path, "区划码", "名称"))
    assert len(read_units(Source(path, "区划码", "名称", layer="second"))) == 2
