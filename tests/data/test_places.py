import numpy as np
import pandas as pd

from data.places import locate_rows
from risk.incident import LocatedBy


def locate(places, code: str, longitude: float, latitude: float = 36.5):
    rows = pd.DataFrame({"division_code": [code], "longitude": [longitude], "latitude": [latitude]})
    located, unknown = locate_rows(rows, places)
    return located.iloc[0], bool(unknown.iloc[0])


def test_a_code_is_refined_by_a_point_inside_it(places):
    row, _ = locate(places, "620102", 103.5)
    assert (row["place"], row["located_by"], row["conflict"]) == (620102001001001, LocatedBy.CODE, False)
    assert row["cell"] != 0


def test_a_code_of_twelve_digits_with_zeros_is_the_same_code(places):
    row, _ = locate(places, "620102000000", 103.5)
    assert row["place"] == 620102001001001


def test_a_code_wins_over_a_point_outside_it_and_the_conflict_is_marked(places):
    row, _ = locate(places, "620102002", 103.5)
    assert (row["place"], row["conflict"]) == (620102002000000, True)


def test_a_zone_without_a_polygon_cannot_be_contradicted(places):
    row, _ = locate(places, "620171", 103.5)
    assert (row["place"], row["conflict"]) == (620171000000000, False)


def test_geometry_decides_without_a_code_and_the_root_without_either(places):
    row, _ = locate(places, "", 104.5)
    assert (row["place"], row["located_by"]) == (620102002001001, LocatedBy.GEOMETRY)
    row, _ = locate(places, "", np.nan, np.nan)
    assert (row["place"], row["located_by"], row["cell"]) == (620000000000000, LocatedBy.NOTHING, 0)


def test_an_unknown_code_is_told(places):
    assert locate(places, "629999", 103.5)[1]
