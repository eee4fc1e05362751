import numpy as np
import pytest
import shapely

from geo import schematic
from geo.divisions import read_divisions
from geo.growth import grow, plain_name

COUNTY = "620923"  # 肃北: two parts, four townships, few people: quick to draw


@pytest.fixture(scope="module")
def county():
    return {county.code: county for county in schematic.read_counties(seed=0)}[COUNTY]


@pytest.fixture(scope="module")
def tables(county):
    pieces = grow(county)
    return {level: schematic.table_of(pieces, level) for level in (4, 5, 6)}


@pytest.fixture
def one_county(monkeypatch, county):
    monkeypatch.setattr(schematic, "read_counties", lambda **_: [county])


def test_every_published_township_and_village_is_drawn_with_its_name(tables):
    divisions = read_divisions()
    for level in (4, 5):
        expected = divisions[(divisions["level"] == level) & divisions["code"].str.startswith(COUNTY)]
        assert tables[level]["code"].tolist() == expected["code"].tolist()
        assert tables[level]["name"].tolist() == expected["name"].tolist()
        assert tables[level]["parent"].tolist() == expected["parent"].tolist()


def test_grids_are_numbered_from_one_within_their_village(tables):
    for village, grids in tables[6].groupby("parent"):
        assert grids["code"].tolist() == [f"{village}{n:03d}" for n in range(1, len(grids) + 1)]
    assert tables[6]["name"].str.contains(r"^.+\d{3}网格$").all()


def test_children_cover_their_parent_and_only_it(county, tables):
    outlines = {COUNTY: county.outline}
    for level in (4, 5, 6):
        for parent, rows in tables[level].groupby("parent"):
            children, outline = rows.geometry.to_numpy(), outlines[parent]
            assert shapely.coverage_is_valid(children)
            together = shapely.union_all(children)
            assert shapely.symmetric_difference(together, outline).area < 1e-6 * outline.area
            assert abs(shapely.area(children).sum() - outline.area) < 1e-6 * outline.area
        outlines = dict(zip(tables[level]["code"], tables[level].geometry, strict=True))


def test_weights_of_children_sum_to_that_of_their_parent(tables):
    for above, below in ((4, 5), (5, 6)):
        sums = tables[below].groupby("parent")["weight"].sum()
        weights = tables[above].set_index("code")["weight"]
        np.testing.assert_allclose(sums.reindex(weights.index), weights)
    assert tables[4]["weight"].sum() == pytest.approx(15_093 / 25_019_831)


def test_the_same_seed_draws_the_same_and_another_one_does_not(county):
    assert grow(county) == grow(county)
    other = {each.code: each for each in schematic.read_counties(seed=1)}[COUNTY]
    assert grow(other) != grow(county)


def test_every_county_with_a_polygon_is_drawn_and_the_new_area_is_not():
    codes = [county.code for county in schematic.read_counties(seed=0)]
    assert len(codes) == 87
    assert "620201" in codes
    assert "620171" not in codes
    assert not any(code.startswith("629") for code in codes if code[:4] in {"6297", "6298", "6299"})


def test_a_build_is_whole_or_absent(tmp_path, one_county):
    told = []
    assert not schematic.is_built(tmp_path)
    schematic.build(tmp_path, on_progress=lambda _, share: told.append(share), processes=1)
    assert schematic.is_built(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "grids.parquet",
        "schematic.json",
        "townships.parquet",
        "villages.parquet",
    ]
    assert told == sorted(told)
    assert told[0] == 0.0
    assert told[-1] == 1.0
    (tmp_path / "grids.parquet").unlink()
    assert not schematic.is_built(tmp_path)


@pytest.mark.parametrize("marker", ["", "[]", '{"format_version": 0}', "{"])
def test_a_marker_of_other_code_is_no_build(tmp_path, one_county, marker):
    schematic.build(tmp_path, processes=1)
    (tmp_path / "schematic.json").write_text(marker, "utf-8")
    assert not schematic.is_built(tmp_path)


def test_a_failing_build_leaves_no_marker_and_no_rest(tmp_path, one_county, monkeypatch):
    schematic.build(tmp_path, processes=1)

    def fail(pieces, level):
        raise OSError("no space left on device")

    monkeypatch.setattr(schematic, "table_of", fail)
    with pytest.raises(OSError, match="no space"):
        schematic.build(tmp_path, processes=1)
    assert not schematic.is_built(tmp_path)
    assert not [path for path in tmp_path.iterdir() if path.is_dir()]


@pytest.mark.parametrize(
    ("village", "plain"),
    [
        ("雁南社区居委会", "雁南社区"),
        ("雁南社区居民委员会", "雁南社区"),
        ("西槽村委会", "西槽村"),
        ("野麻湾村村民委员会", "野麻湾村"),
        ("团结村民委员会", "团结村"),
        ("福民社区", "福民社区"),
        ("村委会", "村委会"),
    ],
)
def test_a_grid_is_named_after_the_place_and_not_its_committee(village, plain):
    assert plain_name(village) == plain
