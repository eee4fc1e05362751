import pytest

from data.settings import Settings
from data.trends.references import BadReferenceFileError, read_references
from risk.incident import CHANNEL_SUCCESS_2024


@pytest.fixture
def own(tmp_path):
    def write(text: str) -> Settings:
        (tmp_path / "references.yaml").write_text(text, encoding="utf-8")
        return Settings(var=tmp_path)

    return write


def test_the_shipped_figures_are_those_published_for_2024(tmp_path):
    found = read_references(Settings(var=tmp_path))
    assert found.success == CHANNEL_SUCCESS_2024
    assert "2024" in found.label


def test_an_office_puts_its_own_figures_in_their_place(own):
    found = read_references(own("label: 本市 2025 年\nsuccess: {police: 0.9}\n"))
    assert (found.label, found.success) == ("本市 2025 年", {"police": 0.9})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("label: [", "读不出来"),
        ("label: x\n", "label 和 success"),
        ("label: ''\nsuccess: {}\n", "label"),
        ("label: x\nsuccess: {sea: 0.5}\n", "渠道应为"),
        ("label: x\nsuccess: {court: 70.3}\n", "0 到 1"),
        ("label: x\nsuccess: {court: true}\n", "0 到 1"),
    ],
)
def test_a_wrong_file_says_what_is_wrong_and_what_is_expected(own, text, told):
    with pytest.raises(BadReferenceFileError, match=told):
        read_references(own(text))
