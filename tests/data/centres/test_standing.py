"""Standing, distances and gaps of a few centres, worked out by hand."""

import math

import numpy as np
import pandas as pd
import pytest

from data.centres.distances import with_distances
from data.centres.gaps import FAR, LACKING, NO_CENTRE, NO_POINT, NO_ROOM, list_gaps
from data.centres.loads import Loads
from data.centres.settings import SHIPPED, read_file
from data.centres.standing import staff_within, standing
from geo.neighbours import EARTH_RADIUS_KM

KINDS = read_file(SHIPPED)
POPULATION = pd.Series({"62": 25_000_000.0, "6201": 4_000_000.0, "620102": 400_000.0, "620103": 60_000.0})


def centre(division: str, level: int, mediators, rooms: str, **other) -> dict:
    return {
        "code": f"ZZ{division}",
        "name": f"{division}中心",
        "level": level,
        "division": division,
        "longitude": 103.8,
        "latitude": 36.0,
        "site_class": "",
        "mediators": mediators,
        "daily_visitors": None,
        "rooms": dict.fromkeys(rooms.split(), 1),
    } | other


@pytest.fixture
def centres() -> pd.DataFrame:
    rows = [
        centre("62", 1, 10, "reception general"),
        centre("620102", 3, 8, "reception general labour", site_class="三类", latitude=36.5),
        centre("620102001", 4, 2, "reception general", longitude=None, latitude=None, daily_visitors=25),
        centre("620103", 3, None, "reception general family psychology", latitude=37.0),
    ]
    return pd.DataFrame(rows).astype({"mediators": "Int64", "daily_visitors": "Int64"})


@pytest.fixture
def loads() -> Loads:
    places = pd.DataFrame(
        {"open_count": [400, 50, pd.NA, 30], "year_count": [9000, 1200, pd.NA, 120]},
        index=pd.Index(["62", "620102", "620102001", "620103"], name="code"),
        dtype="Int64",
    )
    types = pd.DataFrame({"D06": [900, 300, 150], "D10": [500, 99, 100]}, index=["62", "620102", "620103"])
    return Loads(places, types.rename_axis(index="code", columns="dispute_type"))


def test_mediators_of_divisions_within_count_for_those_above(centres):
    assert staff_within(centres) == {"62": 20, "6201": 10, "620102": 10, "620102001": 2}


def test_the_standing_is_what_is_worked_out_by_hand(centres, loads):
    found = standing(centres, loads, POPULATION, KINDS).set_index("division")
    assert found["per_mediator"].tolist()[:2] == [20.0, 5.0]
    assert found["per_mediator"].isna().tolist() == [False, False, True, True]
    assert found["demanded"].tolist() == ["一类", "二类", "三类", "三类"]
    assert found.loc["620102", "missing"] == ("property", "land", "gold", "psychology")
    assert found.loc["620102001", "missing"] == ("family", "psychology")
    assert found["understated"].tolist() == [False, True, False, False]


def test_a_division_without_incidents_has_no_load_instead_of_a_withheld_one(centres, loads):
    quiet = Loads(loads.places.drop("620103"), loads.types)
    found = standing(centres, quiet, POPULATION, KINDS).set_index("division")
    assert found.loc["620103", "open_count"] == 0
    assert pd.isna(found.loc["620102001", "open_count"])


def test_distances_are_those_of_a_plain_loop_over_centres_with_the_room(centres):
    rng = np.random.default_rng(2)
    spots = pd.DataFrame(
        {
            "dispute_type": rng.choice(["D06", "D01", "D11", "D02", ""], 60),
            "longitude": rng.uniform(102, 106, 60),
            "latitude": rng.uniform(35, 38, 60),
        }
    )
    spots.loc[0, ["longitude", "latitude"]] = np.nan
    found = with_distances(spots, centres, KINDS)
    for _, row in found.iterrows():
        best, name = math.inf, ""
        for _, each in centres[centres["longitude"].notna()].iterrows():
            apart = plain_km(row["longitude"], row["latitude"], each["longitude"], each["latitude"])
            if KINDS.room_of_type[row["dispute_type"]] in each["rooms"] and apart < best:
                best, name = apart, each["code"]
        if math.isnan(row["longitude"]):
            assert math.isnan(row["km"])
        else:
            assert row["km"] == pytest.approx(best, rel=1e-9)
            assert row["centre"] == name


def plain_km(x: float, y: float, to_x: float, to_y: float) -> float:
    north, to_north, east = math.radians(y), math.radians(to_y), math.radians(to_x - x)
    cosine = math.sin(north) * math.sin(to_north) + math.cos(north) * math.cos(to_north) * math.cos(east)
    return EARTH_RADIUS_KM * math.acos(max(-1.0, min(1.0, cosine)))


def test_every_gap_is_found_and_nothing_else(centres, loads):
    spots = pd.DataFrame(
        {
            "home": ["620102001", "620102001", "620103001"],
            "dispute_type": ["D06", "D06", "D11"],
            "longitude": [103.8, 103.8, 103.8],
            "latitude": [38.0, 37.5, 36.0],
        }
    )
    divisions = pd.DataFrame(
        {"code": ["62", "6201", "620102", "620103", "620102001"], "level": [1, 2, 3, 3, 4], "counted": True}
    )
    table = standing(centres, loads, POPULATION, KINDS)
    found = list_gaps(table, loads, with_distances(spots, centres, KINDS), divisions, KINDS)
    told = {(row["gap"], row["division"], row["dispute_type"]) for _, row in found.iterrows()}
    assert told == {
        (NO_CENTRE, "6201", ""),
        (NO_ROOM, "620103", "D06"),
        (NO_ROOM, "620103", "D10"),
        (FAR, "620102001", "D06"),
        (FAR, "620103001", "D11"),
        (LACKING, "62", ""),
        (LACKING, "620102", ""),
        (LACKING, "620102001", ""),
        (NO_POINT, "620102001", ""),
    }
    far = found[found["gap"] == FAR].set_index("division")["number"]
    assert far["620102001"] == pytest.approx(1.5 * math.pi / 180 * EARTH_RADIUS_KM)
    assert math.isinf(far["620103001"])


def test_a_room_at_any_centre_of_the_county_serves_it(centres, loads):
    table = standing(centres, loads, POPULATION, KINDS)
    divisions = pd.DataFrame({"code": ["620102"], "level": [3]})
    nothing = pd.DataFrame(columns=["home", "dispute_type", "room", "centre_name", "km"])
    found = list_gaps(table, loads, nothing, divisions, KINDS)
    assert found[found["gap"] == NO_ROOM].empty
