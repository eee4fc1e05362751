import pytest
import shapely

from geo.geography import open_geography
from geo.touching import touching


@pytest.fixture(scope="module")
def geography(demo):
    return open_geography(demo.geography)


def drawn(geography, parents) -> dict:
    """Outlines of all children of some units by code."""
    tables = [geography.children(parent) for parent in parents]
    return {
        code: shape
        for table in tables
        for code, shape in zip(table["code"], table.geometry, strict=True)
        if shape is not None
    }


@pytest.mark.parametrize("code", ["620102001001", "620103002003"])
def test_touching_villages_are_those_of_all_counties_around_that_are_near_enough(geography, code):
    counties = [code[:6], *touching(geography, code[:6])]
    townships = drawn(geography, counties)
    others = drawn(geography, townships)
    here = others.pop(code)
    found = touching(geography, code)
    assert found == sorted(other for other, shape in others.items() if shapely.distance(shape, here) <= 1e-6)
    assert found


def test_touching_is_mutual(geography):
    for code in ("620102001001001", "620102001001", "620102001"):
        for other in touching(geography, code):
            assert code in touching(geography, other)


def test_what_has_no_outline_touches_nothing(geography):
    assert touching(geography, "620171") == []
    assert touching(geography, "62") == []
