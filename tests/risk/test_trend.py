"""Mann-Kendall against pymannkendall, ties and constants included."""

import numpy as np
import pymannkendall
import pytest

from risk.trend import trend


@pytest.mark.parametrize("steps", [3, 8, 52])
def test_it_equals_pymannkendall(steps):
    series = np.random.default_rng(steps).poisson(2.0, (40, steps)).astype(float)
    series[:20] += 0.1 * np.arange(steps)
    series = np.round(series, 0)
    series[0] = 4.0
    found = trend(series)
    direction = found.direction(alpha=0.05)
    for place, row in enumerate(series):
        peer = pymannkendall.original_test(row)
        if np.ptp(row) == 0:
            assert (found.z[place], found.p[place], direction[place]) == (0.0, 1.0, 0)
            continue
        assert found.score[place] == peer.s
        assert found.variance[place] == pytest.approx(peer.var_s, rel=1e-12)
        assert found.z[place] == pytest.approx(peer.z, abs=1e-12)
        assert found.p[place] == pytest.approx(peer.p, abs=1e-12)
        assert direction[place] == {"increasing": 1, "decreasing": -1, "no trend": 0}[peer.trend]


@pytest.mark.parametrize("shape", [(0, 5), (4, 0), (4, 1)])
def test_too_little_to_have_a_trend_is_no_trend(shape):
    found = trend(np.zeros(shape))
    assert found.p.tolist() == [1.0] * shape[0]
    assert not found.direction().any()


def test_a_series_with_a_hole_is_refused():
    with pytest.raises(ValueError, match="finite"):
        trend(np.array([[1.0, np.nan]]))
