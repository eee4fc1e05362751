import numpy as np
import pytest

from geo.divisions import read_divisions
from geo.people import share_people


@pytest.fixture(scope="module")
def units():
    return share_people(read_divisions(), target_grids=100_000, seed=0)


def test_shares_of_each_level_sum_to_one(units):
    assert units.groupby("level")["weight"].sum().to_dict() == pytest.approx({4: 1.0, 5: 1.0})


def test_a_county_has_its_share_of_the_census(units):
    villages = units[units["level"] == 5]
    share = villages.loc[villages["code"].str.startswith("620102"), "weight"].sum()
    assert share == pytest.approx(1_484_016 / 25_019_831)


def test_grids_follow_people_and_every_village_has_one(units):
    villages = units[units["level"] == 5]
    assert villages["grids"].between(1, 999).all()
    assert abs(villages["grids"].sum() - 100_000) < 5_000
    assert np.corrcoef(villages["grids"], villages["weight"])[0, 1] > 0.98


def test_farms_and_parks_are_light(units):
    townships = units[units["level"] == 4]
    kind = townships["code"].str[6]
    people = townships.groupby(kind)["weight"].mean()
    assert people["4"] < 0.3 * people["2"] < 0.3 * people["1"]
    assert people["5"] < 0.3 * people["2"]


def test_another_seed_gives_other_shares(units):
    other = share_people(read_divisions(), target_grids=100_000, seed=1)
    assert not np.array_equal(other["weight"], units["weight"])
