import pyproj
import pytest
import shapely

from geo.boundaries.coverage import areas_km2, find_overlaps
from geo.boundaries.replacing import begin, replace_level
from geo.boundaries.report import AREA_TOLERANCE_KM2, Kind, Outcome
from geo.boundaries.rows import check_rows
from tests.geo.boundaries.made_up import BOROUGHS, QUARTERS, TOWN, boroughs, quarters, rows

BOX = shapely.box(20, 50, 21, 51)
SQUARE_KM2 = float(areas_km2([BOX])[0])


def found(findings, kind):
    return [each for each in findings if each.kind == kind]


@pytest.mark.parametrize("south", [0, 36, 50, 60])
def test_areas_are_those_of_the_ellipsoid_within_half_a_per_cent(south):
    box = shapely.box(100, south, 101, south + 1)
    geodesic, _ = pyproj.Geod(ellps="WGS84").geometry_area_perimeter(shapely.segmentize(box, 0.01))
    assert areas_km2([box])[0] == pytest.approx(geodesic / 1e6, rel=0.005)


def test_codes_and_outlines_that_are_missing_doubled_or_no_areas_are_refused():
    whole, findings = check_rows(
        rows(
            ("1", "甲", BOX),
            ("", "无码", BOX),
            ("1", "重码", BOX),
            ("2", "无界", None),
            ("3", "空界", shapely.Polygon()),
            ("4", "线", shapely.LineString([(20, 50), (21, 51)])),
            ("5", "", BOX),
        )
    )
    assert whole["code"].tolist() == ["1", "5"]
    assert whole["name"].tolist() == ["甲", "5"]
    assert [(each.kind, each.outcome, each.line) for each in findings] == [
        (Kind.NO_CODE, Outcome.REFUSED, 2),
        (Kind.DUPLICATE_CODE, Outcome.REFUSED, 3),
        (Kind.NO_SHAPE, Outcome.REFUSED, 4),
        (Kind.NO_SHAPE, Outcome.REFUSED, 5),
        (Kind.NOT_AREA, Outcome.REFUSED, 6),
        (Kind.NO_NAME, Outcome.NOTED, 7),
    ]


def test_a_spike_is_repaired_and_a_figure_of_eight_is_refused():
    spike = shapely.Polygon([(20, 50), (21, 50), (21, 51), (21, 52), (21, 51), (20, 51)])
    eight = shapely.Polygon([(20, 50), (21, 51), (21, 50), (20, 51)])
    whole, findings = check_rows(rows(("1", "甲", spike), ("2", "乙", eight)))
    assert [(each.code, each.outcome) for each in findings] == [("1", Outcome.REPAIRED), ("2", Outcome.REFUSED)]
    assert whole.geometry[0].equals(BOX)


def test_an_overlap_is_told_once_with_its_area_and_a_touch_is_none():
    pair = rows(("1", "甲", BOX), ("2", "乙", shapely.box(20.9, 50, 22, 51)), ("3", "丙", shapely.box(22, 50, 23, 51)))
    (overlap,) = find_overlaps(pair)
    assert (overlap.code, overlap.other_code) == ("1", "2")
    assert overlap.area_km2 == pytest.approx(SQUARE_KM2 / 10, rel=0.001)
    assert overlap.share == pytest.approx(0.1, rel=0.001)


def test_slivers_under_the_tolerance_are_not_told():
    width = AREA_TOLERANCE_KM2 / SQUARE_KM2
    assert not find_overlaps(rows(("1", "甲", BOX), ("2", "乙", shapely.box(21 - 0.9 * width, 50, 22, 51))))
    assert find_overlaps(rows(("1", "甲", BOX), ("2", "乙", shapely.box(21 - 1.1 * width, 50, 22, 51))))


def test_gaps_and_parts_outside_are_told_for_the_parent_that_has_them():
    atlas = replace_level(begin(TOWN, boroughs(), BOROUGHS), boroughs(), BOROUGHS).atlas
    moved = rows(
        ("w-a", "西甲", shapely.box(20, 50, 20.5, 51), "W/7"),
        ("w-b", "西乙", shapely.box(20.6, 50, 21.2, 51), "W/7"),
        ("e-a", "东甲", shapely.box(21, 50, 22, 51)),
        ("x", "飞地", shapely.box(30, 50, 31, 51)),
        ("y", "错上级", BOX, "Q"),
    )
    report = replace_level(atlas, moved, QUARTERS).report
    (gap,) = found(report.findings, Kind.GAP)
    assert (gap.code, gap.share) == ("W/7", pytest.approx(0.1, rel=0.001))
    (outside,) = found(report.findings, Kind.OUTSIDE)
    assert (outside.code, outside.other_code, outside.share) == ("w-b", "W/7", pytest.approx(1 / 3, rel=0.001))
    assert [each.line for each in found(report.findings, Kind.NO_PARENT)] == [4, 5]
    assert (report.read, report.accepted, report.refused) == (5, 3, 2)
    lines = report.csv().decode("utf-8-sig").splitlines()
    assert lines[0] == "问题,处理,行,代码,名称,相关代码,相关名称,面积(平方千米),占比,说明"
    assert len(lines) == 1 + len(report.findings)


def test_a_whole_file_gives_no_findings():
    atlas = replace_level(begin(TOWN, boroughs(), BOROUGHS), boroughs(), BOROUGHS).atlas
    assert replace_level(atlas, quarters(), QUARTERS).report.findings == ()


def test_no_cell_of_the_csv_is_taken_for_a_formula():
    atlas = begin(TOWN, boroughs(), BOROUGHS)
    units = rows(("=1+1", "", BOX), ("2", "乙", BOX))
    assert "'=1+1" in replace_level(atlas, units, BOROUGHS).report.csv().decode()
