"""The share of a week that is reported yet, against delays that are known."""

import numpy as np

from risk.forecast.delay import MOST_DAYS, learn_delay
from risk.forecast.season import expected_totals

MONDAY = 16804


def waits(*shares: float) -> np.ndarray:
    """Thousand incidents that waited 0, 1, 2 … days, as one row of days."""
    row = np.zeros(MOST_DAYS + 1)
    row[: len(shares)] = 1000 * np.array(shares)
    return row


def test_weeks_long_past_are_complete_and_a_week_to_come_is_empty() -> None:
    delay = learn_delay(waits(0.2, 0.3, 0.5)[None, None])
    found = delay.reported(MONDAY + 7 * np.arange(4), known_until=MONDAY + 21)
    assert found[0, :2].tolist() == [1, 1]
    assert found[0, 3] == 0


def test_the_last_week_holds_what_its_days_have_had_time_to_report() -> None:
    delay = learn_delay(waits(0.2, 0.3, 0.5)[None, None])
    found = delay.reported(np.array([MONDAY]), known_until=MONDAY + 7)
    assert np.isclose(found[0, 0], (5 * 1 + 0.5 + 0.2) / 7)  # Sunday: its own day's share; Saturday: two days' shares
    noon = delay.reported(np.array([MONDAY]), known_until=MONDAY + 6.5)
    assert np.isclose(noon[0, 0], (4 * 1 + 0.75 + 0.35 + 0.1) / 7)


def test_a_kind_is_reported_as_fast_as_its_sources() -> None:
    fast, slow, none = waits(1.0), waits(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0), np.zeros(MOST_DAYS + 1)
    delay = learn_delay(np.array([[fast, none], [none, slow], [none, none]]))
    found = delay.reported(np.array([MONDAY]), known_until=MONDAY + 7)[:, 0]
    assert found[0] > 0.95
    assert found[1] < 0.05
    assert np.isclose(found[2], 0.5)  # of a kind nobody has seen, the usual mixture


def test_a_source_that_never_brought_anything_delays_nothing() -> None:
    delay = learn_delay(np.zeros((1, 2, MOST_DAYS + 1)))
    assert np.isfinite(delay.reported(np.array([MONDAY]), known_until=MONDAY + 7)).all()


def test_incomplete_last_weeks_do_not_lower_the_total_that_is_foretold() -> None:
    rng = np.random.default_rng(1)
    waited = np.minimum(rng.geometric(0.12, (90, 600)) - 1, MOST_DAYS)
    day = np.broadcast_to(7 * np.arange(90)[:, None] + rng.integers(0, 7, (90, 600)), waited.shape)
    whole = np.full(90, 600.0)
    so_far = (day + waited < 90 * 7).sum(axis=1).astype(float)
    delay = learn_delay(np.bincount(waited[:60].ravel(), minlength=MOST_DAYS + 1)[None, None].astype(float))
    reported = delay.reported(MONDAY + 7 * np.arange(90), known_until=MONDAY + 90 * 7)[0]
    assert so_far[-1] < 0.5 * whole[-1]
    assert np.allclose(so_far[-4:] / reported[-4:], 600, rtol=0.08)
    with_delay, without = (
        expected_totals(so_far, first_day=MONDAY, horizons=(1,), festivals=False, reported=each)[1][-1]
        for each in (reported, None)
    )
    assert abs(with_delay - 600) < 20
    assert without < 570
