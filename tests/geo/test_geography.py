from concurrent.futures import ThreadPoolExecutor

import pytest
import shapely

from geo import schematic
from geo.geography import open_geography
from geo.locate import open_locator

COUNTY = "620923"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Outlines of one county; the others have none."""
    where = tmp_path_factory.mktemp("geography")
    counties = [county for county in schematic.read_counties(seed=0) if county.code == COUNTY]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schematic, "read_counties", lambda **_: counties)
        schematic.build(where, processes=1)
    return where


@pytest.fixture(scope="module")
def units(folder):
    return open_geography(folder)


def test_children_of_the_province_are_its_cities_and_special_areas(units):
    children = units.children("62")
    assert len(children) == 17
    assert children["code"].is_monotonic_increasing
    assert children.columns.tolist() == [
        "code",
        "name",
        "level",
        "population",
        "counted",
        "schematic",
        "geometry",
    ]
    assert children.crs == "EPSG:4326"
    assert children.geometry.notna().all()
    assert not children["schematic"].any()
    assert children.loc[~children["counted"], "code"].tolist() == ["6297", "6298", "6299"]


def test_the_new_area_is_a_row_without_a_polygon(units):
    row = units.children("6201").set_index("code").loc["620171"]
    assert row["population"] == 288_200
    assert row["geometry"] is None
    assert units.unit("620171").geometry is None
    towns = units.children("620171")
    assert len(towns) == 4
    assert towns.geometry.isna().all()
    assert not towns["schematic"].any()


def test_a_city_without_counties_has_one_with_its_polygon(units):
    children = units.children("6202")
    assert children["code"].tolist() == ["620201"]
    assert shapely.equals(children.geometry.iloc[0], units.unit("6202").geometry)


def test_a_special_area_is_its_own_county_and_ends_there(units):
    children = units.children("6297")
    assert children["code"].tolist() == ["629700"]
    assert not children["counted"].any()
    assert units.unit("629700").population is None
    assert len(units.children("629700")) == 0


def test_the_way_down_to_a_grid_and_back_up(units):
    code = "62"
    for level in range(2, 7):
        children = units.children(code)
        code = COUNTY if level == 3 else "6209" if level == 2 else children["code"].iloc[0]
        unit = units.unit(code)
        assert (unit.level, unit.parent) == (level, children["code"].iloc[0][: len(unit.parent)])
        assert unit.schematic == (level > 3)
        assert unit.geometry is not None
    assert [unit.level for unit in units.ancestors(code)] == [1, 2, 3, 4, 5]
    assert [unit.name for unit in units.ancestors(code)][:3] == ["甘肃省", "酒泉市", "肃北蒙古族自治县"]
    assert len(units.children(code)) == 0


def test_children_fill_the_unit_they_are_shown_in(units):
    for code in (COUNTY, units.children(COUNTY)["code"].iloc[0]):
        outline = units.unit(code).geometry
        together = shapely.union_all(units.children(code).geometry.to_numpy())
        assert shapely.symmetric_difference(outline, together).area < 1e-6 * outline.area


def test_names_of_codes_at_any_level(units):
    grid = units.children(units.children(units.children(COUNTY)["code"][0])["code"][0])["code"][0]
    names = units.names(["62", "620171", grid, "999999", "nonsense"])
    assert set(names) == {"62", "620171", grid}
    assert names["620171"] == "兰州新区"
    assert names[grid].endswith("001网格")


def test_lines_are_drawn_for_published_levels_only(units):
    assert [len(units.lines(level)) for level in (1, 2, 3)] == [1, 17, 90]
    assert set(units.lines(2).geom_type) <= {"LineString", "MultiLineString"}
    with pytest.raises(ValueError, match="level 1, 2 or 3"):
        units.lines(4)


@pytest.mark.parametrize("code", ["63", "620199", "620102999", "620923100201999"])
def test_a_code_of_no_unit_is_not_found(units, code):
    with pytest.raises(KeyError):
        units.unit(code)
    assert len(units.children(code)) == 0


def test_a_text_that_is_no_code_is_a_wrong_call(units):
    for call in (units.unit, units.children, units.ancestors):
        with pytest.raises(ValueError, match="division code"):
            call("62010")


def test_without_drawn_outlines_names_remain(tmp_path):
    units = open_geography(tmp_path)
    assert not units.drawn
    townships = units.children("620102")
    assert len(townships) == 28
    assert townships.geometry.isna().all()
    assert not townships["schematic"].any()
    assert len(units.children("620102001001")) == 0


def test_many_threads_may_ask_at_once(folder):
    units = open_geography(folder)
    villages = units.children(COUNTY)["code"].tolist() * 8
    with ThreadPoolExecutor(8) as pool:
        sizes = list(pool.map(lambda code: len(units.children(code)), villages))
    assert sizes == [len(units.children(code)) for code in villages]


def test_a_point_is_located_in_its_grid_or_the_finest_unit_there_is(folder, units):
    locator = open_locator(folder)
    village = units.children(units.children(COUNTY)["code"][0])["code"][0]
    grids = units.children(village)
    inner = grids.geometry.representative_point()
    assert locator.locate(inner.x, inner.y).tolist() == [int(code) for code in grids["code"]]
    special = units.unit("6297").geometry.representative_point()
    city = units.unit("620102").geometry.representative_point()
    found = locator.locate([special.x, city.x], [special.y, city.y]).tolist()
    assert found == [629700_000000000, 620102_000000000]


def test_a_locator_is_kept_beside_the_outlines_and_opened_again(folder):
    first = open_locator(folder)
    assert (folder / "locator.npz").is_file()
    again = open_locator(folder)
    x, y = [95.0, 96.0, 97.0], [39.5, 39.6, 41.5]
    assert first.locate(x, y).tolist() == again.locate(x, y).tolist()
