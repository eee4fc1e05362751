"""Parts of the briefing screen that no page shows apart."""

import pytest

from dashboard.wall.picture import begin_words, legend_width


@pytest.mark.parametrize(
    ("label", "short"),
    [("0–2,500", "<2,500"), ("2,500–4,000", "2,500–"), ("≥ 10", "≥ 10"), ("降 15–30", "降≥15"), ("持平", "持平")],
)
def test_a_class_too_long_for_the_line_is_named_by_where_it_begins(label, short):
    assert begin_words(label) == short
    assert legend_width([short]) <= legend_width([label])
