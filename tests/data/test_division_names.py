import pandas as pd

from data.division_names import SEVERAL, codes_by_name

DIVISIONS = pd.DataFrame(
    [
        ("62", "甘肃省", 1, ""),
        ("6201", "兰州市", 2, "62"),
        ("6205", "天水市", 2, "62"),
        ("620102", "城关区", 3, "6201"),
        ("620502", "秦州区", 3, "6205"),
        ("620102001", "东街道", 4, "620102"),
        ("620502001", "东街道", 4, "620502"),
        ("620502002", "天水市", 4, "620502"),
    ],
    columns=["code", "name", "level", "parent"],
)


def test_a_division_is_known_by_its_name_behind_any_of_those_it_lies_in():
    known = codes_by_name(DIVISIONS)
    for written in ("城关区", "兰州市城关区", "甘肃省城关区", "甘肃省兰州市城关区"):
        assert known[written] == "620102"
    assert known["兰州市东街道"] == "620102001"


def test_a_name_that_several_divisions_of_a_level_have_is_told_and_the_coarsest_level_wins():
    known = codes_by_name(DIVISIONS)
    assert known["东街道"] == known["甘肃省东街道"] == SEVERAL
    assert known["天水市"] == "6205"
