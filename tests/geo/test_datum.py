import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.datum import Datum, from_wgs84, to_wgs84
from tests.examples import few

SHIFTED = [Datum.GCJ02, Datum.BD09]


@pytest.mark.parametrize("datum", SHIFTED)
@settings(max_examples=few(200), deadline=None)
@given(longitude=st.floats(74, 135), latitude=st.floats(4, 54))
def test_there_and_back_is_the_same_point(datum, longitude, latitude):
    shifted = from_wgs84(longitude, latitude, datum=datum)
    x, y = to_wgs84(*shifted, datum=datum)
    assert abs(float(x) - longitude) < 1e-7
    assert abs(float(y) - latitude) < 1e-7


@pytest.mark.parametrize("datum", SHIFTED)
def test_a_shift_in_gansu_is_some_hundred_metres(datum):
    x, y = np.meshgrid(np.linspace(92, 109, 80), np.linspace(32, 43, 60))
    shifted_x, shifted_y = from_wgs84(x, y, datum=datum)
    metres = np.hypot((shifted_x - x) * np.cos(np.radians(y)), shifted_y - y) * 111_320
    assert metres.mean() > 200
    assert metres.max() < 1_400


def test_a_known_point_in_gcj02():
    # Shanghai, from the published tests of googollee/eviltransform
    x, y = from_wgs84(121.5272106, 31.1774276, datum=Datum.GCJ02)
    assert (float(x), float(y)) == pytest.approx((121.531541859215, 31.17530398364597), abs=1e-9)


def test_a_known_step_from_gcj02_to_bd09():
    # 天安门: GCJ-02 116.404, 39.915 is BD-09 116.41036949, 39.92133700 in the published formula
    wgs = to_wgs84(116.404, 39.915, datum=Datum.GCJ02)
    x, y = from_wgs84(*wgs, datum=Datum.BD09)
    assert (float(x), float(y)) == pytest.approx((116.41036949, 39.92133699), abs=1e-7)


@pytest.mark.parametrize("datum", list(Datum))
def test_outside_china_nothing_moves(datum):
    x, y = np.array([2.35, -73.9, 151.2]), np.array([48.85, 40.7, -33.9])
    for convert in (from_wgs84, to_wgs84):
        moved_x, moved_y = convert(x, y, datum=datum)
        assert np.array_equal(moved_x, x)
        assert np.array_equal(moved_y, y)


@pytest.mark.parametrize("datum", list(Datum))
def test_missing_and_infinite_coordinates_pass_unchanged(datum):
    x, y = np.array([np.nan, 104.0, np.inf]), np.array([36.0, np.nan, 36.0])
    moved_x, moved_y = to_wgs84(x, y, datum=datum)
    assert np.array_equal(moved_x, x, equal_nan=True)
    assert np.array_equal(moved_y, y, equal_nan=True)


def test_wgs84_is_left_as_it_is():
    x, y = to_wgs84([103.8], [36.06], datum=Datum.WGS84)
    assert (x.tolist(), y.tolist()) == ([103.8], [36.06])
