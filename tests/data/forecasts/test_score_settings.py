"""An office's own score file."""

import pytest

from data.forecasts.score_settings import BadScoreFileError, read_score_settings
from data.settings import Settings
from risk.score.settings import ScoreSettings


@pytest.fixture
def write(tmp_path):
    def write_(text: str) -> Settings:
        (tmp_path / "score.yaml").write_text(text, encoding="utf-8")
        return Settings(var=tmp_path)

    return write_


def test_without_a_file_the_score_is_as_shipped(tmp_path):
    assert read_score_settings(Settings(var=tmp_path)) == ScoreSettings()


def test_an_empty_file_changes_nothing(write):
    assert read_score_settings(write("")) == ScoreSettings()


def test_an_office_changes_a_weight_and_keeps_the_others(write):
    found = read_score_settings(write("severity:\n  D06: 3\n"))
    assert found.weight("D06") == 3
    assert found.weight("D05") == ScoreSettings().weight("D05")


def test_an_office_names_its_own_levels(write):
    text = "levels:\n- {code: a, name: 甲, colour: 红, share: 0.01}\n- {code: b, name: 乙, colour: 蓝, share: 1}\n"
    assert [level.name for level in read_score_settings(write(text)).levels] == ["甲", "乙"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("weights: 1", "不认识的项"),
        ("severity:\n  D77: 2\n", "不能作为评分设置"),
        ("severity: 3", "不能作为评分设置"),
        ("levels:\n- {code: a}\n", "不能作为评分设置"),
        ("- 1\n- 2\n", "应为“项: 值”"),
        ("severity: [", "读不出来"),
    ],
)
def test_a_file_that_makes_no_scale_says_what_is_wrong(write, text, said):
    with pytest.raises(BadScoreFileError, match=said):
        read_score_settings(write(text))
