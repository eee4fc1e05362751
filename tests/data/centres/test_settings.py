import numpy as np
import pytest

from data.centres.settings import FILE, SHIPPED, BadCentreFileError, read_centre_settings
from data.settings import Settings
from risk.incident import DISPUTE_TYPES


@pytest.fixture
def office(tmp_path):
    """Settings read from the shipped file with some texts replaced, as an office's own."""

    def read(*replaced: tuple[str, str]):
        said = SHIPPED.read_text("utf-8")
        for old, new in replaced:
            assert old in said
            said = said.replace(old, new, 1)
        (tmp_path / FILE).write_text(said, "utf-8")
        return read_centre_settings(Settings(var=tmp_path))

    return read


def test_every_type_has_a_room(tmp_path):
    found = read_centre_settings(Settings(var=tmp_path))
    assert set(found.room_of_type) == {*DISPUTE_TYPES, ""}
    assert found.rooms[found.room_of_type["D06"]].name == "劳动争议调解室"
    assert found.room_of_type[""] == "general"


def test_the_first_class_with_any_measure_at_its_limit_is_the_class(tmp_path):
    found = read_centre_settings(Settings(var=tmp_path))
    assert found.class_of(1_000_000, np.nan, np.nan).name == "一类"
    assert found.class_of(999_999, np.nan, np.nan).name == "二类"
    assert found.class_of(10, 200, np.nan).name == "三类"
    assert found.class_of(10, np.nan, 200).name == "一类"
    assert found.class_of(np.nan, np.nan, np.nan).name == "四类"


def test_an_office_puts_its_own_file_in_place(office):
    found = office(("farthest_km: 30", "farthest_km: 55.5"), ("population: 300000", "population: 500000"))
    assert found.farthest_km == 55.5
    assert found.class_of(400_000, np.nan, np.nan).name == "三类"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("farthest_km: 30", "farthest: 30", "应恰好有这些项"),
        ("farthest_km: 30", "farthest_km: 0", "应大于 0"),
        ("types: [D06]", "types: [D77]", "纠纷类型代码"),
        ("types: [D06]", "types: [D06, D01]", "只能归一种用房"),
        ("any_type: general", "any_type: nowhere", "any_type"),
        ("disputes: 200", "disputes: 4", "不小于 10"),
        ("    rooms: [reception, general]", "    population: 500\n    rooms: [reception, general]", "最后一级"),
        ("levels: [1, 2, 3, 4]", "levels: [1, 9]", "1 至 5"),
        ("rooms:", "rooms: [", "读不出来"),
    ],
)
def test_a_wrong_file_says_what_is_wrong(office, old, new, told):
    with pytest.raises(BadCentreFileError, match=told):
        office((old, new))
