import pydeck as pdk
import pytest

from dashboard.asked import OVERLAYS
from dashboard.map import overlays as map_overlays
from dashboard.map.overlays import DRAWN, Overlay
from dashboard.map.pictures import PICTURES, picture_of
from dashboard.measures import COUNT, MAP_MEASURES
from tests.pages.conftest import deck_of, texts


def ids(app) -> list[str]:
    return [layer["id"] for layer in deck_of(app)["layers"]]


@pytest.fixture
def stars(monkeypatch):
    def draw(screen) -> Overlay:
        x, y = screen.unit.geometry.representative_point().coords[0]
        row = pdk.Layer("ScatterplotLayer", [{"p": [x, y]}], id="stars", get_position="p", pickable=False)
        return Overlay([row], "★ 星 1 处")

    monkeypatch.setitem(OVERLAYS, "stars", "星")
    monkeypatch.setattr(map_overlays, "DRAWN", {"stars": draw})


def test_every_overlay_of_the_url_is_drawn_and_every_picture_belongs_to_a_measure():
    assert set(DRAWN) == set(OVERLAYS)
    assert set(PICTURES) <= set(MAP_MEASURES)
    assert picture_of(COUNT).extra_height == 0


def test_an_overlay_lies_above_the_picture_and_is_explained_under_the_map(demo, open_page, stars):
    app = open_page(demo, overlay="stars")
    assert not app.exception
    assert ids(app)[-1] == "stars"
    assert "叠加:★ 星 1 处" in texts(app)


def test_an_overlay_that_is_not_asked_for_is_not_drawn_but_can_be_chosen(demo, open_page, stars):
    app = open_page(demo)
    assert "stars" not in ids(app)
    (choice,) = [group for group in app.get("button_group") if group.key == map_overlays.KEY]
    choice.set_value(["stars"]).run()
    assert app.query_params["overlay"] in ("stars", ["stars"])
    assert "stars" in ids(app)


def test_a_link_with_an_unknown_overlay_says_so(demo, open_page):
    app = open_page(demo, overlay="moons")
    assert not app.exception
    assert "overlay=moons" in texts(app)
