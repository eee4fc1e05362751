import pytest
import shapely

from geo import divisions


@pytest.fixture(scope="module")
def table():
    return divisions.read_divisions()


@pytest.fixture(scope="module")
def boundaries():
    return divisions.read_boundaries()


def test_the_published_numbers_of_divisions_are_there(table):
    by_level = table.groupby("level").size().to_dict()
    assert by_level == {1: 1, 2: 14 + 3, 3: 88 + 3, 4: 1403, 5: 17718}
    assert table["code"].is_unique


def test_every_parent_is_listed_one_level_up(table):
    level = table.set_index("code")["level"]
    below = table[table["level"] > 1]
    assert (level.reindex(below["parent"]).to_numpy() == below["level"].to_numpy() - 1).all()
    assert [divisions.level_of(code) for code in table["code"]] == table["level"].tolist()


def test_population_is_that_of_the_census(table):
    people = table.set_index("code")["population"]
    assert people["62"] == 25_019_831
    assert people["620102"] == 1_484_016
    counties = table[table["level"] == 3].groupby("parent")["population"].sum()
    cities = table[(table["level"] == 2) & table["counted"]].set_index("code")["population"]
    assert (counties.reindex(cities.index) == cities).all()
    assert people[table.loc[table["level"] >= 4, "code"]].isna().all()


def test_the_new_area_counts_in_its_city_but_has_no_polygon(table, boundaries):
    row = table[table["code"] == "620171"].iloc[0]
    assert (row["name"], row["population"], row["counted"]) == ("兰州新区", 288_200, True)
    assert "620171" not in set(boundaries["code"])


def test_a_city_without_counties_shares_its_polygon_with_its_one_county(boundaries):
    outline = boundaries.set_index("code").geometry
    assert shapely.equals(outline["6202"], outline["620201"])


def test_nobody_is_counted_in_the_special_areas(table, boundaries):
    uncounted = table[~table["counted"]]
    assert sorted(uncounted["code"]) == ["6297", "629700", "6298", "629800", "6299", "629900"]
    assert uncounted["population"].isna().all()
    assert set(uncounted["code"]) <= set(boundaries["code"])


def test_counties_cover_cities_and_cities_the_province(boundaries):
    by_level = {level: rows.geometry.array for level, rows in boundaries.groupby("level")}
    assert {level: len(rows) for level, rows in by_level.items()} == {1: 1, 2: 17, 3: 90}
    for level in (2, 3):
        assert shapely.coverage_is_valid(by_level[level])
        together = shapely.coverage_union_all(by_level[level])
        assert shapely.symmetric_difference(together, by_level[1][0]).area < 1e-9


def test_positions_of_settlements_lie_in_their_county(boundaries):
    places = divisions.read_settlements()
    outline = boundaries.set_index("code").geometry.reindex(places["code"].str[:6]).array
    assert shapely.contains_xy(outline, places["longitude"], places["latitude"]).all()
    assert len(places) > 400


@pytest.mark.parametrize(
    ("code", "level", "parent", "place"),
    [
        ("62", 1, "", 620000000000000),
        ("6201", 2, "62", 620100000000000),
        ("620102", 3, "6201", 620102000000000),
        ("620102001", 4, "620102", 620102001000000),
        ("620102001004", 5, "620102001", 620102001004000),
        ("620102001004007", 6, "620102001004", 620102001004007),
    ],
)
def test_a_code_says_its_level_parent_and_place(code, level, parent, place):
    assert divisions.level_of(code) == level
    assert divisions.parent_of(code) == parent
    assert divisions.place_of(code) == place
    assert divisions.code_of(place, level) == code
    first, end = divisions.place_range(code)
    assert first == place
    assert divisions.code_of(end - 1, level) == code
    assert divisions.code_of(end, level) != code


@pytest.mark.parametrize("wrong", ["", "6", "620", "62010", "6201020", "62010a", "６２"])
def test_a_text_that_is_no_code_is_a_wrong_call(wrong):
    with pytest.raises(ValueError, match="division code"):
        divisions.level_of(wrong)


def test_a_place_of_the_wrong_length_is_a_wrong_call():
    with pytest.raises(ValueError, match="15 digits"):
        divisions.code_of(620102, 3)
