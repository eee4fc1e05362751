"""SaTScan's files as people write them."""

import numpy as np
import pytest

from risk.scan import ScanFileError, read_study
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
