import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from data.simulation.landmarks import build_landmarks
from data.simulation.places import Places, inside, metres_between, moved, read_places
from data.simulation.profiles import TYPE_CODES


@pytest.fixture(scope="module")
def places(grids: gpd.GeoDataFrame, divisions: pd.DataFrame) -> Places:
    return read_places(grids, divisions, np.random.default_rng(0))


def test_points_lie_inside_their_polygon_and_spread_evenly() -> None:
    triangle = shapely.Polygon([(0, 0), (1, 0), (0, 1)])
    x, y = inside(np.array([triangle] * 6000, dtype=object), np.random.default_rng(1))
    assert shapely.contains_xy(triangle, x, y).all()
    # The middle of a triangle's mass is the mean of its corners.
    assert np.allclose([x.mean(), y.mean()], 1 / 3, atol=0.01)


def test_a_sliver_gets_a_point_of_its_own() -> None:
    sliver = shapely.Polygon([(0, 0), (1, 1), (1, 1 + 1e-9)])
    x, y = inside(np.array([sliver], dtype=object), np.random.default_rng(1))
    assert shapely.distance(sliver, shapely.Point(x[0], y[0])) < 1e-9


def test_places_are_counted_grids_and_the_villages_of_a_county_without_outline(places: Places) -> None:
    assert places.grids == 1600
    assert places.codes[places.grids :].tolist() == [620171101001000, 620171101002000]
    assert places.digits[places.grids :].tolist() == [12, 12]
    assert not (places.prefix(4) == 6297).any()
    assert (np.diff(places.codes[: places.grids]) > 0).all()


def test_shares_sum_to_one_for_all_types_together_and_each(places: Places) -> None:
    assert places.share.sum() == pytest.approx(1)
    assert np.allclose(places.by_type.sum(axis=1), 1)


def test_land_disputes_are_rural_and_property_disputes_urban(places: Places) -> None:
    urban = places.codes // 10**8 % 10 == 0
    land, property_ = (places.by_type[TYPE_CODES.index(code), urban].sum() for code in ("D04", "D10"))
    assert land < places.share[urban].sum() < property_


def test_places_are_drawn_by_their_weight(places: Places) -> None:
    kind = TYPE_CODES.index("D07")
    drawn = places.draw(np.full(40_000, kind), np.random.default_rng(3))
    county = places.prefix(6)
    for code in np.unique(county):
        expected = places.by_type[kind, county == code].sum()
        assert (county[drawn] == code).mean() == pytest.approx(expected, abs=0.01)


def test_points_are_located_in_the_grid_they_were_drawn_from(places: Places) -> None:
    rng = np.random.default_rng(4)
    place = rng.integers(0, places.grids, 500)
    assert (places.locate(*places.points(place, rng)) == place).all()


def test_a_point_on_a_border_goes_to_the_lowest_code_and_one_outside_to_none(places: Places) -> None:
    west, south, _, _ = places.polygons[0].bounds
    corner = places.polygons[0].bounds[2], places.polygons[0].bounds[3]
    found = places.locate(np.array([corner[0], west - 1]), np.array([corner[1], south]))
    assert found.tolist() == [0, -1]


def test_a_county_without_outline_scatters_around_its_known_middle(places: Places) -> None:
    x, y = places.points(np.full(500, places.grids), np.random.default_rng(5))
    assert np.allclose([x.mean(), y.mean()], [103.65, 36.50], atol=0.01)


def test_moving_by_metres_and_measuring_agree() -> None:
    rng = np.random.default_rng(6)
    east, north = rng.uniform(-3000, 3000, (2, 100))
    x, y = moved(np.full(100, 103.8), np.full(100, 36.0), east=east, north=north)
    assert np.allclose(metres_between(x, y, centre=(103.8, 36.0)), np.hypot(east, north), rtol=1e-3)


def test_roads_and_hospitals_lie_in_their_county(places: Places) -> None:
    landmarks = build_landmarks(places, np.random.default_rng(7))
    for points in (landmarks.hospitals, landmarks.roads):
        found = places.locate(points[..., 0].ravel(), points[..., 1].ravel())
        expected = np.repeat(landmarks.counties, points.shape[1])
        assert (places.prefix(6)[found] == expected).all()


def test_grids_without_a_weight_are_refused(grids: gpd.GeoDataFrame, divisions: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match="weight"):
        read_places(grids.drop(columns="weight"), divisions, np.random.default_rng(0))


def test_divisions_without_people_are_refused(grids: gpd.GeoDataFrame, divisions: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match="population"):
        read_places(grids, divisions.assign(counted=False), np.random.default_rng(0))
