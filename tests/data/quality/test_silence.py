import numpy as np
import pandas as pd
import pytest

from data.quality.silence import silent_places


def reporting(codes, *, reported, patrolled, county=1000, patrol=200) -> pd.DataFrame:
    table = {"reported": reported, "patrolled": patrolled, "county_count": county, "county_patrol": patrol}
    return pd.DataFrame(table, index=codes)


CODES = pd.Index([f"62010200100100{number}" for number in range(1, 5)], name="code")
WEIGHTS = pd.Series([0.5, 0.3, 0.199, 0.001], index=CODES)


def test_a_place_with_people_that_reports_nothing_is_silent():
    told = reporting(CODES, reported=[True, False, True, False], patrolled=[True, False, False, False])
    found = silent_places(WEIGHTS, told)
    assert found.places.to_numpy().tolist() == [["620102001001002", 300.0]]
    assert found.judged == 3
    by_patrol = silent_places(WEIGHTS, told, patrols=True)
    assert by_patrol.places["code"].tolist() == ["620102001001002", "620102001001003"]


def test_a_place_with_few_people_is_not_judged():
    told = reporting(CODES, reported=[False] * 4, patrolled=[False] * 4)
    assert len(silent_places(WEIGHTS, told).places) == 3
    assert len(silent_places(WEIGHTS, told, expected_at_least=0.5).places) == 4


def test_planted_silent_places_are_found_among_those_that_chance_leaves_silent():
    rng = np.random.default_rng(7)
    codes = pd.Index([f"620102{number:09d}" for number in range(101001001, 101001001 + 2000)])
    weights = pd.Series(rng.lognormal(0, 0.4, 2000), index=codes)
    expected = 12_000 * weights / weights.sum()
    counts = rng.poisson(expected)
    planted = rng.choice(np.flatnonzero(expected >= 6), 30, replace=False)
    counts[planted] = 0
    told = reporting(codes, reported=counts > 0, patrolled=False, county=int(counts.sum()), patrol=0)
    found = silent_places(weights, told)
    assert set(codes[planted]) <= set(found.places["code"])
    assert len(found.places) - 30 == pytest.approx(found.by_chance, abs=4 * np.sqrt(found.by_chance) + 1)


def test_a_county_where_nobody_lives_has_no_silent_places():
    told = reporting(CODES, reported=[False] * 4, patrolled=[False] * 4)
    assert silent_places(WEIGHTS * 0, told).places.empty


def test_other_places_are_a_wrong_call():
    with pytest.raises(ValueError, match="same places"):
        silent_places(WEIGHTS, reporting(CODES[::-1], reported=[False] * 4, patrolled=[False] * 4))
