from dashboard.classes import of_breaks
from dashboard.legend import legend_html
from dashboard.measures import COUNT, PREVIOUS
from dashboard.palette import DARK, LIGHT

CLASSES = of_breaks((0, 100, 200), COUNT)


def test_every_class_has_a_swatch_and_its_words():
    html = legend_html(CLASSES, COUNT, LIGHT)
    for colour, label in zip(CLASSES.colors_light, CLASSES.labels, strict=True):
        assert f"background:{colour}" in html
        assert label.replace("<", "&lt;") in html
    assert "件数(件)" in html
    assert "不统计" in html
    assert "左闭右开,分级固定,可跨期比较" in html


def test_the_legend_follows_the_theme():
    html = legend_html(CLASSES, COUNT, DARK)
    assert all(f"background:{colour}" in html for colour in CLASSES.colors_dark)


def test_words_of_change_stand_beside_its_colours():
    html = legend_html(of_breaks((), PREVIOUS), PREVIOUS, LIGHT)
    assert "降 30% 以上" in html
    assert "基本持平" in html
    assert "少于 10 件或不统计" in html


def test_a_given_note_is_escaped_and_grey_can_be_left_out():
    html = legend_html(of_breaks((0, 10), COUNT, suppressed_below=5), COUNT, LIGHT, note="<b>", greyed="")
    assert "&lt;b&gt;" in html
    assert "不统计" not in html
    assert "&lt; 5" in html
