from dashboard.map.ticker import ticker_html
from dashboard.palette import LIGHT


def test_the_line_escapes_names_and_marks_what_is_new():
    html = ticker_html([("09:42 <b>区 · 邻里", True), ("09:40 城关区 · 消费", False)], LIGHT)
    assert "&lt;b&gt;区" in html
    assert html.count("●") == 1
    assert "aria-live" in html


def test_nothing_new_is_said():
    assert "暂无新到纠纷" in ticker_html([], LIGHT)
