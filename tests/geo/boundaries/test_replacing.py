import dataclasses

import pytest
import shapely

from geo.boundaries.atlas import read_atlas, write_atlas
from geo.boundaries.errors import BoundaryImportError
from geo.boundaries.replacing import Order, Root, begin, replace_level
from geo.boundaries.report import Kind
from geo.geography import open_geography
from geo.locate import open_locator
from tests.geo.boundaries.made_up import BOROUGHS, QUARTERS, TOWN, quarters, rows, town


def codes(atlas):
    return dict(zip(atlas.units["own_code"], atlas.units["code"], strict=True))


def test_codes_of_any_form_are_numbered_by_their_place_in_the_hierarchy():
    assert codes(town()) == {
        "T-9": "1000",
        "W/7": "100001",
        "E/1": "100002",
        "w-a": "100001001",
        "w-b": "100001002",
        "e-a": "100002001",
    }


def test_a_code_keeps_its_number_and_a_number_never_comes_to_mean_another_unit():
    fewer = replace_level(town(), quarters().iloc[[0, 2]], QUARTERS).atlas
    other = rows(("w-c", "西丙", shapely.box(20.5, 50, 21, 51)), ("w-a", "西甲", shapely.box(20, 50, 20.5, 51)))
    after = codes(replace_level(fewer, other, QUARTERS).atlas)
    assert (after["w-a"], after["w-c"]) == ("100001001", "100001003")
    again = codes(replace_level(fewer, quarters(), QUARTERS).atlas)
    assert again == codes(town())


def test_a_unit_that_went_over_to_another_parent_is_told():
    moved = rows(("w-b", "西乙", shapely.box(21.5, 50, 22, 51)))
    replaced = replace_level(town(), moved, QUARTERS)
    assert replaced.renamed == {"100001002": "100002002"}


def test_a_folder_gives_back_the_atlas_that_was_written(tmp_path):
    atlas = town()
    write_atlas(atlas, tmp_path / "v1")
    kept = read_atlas(tmp_path / "v1")
    assert kept.hierarchy == atlas.hierarchy
    assert kept.units.equals(atlas.units)
    assert kept.codes.equals(atlas.codes)


def test_a_town_is_a_geography_of_its_own(tmp_path):
    write_atlas(town(), tmp_path / "v1")
    units = open_geography(tmp_path / "v1")
    assert units.root == "1000"
    assert units.unit("1000").parent == ""
    assert units.unit("1000").geometry.equals(shapely.box(20, 50, 22, 51))
    assert [unit.name for unit in units.ancestors("100001002")] == ["水城", "西区"]
    assert units.children("100001")["name"].tolist() == ["西甲", "西乙"]
    assert not units.children("100001")["schematic"].any()
    assert units.hierarchy.level_name(4) == "街坊"
    assert len(units.lines(3)) == 2
    assert len(units.lines(1)) == 0


def test_the_finest_unit_is_located_and_a_gap_is_its_parents(tmp_path):
    gappy = quarters().iloc[[0, 2]]
    write_atlas(replace_level(town(), gappy, QUARTERS).atlas, tmp_path / "v1")
    locator = open_locator(tmp_path / "v1")
    found = locator.locate([20.2, 20.8, 21.5, 23.0], [50.5] * 4)
    assert found.tolist() == [100001001000000, 100001000000000, 100002001000000, 0]


def test_schematic_outlines_go_where_their_parents_outline_changed_and_stay_elsewhere():
    drawn = replace_level(town(), quarters(), dataclasses.replace(QUARTERS, schematic=True)).atlas
    new = rows(("W/7", "西区", shapely.box(19.9, 50, 21, 51)), ("E/1", "东区", shapely.box(21, 50, 22, 51)))
    replaced = replace_level(drawn, new, BOROUGHS)
    left = replaced.atlas.level(4).set_index("own_code")
    assert replaced.lost_outlines == 2
    assert left.geometry.isna().to_dict() == {"w-a": True, "w-b": True, "e-a": False}
    assert left["schematic"].to_dict() == {"w-a": False, "w-b": False, "e-a": True}
    assert replaced.atlas.level(2).geometry[0].equals(shapely.box(19.9, 50, 22, 51))


def test_official_outlines_take_the_label_away_level_by_level(tmp_path):
    drawn = replace_level(town(), quarters(), dataclasses.replace(QUARTERS, schematic=True)).atlas
    write_atlas(drawn, tmp_path / "v1")
    assert open_geography(tmp_path / "v1").children("100001")["schematic"].all()
    write_atlas(replace_level(drawn, quarters(), QUARTERS).atlas, tmp_path / "v2")
    assert not open_geography(tmp_path / "v2").children("100001")["schematic"].any()


def test_only_the_units_within_a_division_are_replaced():
    within = dataclasses.replace(QUARTERS, within="100001")
    replaced = replace_level(town(), rows(("w-z", "西新", shapely.box(20, 50, 21, 51))), within)
    assert set(replaced.atlas.level(4)["own_code"]) == {"w-z", "e-a"}
    outside = rows(("w-z", "西新", shapely.box(20, 50, 21, 51)), ("e-b", "东新", shapely.box(21, 50, 22, 51)))
    report = replace_level(town(), outside, within).report
    assert [(each.kind, each.code) for each in report.findings if each.kind == Kind.NO_PARENT] == [
        (Kind.NO_PARENT, "e-b")
    ]


def test_national_codes_stay_as_they_are_and_wrong_ones_are_refused():
    first = rows(
        ("620102000000", "城关区", shapely.box(20, 50, 21, 51)),
        ("620103", "七里河区", shapely.box(21, 50, 22, 51)),
    )
    atlas = begin(Root("6201", "兰州市"), first, BOROUGHS)
    assert atlas.hierarchy.national
    second = rows(
        *[tuple(row) for row in first[["code", "name", "geometry"]].to_numpy()], ("9", "错", first.geometry[0])
    )
    replaced = replace_level(atlas, second, BOROUGHS)
    assert replaced.atlas.level(3)["code"].tolist() == ["620102", "620103"]
    assert [each.code for each in replaced.report.findings if each.kind == Kind.WRONG_CODE] == ["9"]


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (Order(1, "x"), "层级应为 2 至 6"),
        (Order(6, "x"), "请先导入第 5 级"),
        (Order(4, "x", within="999999"), "没有代码为“999999”的区划"),
    ],
)
def test_an_order_that_does_not_fit_is_told(order, said):
    with pytest.raises(BoundaryImportError, match=said):
        replace_level(town(), quarters(), order)


def test_too_many_units_for_a_level_say_what_to_do():
    many = rows(*[(f"n{number}", "", shapely.box(20, 50, 20.01, 50.01)) for number in range(100)])
    with pytest.raises(BoundaryImportError, match="把层级数"):
        replace_level(begin(TOWN, many, BOROUGHS), many, BOROUGHS)
