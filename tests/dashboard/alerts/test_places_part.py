"""From an alert to the pages of villages."""

from types import SimpleNamespace

import pytest

from dashboard.alerts.places_part import smallest_places
from geo.geography import open_geography
from geo.hexagons import cell_of, text

TOWNSHIP = "620102001"


@pytest.fixture(scope="module")
def geography(demo):
    return open_geography(demo.geography)


def alert(*places: str, division: str = TOWNSHIP) -> SimpleNamespace:
    return SimpleNamespace(division=division, places=places)


def test_the_villages_that_its_hexagons_reach_into_come_with_the_one_that_holds_most_first(geography):
    villages = geography.children(TOWNSHIP)
    middle = villages["geometry"].iloc[2].representative_point()
    (cell,) = text(cell_of(middle.x, middle.y, resolution=9))
    found = smallest_places(geography, alert(cell, TOWNSHIP), scope="62")
    assert villages["code"].iloc[2] in found
    assert set(found) <= set(villages["code"])
    assert smallest_places(geography, alert(cell), scope="6202") == {}


def test_places_that_are_named_need_no_hexagons_and_a_township_alone_leads_nowhere(geography):
    village = f"{TOWNSHIP}001"
    found = smallest_places(geography, alert(village, "8724d3580ffffff"), scope="62")
    assert list(found) == [village]
    assert smallest_places(geography, alert(TOWNSHIP), scope="62") == {}
