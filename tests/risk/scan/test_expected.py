"""Expected cases: standardised, interpolated, and adding up."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from risk.scan.expected import expected_cases, person_time
from risk.scan.period import cut, whole


def population(*rows, precision="year"):
    frame = pd.DataFrame(rows, columns=["place", "day", "people", "stratum"])
    return frame.assign(day=pd.to_datetime(frame["day"]), precision=precision)


def test_people_between_two_dates_are_interpolated_day_by_day():
    period = cut("2001/01/01", "2004/12/31", unit="year")
    rows = population((0, "2000-07-01", 100, ""), (0, "2002-07-01", 300, ""), (0, "2003-07-01", 200, ""))
    days = np.arange(period.starts[0], period.starts[-1]).astype(float) + 0.5
    known = rows["day"].to_numpy().astype("datetime64[D]").astype(float)
    daily = np.interp(days, known, rows["people"])
    edges = (period.starts - period.starts[0]).astype(int)
    yearly = [daily[a:b].sum() for a, b in pairwise(edges)]
    assert person_time(rows, places=1, period=period)[0] == pytest.approx(yearly, rel=1e-5)


def test_people_are_constant_outside_the_dates():
    period = cut("2001/01/01", "2001/01/10")
    assert (person_time(population((0, "1990-07-01", 7, "")), places=2, period=period) == [[7] * 10, [0] * 10]).all()


def test_strata_are_standardised_indirectly():
    cases = pd.DataFrame({"count": [30, 10], "stratum": ["old", "young"]})
    rows = population(
        (0, "2001-07-01", 100, "old"),
        (1, "2001-07-01", 50, "old"),
        (0, "2001-07-01", 0, "young"),
        (1, "2001-07-01", 9, "young"),
    )
    expected = expected_cases(cases, rows, places=2, period=whole("2001", "2001"))
    assert expected[:, 0] == pytest.approx([20, 20])
    assert expected.sum() == pytest.approx(40)


def test_a_population_stated_for_single_days_holds_on_those_days():
    rows = population((0, "2001-01-01", 10, ""), (0, "2001-01-03", 30, ""), precision="day")
    found = person_time(rows, places=1, period=cut("2001/01/01", "2001/01/03"))[0]
    assert found == pytest.approx([10, 20, 30])
