"""An office's own rules stand in place of the shipped ones, and what is wrong in them is told."""

import pytest

from data.alerts.settings import read_alert_settings
from data.feeds.yaml_section import BadProfileError
from data.settings import Settings
from risk.alerts.rules import AlertRules
from risk.score.settings import ScoreSettings

SCORE = ScoreSettings()


def rules_of(folder, text: str | None = None):
    if text is not None:
        (folder / "alerts.yaml").write_text(text, encoding="utf-8")
    return read_alert_settings(Settings(var=folder), SCORE)


def test_the_shipped_file_says_what_the_defaults_are(tmp_path):
    found = rules_of(tmp_path)
    assert found.rules == AlertRules()
    assert (found.sign, found.level_count) == ("YJ", 4)


def test_an_office_changes_what_it_names_and_nothing_else(tmp_path):
    found = rules_of(tmp_path, "sign: 甘预\nlayers: [township]\nleast_level: grave\nsettled_percent: 80\n")
    assert found.sign == "甘预"
    assert (found.rules.layers, found.rules.least_level, found.rules.settled_share) == (("township",), 0, 0.8)
    assert found.rules.quiet_days == AlertRules().quiet_days
    assert found.key() != rules_of(tmp_path / "none").key()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("quiet_dais: 14", "quiet_dais"),
        ("layers: [street]", "layers"),
        ("layers: []", "layers"),
        ("classes: [cold]", "classes"),
        ("least_grade: 9", "grade"),
        ("least_level: purple", "least_level"),
        ("level_by_grade: [low, low]", "4 项"),
        ("quiet_days: 0", "quiet_days"),
        ("settled_percent: 150", "share"),
        ("sign: 'YJ-'", "sign"),
        ("- a list", "alerts.yaml"),
    ],
)
def test_what_is_wrong_is_told_by_file_and_key(tmp_path, text, words):
    with pytest.raises(BadProfileError, match=words) as told:
        rules_of(tmp_path, text)
    assert "alerts.yaml" in str(told.value)
