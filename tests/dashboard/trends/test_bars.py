from dashboard.palette import DARK, LIGHT
from dashboard.trends.bars import Bar, bar_layers
from dashboard.trends.chart import PICK, PICKED, framed

BARS = [Bar("a", "甲", 30.0, "30 件", 24.0), Bar("b", "乙", None, "<5 件"), Bar("c", "丙", 0.0, "0 件")]


def rows(layers) -> dict[str, dict]:
    (picked,) = [layer for layer in layers if layer.get("name") == PICKED]
    return {row["code"]: row for row in picked["data"]["values"]}


def test_a_withheld_count_is_a_stub_of_one_length_that_does_not_depend_on_it():
    found = rows(bar_layers(BARS, LIGHT))
    assert found["b"]["withheld"]
    assert found["b"]["to"] == 0.03 * 30
    assert (found["a"]["from"], found["a"]["to"], found["c"]["to"]) == (0, 30, 0)


def test_words_stand_beyond_the_bar_and_the_tick():
    found = rows(bar_layers([Bar("a", "甲", 10.0, "10 件", 40.0)], LIGHT))
    assert found["a"]["beside"] == 40


def test_what_is_chosen_is_marked_by_a_sign_and_the_others_fade():
    found = rows(bar_layers(BARS, DARK, chosen="a"))
    assert found["a"]["name"] == "▸ 甲"
    assert [found[code]["faded"] for code in "abc"] == [False, True, True]


def test_a_pyramid_is_centred():
    found = rows(bar_layers(BARS, LIGHT, centred=True))
    assert (found["a"]["from"], found["a"]["to"], found["a"]["before"]) == (-15, 15, None)


def test_a_chart_hears_clicks_only_where_something_can_be_chosen_and_has_its_own_ground():
    spec = framed(bar_layers(BARS, DARK), DARK, height=100, picks=("code",))
    assert spec["params"][0]["name"] == PICK
    assert spec["params"][0]["views"] == [PICKED]
    assert spec["background"] == DARK.page
    assert framed(bar_layers(BARS, DARK), DARK, height=100)["params"] == []
