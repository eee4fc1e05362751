import json

import geopandas as gpd
import shapely

from dashboard import deck, labels
from dashboard.palette import LIGHT, WHITE

VIEW = deck.fit((100, 36, 104, 38), 800, 400)


def places(*boxes: tuple[float, float, float, float], name: str = "兰州市") -> gpd.GeoDataFrame:
    codes = [f"62{at:02}" for at in range(len(boxes))]
    return gpd.GeoDataFrame(
        {"code": codes, "name": [name] * len(boxes)}, geometry=[shapely.box(*box) for box in boxes], crs=4326
    )


def place(table: gpd.GeoDataFrame, *, value: str = "1,326", **options) -> list[labels.Label]:
    values = dict.fromkeys(table["code"], value)
    return labels.placed_labels(table, values, {"6200": LIGHT.count[6]}, view=VIEW, palette=LIGHT, **options)


def test_a_label_that_fits_stands_in_the_middle_in_the_readable_colour():
    (label,) = place(places((100, 36, 102, 38)))
    assert (label.name, label.value, label.colour, label.on_plate) == ("兰州", "1,326", WHITE, False)
    assert 100.9 < label.longitude < 101.1


def test_a_wall_has_name_and_value_in_one_line():
    (label,) = place(places((100, 36, 102, 38)), one_line=True, plates=True, size=24)
    assert (label.name, label.value, label.on_plate) == ("兰州 1,326", "", True)
    (nameless,) = place(places((100, 36, 102, 38)), value="", one_line=True)
    assert nameless.name == "兰州"


def test_a_label_wider_than_its_polygon_is_left_out():
    assert place(places((100, 36, 100.1, 38))) == []
    assert place(places((100, 36, 102, 36.1))) == []


def test_a_city_is_always_named_on_a_plate_where_it_does_not_fit():
    (label,) = place(places((100, 36, 100.1, 38)), always=True)
    assert label.on_plate
    assert label.colour == LIGHT.text


def test_labels_never_lie_on_one_another():
    crowded = places(*[(100 + 0.1 * at, 36, 100.1 + 0.1 * at, 36.2) for at in range(6)])
    found = place(crowded, always=True)
    assert len(found) == 6
    at = [VIEW.pixels(shapely.get_coordinates(shapely.Point(each.longitude, each.latitude)))[0] for each in found]
    boxes = [
        shapely.box(x + each.shift[0] - 16, y + each.shift[1] - 14, x + each.shift[0] + 16, y + each.shift[1] + 14)
        for each, (x, y) in zip(found, at, strict=True)
    ]
    assert not any(a.overlaps(b) for n, a in enumerate(boxes) for b in boxes[n + 1 :])


def test_the_label_of_a_place_in_parts_stands_in_the_largest():
    table = places((100, 36, 102, 38))
    table.loc[0, "geometry"] = shapely.MultiPolygon([shapely.box(103, 36, 103.2, 36.2), shapely.box(100, 36, 102, 38)])
    (label,) = place(table)
    assert label.longitude < 102


def test_a_place_without_polygon_or_value_has_no_label():
    table = places((100, 36, 102, 38))
    assert labels.placed_labels(table, {}, {}, view=VIEW, palette=LIGHT) == []
    table.loc[0, "geometry"] = None
    assert place(table) == []


def test_over_hexagons_every_label_has_a_plate():
    (label,) = place(places((100, 36, 102, 38)), value="", plates=True)
    (layer,) = labels.label_layers([label], LIGHT)
    built = json.loads(deck.build([layer], VIEW, LIGHT).to_json())["layers"][1]
    assert built["background"] is True
    assert (built["characterSet"], built["fontFamily"]) == ("auto", labels.FONT)
    assert built["pickable"] is False
    assert "sdf" not in json.dumps(built)


def test_names_stand_over_heavier_values():
    name, value = labels.label_layers(place(places((100, 36, 102, 38))), LIGHT)
    built = json.loads(deck.build([name, value], VIEW, LIGHT).to_json())["layers"][1:]
    assert [layer["fontWeight"] for layer in built] == [500, 700]
    assert built[0]["data"][0]["o"][1] < built[1]["data"][0]["o"][1]


def test_a_chinese_sign_is_as_wide_as_it_is_high():
    assert labels.text_width("兰州", 12) == 24
    assert labels.text_width("1,326", 12) < 36
