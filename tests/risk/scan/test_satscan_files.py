"""SaTScan's files as people write them."""

import numpy as np
import pytest

from risk.scan import ScanFileError, ScanSettings, read_study, scan
from risk.scan.clusters import COLUMNS
from risk.scan.satscan_files import SPHERE_KM, read_counts, read_places, read_population


@pytest.fixture
def write(tmp_path):
    def written(name, text):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return written


def test_ragged_space_quotes_and_comments_are_read(write):
    places = read_places(write("a.geo", '; from the office\n"San Juan"\t36.5   -108.3\n\n  Union 36.4 -103.4 \n'))
    assert places.names == ["San Juan", "Union"]
    assert np.linalg.norm(places.points, axis=1) == pytest.approx(SPHERE_KM)


def test_numbers_beyond_degrees_are_cartesian_and_small_ones_when_asked(write):
    far = read_places(write("a.geo", "1 4727 4509\n2 4794 4548\n"))
    assert far.points.tolist() == [[4727, 4509], [4794, 4548]]
    near = read_places(write("b.geo", "1 3 4\n2 0 0\n"), coordinates="cartesian")
    assert near.points.tolist() == [[3, 4], [0, 0]]
    three = read_places(write("c.geo", "1 3 4 5\n2 0 0 0\n"))
    assert three.points.shape == (2, 3)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no place"),
        ("a 1 x\n", "line 1.*not a number"),
        ("a 1\n", "expected an identifier"),
        ("a 1 2\na 1 3\n", "line 2.*two different"),
    ],
)
def test_a_wrong_place_file_is_an_error_with_its_line(write, text, message):
    with pytest.raises(ScanFileError, match=message):
        read_places(write("a.geo", text))


def test_a_place_repeated_with_the_same_coordinates_counts_once(write):
    assert read_places(write("a.geo", "a 1 2\na 1 2\n")).names == ["a"]


def test_a_third_column_is_a_date_only_if_every_row_has_one(write):
    dated = read_counts(write("a.cas", "x 1 1977 2 1\ny 3 1978/05/06 4 2\n"))
    assert dated["precision"].tolist() == ["year", "day"]
    assert dated["stratum"].tolist() == ["2 1", "4 2"]
    undated = read_counts(write("b.cas", "x 1 2 1\ny 3 1978 2\n"))
    assert undated["day"].isna().all()
    assert undated["stratum"].tolist() == ["2 1", "1978 2"]


def test_case_files_of_two_columns_have_no_dates(write):
    rows = read_counts(write("a.cas", "1\t1\n2\t0\n"))
    assert rows["count"].tolist() == [1, 0]
    assert rows["stratum"].tolist() == ["", ""]


@pytest.mark.parametrize(
    ("text", "message"),
    [("x\n", "a place and a count"), ("x 1.5\n", "whole count"), ("x 1 2017\ny 1\n", None)],
)
def test_a_wrong_case_line_is_an_error(write, text, message):
    path = write("a.cas", text)
    with pytest.raises(ScanFileError, match=message):
        read_counts(path, dated=True if message is None else None)


def test_population_years_are_mid_year_and_may_be_unspecified(write):
    rows = read_population(write("a.pop", "x 73 100 1\nx 1980/03 5.5 1\nx 1980/3/2 6 1\n"))
    assert rows["day"].astype(str).tolist() == ["1973-07-01", "1980-03-15", "1980-03-02"]
    assert read_population(write("b.pop", "x unspecified 7\n"))["people"].tolist() == [7]
    with pytest.raises(ScanFileError, match="number of people"):
        read_population(write("c.pop", "x 1980 -3\n"))


GEO = "a 0 0\nb 3 4\nc 9 9\n"


def test_a_case_at_an_unknown_place_is_named(write):
    with pytest.raises(ScanFileError, match=r"a\.cas, line 2.*'z'"):
        read_study("permutation", write("a.cas", "a 1 2017/01/01\nz 1 2017/01/02\n"), write("a.geo", GEO))


@pytest.mark.parametrize("model", ["poisson", "bernoulli"])
def test_an_unknown_place_is_named_whatever_the_model_and_whichever_file_it_is_in(write, model):
    good, strange = write("a.cas", "a 1 2017/01/01\n"), write("b.cas", "a 1 2017/01/01\nz 1 2017/01/02\n")
    people = write("a.pop", "a 2017 10\nb 2017 10\nc 2017 10\n")
    rest = {"population_file": people, "spatial": True}
    with pytest.raises(ScanFileError, match=r"b\.cas, line 2.*'z'"):
        read_study(model, strange, write("a.geo", GEO), controls_file=good, **rest)
    if model == "bernoulli":
        with pytest.raises(ScanFileError, match=r"b\.cas, line 2.*'z'"):
            read_study(model, good, write("a.geo", GEO), controls_file=strange, **rest)


def test_a_case_outside_the_period_or_too_vague_for_its_steps_is_named(write):
    cases, places = write("a.cas", "a 1 2017\nb 1 2018\n"), write("a.geo", GEO)
    with pytest.raises(ScanFileError, match="outside the study period"):
        read_study("permutation", cases, places, start="2017", end="2017", unit="month")
    with pytest.raises(ScanFileError, match="known to the year"):
        read_study("permutation", cases, places, start="2017", end="2018", unit="month")


def test_models_say_which_file_they_miss(write):
    cases, places = write("a.cas", "a 1 2017\n"), write("a.geo", GEO)
    with pytest.raises(ScanFileError, match="population file"):
        read_study("poisson", cases, places, spatial=True)
    with pytest.raises(ScanFileError, match="control file"):
        read_study("bernoulli", cases, places, spatial=True)
    with pytest.raises(ValueError, match="model must be"):
        read_study("normal", cases, places, spatial=True)


def test_cases_where_nobody_lives_are_an_error(write):
    cases, places = write("a.cas", "a 1 2017\nb 2 2017\n"), write("a.geo", GEO)
    with pytest.raises(ValueError, match="'b' has cases"):
        read_study("poisson", cases, places, population_file=write("a.pop", "a 2017 10\nb 2017 0\n"), spatial=True)
    with pytest.raises(ScanFileError, match=r"a\.pop, line 1.*'q'"):
        read_study("poisson", cases, places, population_file=write("a.pop", "q 2017 10\n"), spatial=True)


def test_strata_without_people_are_an_error(write):
    cases, places = write("a.cas", "a 1 2017 old\n"), write("a.geo", GEO)
    with pytest.raises(ValueError, match="'old' have no population"):
        read_study("poisson", cases, places, population_file=write("a.pop", "a 2017 10 young\n"), spatial=True)


def test_undated_cases_can_only_be_scanned_in_space(write):
    cases, places = write("a.cas", "a 1\nb 2\n"), write("a.geo", GEO)
    assert read_study("bernoulli", cases, places, controls_file=cases, spatial=True).counts.tolist() == [[1], [2], [0]]
    with pytest.raises(ScanFileError, match="no dates"):
        read_study("permutation", cases, places)


def test_without_a_period_it_is_the_one_of_the_cases(write):
    study = read_study("permutation", write("a.cas", "a 1 2017/01\nb 2 2017/04\n"), write("a.geo", GEO), unit="month")
    assert study.counts.tolist() == [[1, 0, 0, 0], [0, 0, 0, 2], [0, 0, 0, 0]]


def test_words_after_coordinates_are_left_out_but_not_what_should_be_one(write):
    assert read_places(write("a.geo", "a 1 2 Long Town\nb 3 4\n")).names == ["a", "b"]
    with pytest.raises(ScanFileError, match=r"line 2.*not a number"):
        read_places(write("b.geo", "a 1 2\nb nan 4\n"))


def test_commas_with_and_without_space_part_fields(write):
    for text in ("a,1,2017/01/01\nb,2,2017/01/02\n", "a, 1, 2017/01/01\nb , 2 , 2017/01/02\n"):
        rows = read_counts(write("a.cas", text))
        assert rows["place"].tolist() == ["a", "b"]
        assert rows["count"].tolist() == [1, 2]
    quoted = read_counts(write("b.cas", '"San Juan, east" 1 2017\n'))
    assert quoted["place"].tolist() == ["San Juan, east"]
    assert read_counts(write("c.cas", '"San Juan, east", 3\n'))["place"].tolist() == ["San Juan, east"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_chinese_names_stay_apart_in_the_encodings_of_offices(tmp_path, encoding):
    path = tmp_path / "a.geo"
    path.write_bytes("甲村 1 2\r\n乙村 3 4\r\n".encode(encoding))
    assert read_places(path).names == ["甲村", "乙村"]


def test_what_is_no_text_is_refused(tmp_path):
    path = tmp_path / "a.geo"
    path.write_bytes(b"\x80\x81\xff\xff\x00")
    with pytest.raises(ScanFileError, match="not a text file"):
        read_places(path)


@pytest.mark.parametrize("count", ["-1", "1.5", "²", "99999999999999999999", "one"])
def test_a_count_that_is_no_whole_number_is_an_error(write, count):
    with pytest.raises(ScanFileError, match=r"line 1.*whole count"):
        read_counts(write("a.cas", f"x {count} 2017\n"))


@pytest.mark.parametrize(
    ("lines", "unit", "steps"),
    [
        ("a 1 73\nb 1 75\n", "year", 3),
        ("a 1 17/01/01\nb 1 17/1/3\n", "day", 3),
        ("a 1 2017-01-01\nb 1 2017-1-3\n", "day", 3),
        ("a 1 01/31/2017\nb 1 2/3/2017\n", "day", 4),
        ("a 1 2017/01\nb 1 2017/3\n", "month", 3),
        ("a 1 2017/01/05 man 3\nb 0 2017/1/7 woman 1\n", "day", 3),
    ],
)
def test_dates_of_a_scan_in_time_are_read_as_written(write, lines, unit, steps):
    study = read_study("permutation", write("a.cas", lines), write("a.geo", GEO), unit=unit)
    assert study.period.steps == steps


def test_no_cases_are_a_study_of_none_if_the_period_is_given(write):
    cases, places = write("a.cas", "; none this week\n"), write("a.geo", GEO)
    study = read_study("permutation", cases, places, start="2017/1/1", end="2017/1/9")
    assert study.counts.shape == (3, 9)
    result = scan(study, ScanSettings(replications=9))
    assert result.clusters == []
    assert list(result.table.columns) == list(COLUMNS)
    with pytest.raises(ScanFileError, match="no cases"):
        read_study("permutation", cases, places)


def test_a_population_file_without_a_line_is_an_error(write):
    with pytest.raises(ScanFileError, match=r"a\.pop has no population"):
        read_population(write("a.pop", "; soon\n"))


def test_a_place_without_population_and_without_cases_expects_nothing(write):
    people = write("a.pop", "a 2016 10\na 2018 30\nb 2016 5\nb 2018 5\n")
    study = read_study(
        "poisson",
        write("a.cas", "a 3 2016\nb 2 2018\n"),
        write("a.geo", GEO),
        population_file=people,
        unit="year",
    )
    assert study.measures[2].tolist() == [0, 0, 0]
    assert study.measures.sum() == pytest.approx(5)
    assert (np.diff(study.measures[0]) > 0).all()
    result = scan(study, ScanSettings(analysis="retrospective", replications=9))
    assert np.isfinite(result.table["statistic"].astype(float)).all()
