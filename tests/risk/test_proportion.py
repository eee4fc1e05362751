import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.proportion import wilson_interval


def test_it_gives_the_intervals_of_newcombe_1998():
    # Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    for (part, whole), published in {
        (81, 263): (0.2553, 0.3662),
        (15, 148): (0.0624, 0.1605),
        (0, 20): (0.0, 0.1611),
        (1, 29): (0.0061, 0.1718),
    }.items():
        assert wilson_interval(part, whole) == pytest.approx(published, abs=5e-5)


@given(st.integers(1, 10_000), st.data())
def test_it_holds_the_share_and_mirrors(whole, data):
    part = data.draw(st.integers(0, whole))
    low, high = wilson_interval(part, whole)
    assert 0 <= low <= part / whole + 1e-12
    assert part / whole - 1e-12 <= high <= 1
    other = wilson_interval(whole - part, whole)
    assert (low, high) == pytest.approx((1 - other[1], 1 - other[0]), abs=1e-9)


@pytest.mark.parametrize(("part", "whole"), [(0, 0), (3, 2), (-1, 5)])
def test_nothing_counted_has_no_interval(part, whole):
    with pytest.raises(ValueError, match="whole"):
        wilson_interval(part, whole)
