import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.locate import Locator, open_locator
from geo.ray import orientation
from tests.examples import few

SQUARE = shapely.box(100.0, 35.0, 101.0, 36.0)
DONUT = shapely.Polygon(
    shapely.box(102.0, 35.0, 105.0, 38.0).exterior, [shapely.box(103.0, 36.0, 104.0, 37.0).exterior]
)


def locate_plainly(polygons, places, x, y):
    """The twin: every polygon against every point, the lowest place last, so that it stays."""
    found = np.zeros(len(x), np.int64)
    for polygon in np.argsort(places, kind="stable")[::-1]:
        found[shapely.intersects_xy(polygons[polygon], x, y)] = places[polygon]
    return found


def assert_same_as_plain(polygons, places, x, y):
    located = Locator.build(polygons, places).locate(x, y)
    np.testing.assert_array_equal(located, locate_plainly(polygons, places, x, y))


def probes(polygons, rng, number=400):
    """Points anywhere, on vertices, on middles of edges, and a hair beside them."""
    west, south, east, north = shapely.total_bounds(polygons)
    anywhere = rng.uniform((west - 0.1, south - 0.1), (east + 0.1, north + 0.1), (number, 2))
    vertices = shapely.get_coordinates(polygons)
    middles = (vertices[1:] + vertices[:-1]) / 2
    beside = np.nextafter(np.concatenate([vertices, middles]), rng.choice([-1e9, 1e9]))
    return np.concatenate([anywhere, vertices, middles, beside]).T


def test_inside_outside_and_in_a_hole():
    locator = Locator.build([SQUARE, DONUT], [11, 22])
    x, y = [100.5, 99.0, 102.5, 103.5, 100.5], [35.5, 35.5, 36.5, 36.5, 89.0]
    assert locator.locate(x, y).tolist() == [11, 0, 22, 0, 0]


def test_a_point_on_a_border_or_a_corner_lies_in():
    locator = Locator.build([SQUARE, DONUT], [11, 22])
    x, y = [100.0, 101.0, 100.5, 103.0, 103.5], [35.5, 36.0, 36.0, 36.5, 36.0]
    assert locator.locate(x, y).tolist() == [11, 11, 11, 22, 22]


def test_where_polygons_overlap_the_lowest_code_has_the_point():
    whole = shapely.box(99.0, 34.0, 106.0, 39.0)
    for places in ([30, 20, 10], [10, 20, 30]):
        polygons = [SQUARE, DONUT, whole]
        assert_same_as_plain(polygons, places, *probes(polygons, np.random.default_rng(1)))


def test_missing_coordinates_are_nowhere():
    locator = Locator.build([SQUARE], [11])
    assert locator.locate([np.nan, 100.5, np.inf], [35.5, np.nan, 35.5]).tolist() == [0, 0, 0]


def test_no_points_no_places():
    assert Locator.build([SQUARE], [11]).locate([], []).tolist() == []


def test_many_points_are_split_between_threads_without_a_mistake():
    rng = np.random.default_rng(2)
    x, y = rng.uniform(99.5, 101.5, 600_000), rng.uniform(34.5, 36.5, 600_000)
    inside = (x >= 100) & (x <= 101) & (y >= 35) & (y <= 36)
    np.testing.assert_array_equal(Locator.build([SQUARE], [11]).locate(x, y), np.where(inside, 11, 0))


@settings(max_examples=few(40), deadline=None)
@given(seed=st.integers(0, 10_000), number=st.integers(1, 30), scale=st.sampled_from([1e-6, 0.01, 1.0, 40.0]))
def test_random_polygons_are_located_as_shapely_locates_them(seed, number, scale):
    rng = np.random.default_rng(seed)
    centres = rng.uniform(-2, 2, (number, 2))
    turns = np.sort(rng.uniform(0, 2 * np.pi, (number, 9)), axis=1)
    reach = rng.uniform(0.1, 1.0, (number, 9))
    corners = centres[:, None] + np.stack([reach * np.cos(turns), reach * np.sin(turns)], axis=2)
    shapes = shapely.make_valid(shapely.polygons(corners * scale + np.array([100.0, 36.0])))
    usable = np.isin(shapely.get_type_id(shapes), [3, 6]) & ~shapely.is_empty(shapes)
    if usable.any():
        assert_same_as_plain(shapes[usable], rng.permutation(number)[usable] + 1, *probes(shapes[usable], rng, 100))


def test_a_coverage_has_no_gap_on_its_inner_borders():
    rng = np.random.default_rng(3)
    seeds = shapely.multipoints(rng.uniform((100, 35), (101, 36), (200, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=SQUARE))
    x, y = probes(cells, rng, 2_000)
    inner = shapely.contains_xy(shapely.union_all(cells).buffer(-1e-9), x, y)
    places = np.arange(1, len(cells) + 1)
    assert_same_as_plain(cells, places, x, y)
    assert (Locator.build(cells, places).locate(x[inner], y[inner]) > 0).sum() > 0.99 * inner.sum()


def test_parts_of_one_unit_are_one_place():
    both = shapely.multipolygons([SQUARE, DONUT])
    polygons = [both, shapely.box(100.2, 35.2, 100.4, 35.4)]
    assert_same_as_plain(polygons, [5, 4], *probes(polygons, np.random.default_rng(4)))


def test_orientation_is_exact_where_rounding_would_decide():
    a, b = (0.5, 0.5), (12.0, 12.0)
    for step in range(-8, 9):
        for rise in range(-8, 9):
            x, y = 0.5 + step * 2.0**-53, 0.5 + rise * 2.0**-53
            expected = np.sign((y > x) - (y < x) + 0)
            assert orientation(*a, *b, x, y) == expected


@pytest.mark.parametrize(
    ("polygons", "places"),
    [([], []), ([SQUARE], [1, 2]), ([shapely.Point(1, 2)], [1]), ([None], [1]), ([shapely.Polygon()], [1])],
)
def test_what_is_no_polygon_is_a_wrong_call(polygons, places):
    with pytest.raises(ValueError, match="expected"):
        Locator.build(polygons, places)


def test_columns_of_different_length_are_a_wrong_call():
    with pytest.raises(ValueError, match="equal length"):
        Locator.build([SQUARE], [1]).locate([100.0, 101.0], [35.0])


def test_a_kept_locator_answers_like_the_built_one(tmp_path):
    polygons = [SQUARE, DONUT]
    built = Locator.build(polygons, [11, 22])
    built.write(tmp_path / "kept.npz", fingerprint=[1, 2])
    kept = Locator.read(tmp_path / "kept.npz", fingerprint=[1, 2])
    x, y = probes(polygons, np.random.default_rng(5))
    np.testing.assert_array_equal(kept.locate(x, y), built.locate(x, y))
    assert [path.name for path in tmp_path.iterdir()] == ["kept.npz"]


def test_a_stale_broken_or_missing_file_is_no_locator(tmp_path):
    path = tmp_path / "kept.npz"
    assert Locator.read(path) is None
    Locator.build([SQUARE], [11]).write(path, fingerprint=[1])
    assert Locator.read(path, fingerprint=[2]) is None
    path.write_bytes(path.read_bytes()[:200])
    assert Locator.read(path, fingerprint=[1]) is None


def test_without_drawn_outlines_the_county_is_found(tmp_path):
    locator = open_locator(tmp_path)
    found = locator.locate([103.83, 98.27, 101.0, 116.4], [36.06, 39.77, 38.0, 39.9])
    assert found[0] == 620102_000000000
    assert found[1] == 620201_000000000
    assert found[3] == 0
    assert list(tmp_path.iterdir()) == []
