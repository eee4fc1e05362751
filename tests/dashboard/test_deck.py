import json

import numpy as np
import pydeck as pdk
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import deck
from dashboard.palette import DARK, LIGHT

GANSU = (92.3, 32.6, 108.7, 42.8)


def test_a_deck_asks_nothing_of_the_internet():
    built = json.loads(deck.build([], deck.fit(GANSU, 900, 500), LIGHT).to_json())
    assert built["mapStyle"] == "__MAP_STYLE__"  # pydeck's word for "none given"; the browser draws no base map
    assert "mapProvider" not in built
    assert "http" not in json.dumps(built)


def test_a_deck_is_flat_and_lies_on_the_ground_of_its_theme():
    built = json.loads(deck.build([], deck.fit(GANSU, 900, 500), DARK).to_json())
    assert [layer["id"] for layer in built["layers"]] == [deck.GROUND]
    assert built["layers"][0]["getFillColor"] == [11, 16, 21]
    assert (built["initialViewState"]["pitch"], built["initialViewState"]["bearing"]) == (0, 0)
    assert built["views"][0]["controller"]["dragRotate"] is False


def test_the_compact_json_says_the_same_as_pydeck_does():
    built = deck.build([], deck.fit(GANSU, 900, 500), LIGHT)
    assert json.loads(built.to_json()) == json.loads(pdk.Deck.to_json(built))
    assert len(built.to_json()) < len(pdk.Deck.to_json(built))


@given(
    st.floats(75, 130), st.floats(18, 50), st.floats(0.001, 10), st.floats(0.001, 5),
    st.integers(300, 3000), st.integers(240, 1500),
)  # fmt: skip
def test_a_unit_fits_the_map_with_its_margin(
    west: float, south: float, wide: float, high: float, width: int, height: int
):
    view = deck.fit((west, south, west + wide, south + high), width, height)
    (left, bottom), (right, top) = view.pixels(np.array([[west, south], [west + wide, south + high]]))
    room = [left / width, 1 - right / width, top / height, 1 - bottom / height]
    assert min(room) >= 0.06 - 1e-6
    assert view.zoom in (deck.CLOSEST - 2, deck.WIDEST) or min(room) == pytest.approx(0.06, abs=1e-6)


def test_a_single_point_is_shown_close_but_not_endlessly_close():
    view = deck.fit((103.8, 36.0, 103.8, 36.0), 900, 500)
    assert view.zoom == deck.CLOSEST - 2
    assert view.latitude == pytest.approx(36.0)


@pytest.mark.parametrize(("bounds", "width"), [((1, 2, 0, 3), 900), ((np.nan,) * 4, 900), (GANSU, 0)])
def test_a_map_of_nothing_is_a_wrong_call(bounds: tuple[float, ...], width: int):
    with pytest.raises(ValueError, match="expected"):
        deck.fit(bounds, width, 500)


def test_the_world_is_as_wide_as_deck_gl_counts_it():
    view = deck.View(0.0, 0.0, 0.0, 512, 512)
    edges = view.pixels(np.array([[-180.0, 85.051128], [180.0, -85.051128]]))
    assert edges.ravel().tolist() == pytest.approx([0, 0, 512, 512], abs=1e-3)


def test_a_click_is_read_from_polygons_and_from_rows():
    polygon = {"selection": {"objects": {"children": [{"type": "Feature", "properties": {"code": "6201"}}]}}}
    cell = {"selection": {"objects": {"cells": [{"h": "872c00", "c": 1}]}}}
    assert deck.picked(polygon, "children", "code") == "6201"
    assert deck.picked(cell, "cells", "h") == "872c00"
    assert deck.picked(cell, "children", "code") is None


@pytest.mark.parametrize("event", [None, {}, {"selection": {}}, {"selection": {"objects": {"children": []}}}])
def test_no_click_is_no_place(event: dict | None):
    assert deck.picked(event, "children", "code") is None
