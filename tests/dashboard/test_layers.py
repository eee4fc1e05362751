import json

import geopandas as gpd
import numpy as np
import orjson
import pandas as pd
import pytest
import shapely

from dashboard import deck, layers
from dashboard.classes import of_breaks
from dashboard.measures import COUNT, PREVIOUS, RATE
from dashboard.palette import DARK, LIGHT, rgb

CLASSES = of_breaks((0, 100, 200), COUNT)


def children() -> gpd.GeoDataFrame:
    squares = [shapely.box(x, 36, x + 1, 37) for x in (100, 101, 102)]
    return gpd.GeoDataFrame(
        {
            "code": ["6201", "6202", "6297", "620171"],
            "name": ["<b>兰州</b>市", "嘉峪关市", "山丹马场", "兰州新区"],
            "counted": [True, True, False, True],
        },
        geometry=[*squares, None],
        crs=4326,
    )


def numbers() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "incident_count": pd.array([250, None, 80], dtype="Int64"),
            "previous_count": pd.array([200, 50, 80], dtype="Int64"),
            "rate": [3.2, np.nan, 1.0],
        },
        index=["6201", "6202", "620171"],
    )


VIEW = deck.fit((100, 36, 103, 37), 900, 500)


def drawn(layer: object) -> dict:
    built = deck.build([layer], VIEW, LIGHT)  # type: ignore[list-item]
    assert "http" not in built.to_json()
    return json.loads(built.to_json())["layers"][1]


def fill(measure=COUNT) -> dict:
    outlines = layers.shapes(children(), VIEW)
    classes = CLASSES if measure is COUNT else of_breaks((0, 1, 2), measure)
    return drawn(
        layers.children_fill(children(), numbers(), measure=measure, classes=classes, outlines=outlines, palette=LIGHT)
    )


def properties(layer: dict) -> dict[str, dict]:
    return {feature["properties"]["code"]: feature["properties"] for feature in layer["data"]["features"]}


def test_children_carry_their_class_and_a_child_without_outline_is_not_drawn():
    found = properties(fill())
    assert {code: each["c"] for code, each in found.items()} == {"6201": 2, "6202": 0, "6297": 3}


def test_rows_are_lean():
    assert all(set(each) == {"code", "c", "t", "m", "d"} for each in properties(fill()).values())


def test_names_from_files_cannot_be_read_as_html():
    text = json.dumps(fill(), ensure_ascii=False)
    assert "<b>" not in text
    assert "‹b›兰州‹/b›市" in text


def test_a_tooltip_tells_the_value_with_both_counts():
    found = properties(fill())
    assert (found["6201"]["m"], found["6201"]["d"]) == ("件数:250 件", "上期 200 → 本期 250")
    assert found["6202"]["m"] == "件数:<5 件(数量少于 5 件,不显示)"
    assert (found["6297"]["t"], found["6297"]["m"], found["6297"]["d"]) == ("山丹马场", "不统计", "")
    assert properties(fill(PREVIOUS))["6201"]["m"] == "比上期:▲ 25.0%"
    rate = properties(fill(RATE))
    assert (rate["6201"]["m"], rate["6201"]["d"]) == ("万人发生率:3.20 件/万人", "本期 250 件")
    assert rate["6202"]["m"] == "万人发生率:无人口数"


def test_where_nothing_was_found_the_map_stays_in_land_tone():
    outlines = layers.shapes(children(), VIEW)
    empty = numbers().assign(incident_count=0, previous_count=0)
    layer = layers.children_fill(
        children(),
        empty,
        measure=COUNT,
        classes=CLASSES,
        outlines=outlines,
        palette=LIGHT,
        found_nothing=True,
    )
    assert drawn(layer)["getFillColor"] == rgb(LIGHT.land)


def test_the_colour_is_sent_once_as_an_expression_of_the_class():
    expression = layers.class_colour(CLASSES, DARK, "c")
    assert expression.startswith(f"c==0?{rgb(DARK.count[0])}:c==1?")
    assert expression.endswith(f":{rgb(DARK.not_counted)}")
    assert fill()["getFillColor"].startswith("@@=properties.c==0?")


def test_neighbours_still_touch_after_simplifying():
    rng = np.random.default_rng(5)
    middle = [(101 + 0.004 * rng.normal(), y) for y in np.linspace(36, 37, 500)]
    left = shapely.Polygon([(100, 36), *middle, (100, 37)])
    right = shapely.Polygon([(102, 36), *middle, (102, 37)])
    places = gpd.GeoDataFrame({"code": ["a", "b"]}, geometry=[left, right], crs=4326)
    outlines = layers.shapes(places, deck.fit((100, 36, 102, 37), 300, 240))
    a, b = (shapely.from_geojson(orjson.dumps(outlines[code]).decode()) for code in "ab")
    assert shapely.get_num_coordinates(a) < 350
    assert shapely.coverage_is_valid([a, b])


def test_no_places_have_no_shapes():
    assert layers.shapes(children().iloc[3:], VIEW) == {}


def test_hexagons_have_no_name_but_both_counts():
    cells = pd.DataFrame(
        {
            "cell": ["872c00000ffffff", "872c00001ffffff"],
            "incident_count": pd.array([120, None], dtype="Int64"),
            "previous_count": pd.array([100, 8], dtype="Int64"),
        }
    )
    rows = drawn(layers.cells_fill(cells, classes=CLASSES, palette=LIGHT))["data"]
    assert [(row["h"], row["c"]) for row in rows] == [("872c00000ffffff", 1), ("872c00001ffffff", 0)]
    assert "上期 100 → 本期 120" in rows[0]["d"]
    with pytest.raises(ValueError, match="rate"):
        layers.cells_fill(cells, measure=RATE, classes=CLASSES, palette=LIGHT)


def test_incidents_without_coordinates_are_left_out_and_their_texts_are_plain():
    incidents = pd.DataFrame(
        {
            "id": [1, 2],
            "longitude": [103.8, None],
            "latitude": [36.0, 36.0],
            "title": ["<script>", "b"],
            "detail": ["11-25 09:15", "c"],
        }
    )
    rows = drawn(layers.incident_points(incidents, LIGHT))["data"]
    assert [row["id"] for row in rows] == ["1"]
    assert (rows[0]["t"], rows[0]["m"]) == ("‹script›", "11-25 09:15")


def test_lines_land_and_selection_cannot_be_picked():
    outlines = layers.shapes(children(), VIEW)
    for layer in (
        layers.lines("city", outlines, colour=LIGHT.city_line, pixels=1.4),
        layers.land(outlines, LIGHT),
        layers.selection(outlines["6201"], LIGHT),
    ):
        assert drawn(layer)["pickable"] is False
