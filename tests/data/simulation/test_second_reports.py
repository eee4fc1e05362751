from typing import Any

import numpy as np
import pytest

from data.simulation.places import metres_between
from data.simulation.profiles import SECOND_REPORT_METRES, SECOND_REPORT_SAME_TYPE, SECOND_REPORT_SHARE


def test_the_stated_share_of_reports_tells_of_a_dispute_that_another_office_knows(simulated: Any) -> None:
    rows = simulated.incidents
    again = rows[rows["duplicate_of"] >= 0]
    first = rows.iloc[again["duplicate_of"]]
    assert len(again) == int(SECOND_REPORT_SHARE * len(rows))
    assert not again["duplicate_of"].duplicated().any()
    assert (first["duplicate_of"] == -1).all()
    assert (first["hotspot"].to_numpy() == -1).all()
    assert (again["source"].to_numpy() != first["source"].to_numpy()).all()
    same = (again["dispute_type"].to_numpy() == first["dispute_type"].to_numpy()).mean()
    assert same == pytest.approx(SECOND_REPORT_SAME_TYPE, abs=0.06)


def test_a_second_report_is_close_in_place_and_time(simulated: Any) -> None:
    rows = simulated.incidents
    again = rows[rows["duplicate_of"] >= 0]
    first = rows.iloc[again["duplicate_of"]]
    known = ~np.isnan(again["longitude"].to_numpy())
    centre = (first["longitude"].to_numpy()[known], first["latitude"].to_numpy()[known])
    x, y = again["longitude"].to_numpy()[known], again["latitude"].to_numpy()[known]
    assert metres_between(x, y, centre=centre).max() <= SECOND_REPORT_METRES + 1
    # A feed without seconds may write a moment just before the other's.
    wait = (again["occurred_at"].to_numpy() - first["occurred_at"].to_numpy()) / np.timedelta64(1, "D")
    assert wait.min() > -0.001
    assert wait.max() < 3
