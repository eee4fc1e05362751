import datetime as dt

import pytest

from data.letters.acts import Act, do_act
from data.letters.overdue import overdue_by_division
from data.letters.reading import LetterFilter, count_letters, list_letters
from tests.data.letters.conftest import by

DUE, AFTER = dt.date(2026, 12, 5), dt.date(2026, 12, 8)


def test_overdue_letters_stand_first_and_an_answer_ends_it(engine, kinds, written):
    late, fresh = written("submit", "issue", due=dt.date(2026, 12, 1)), written("submit", "issue", due=AFTER)
    draft = written()
    table = list_letters(engine, LetterFilter("62", AFTER))
    assert list(table["id"]) == [late, draft, fresh]
    assert list(table["days_over"]) == [7, 0, 0]
    assert list(table["due"]) == [dt.date(2026, 12, 1), DUE, AFTER]
    assert table["issued"].iloc[0] == dt.date(2026, 11, 25)
    assert table["issued"].iloc[1] is None
    only = list_letters(engine, LetterFilter("62", AFTER, only_overdue=True))
    assert list(only["id"]) == [late]
    do_act(engine, kinds, late, Act("receive", by("赵军", days=13)))
    assert list(list_letters(engine, LetterFilter("62", AFTER, only_overdue=True))["id"]) == [late]
    do_act(engine, kinds, late, Act("answer", by("赵军", days=13), "已化解"))
    assert list_letters(engine, LetterFilter("62", AFTER, only_overdue=True)).empty


def test_the_deadlines_own_day_is_not_overdue(engine, written):
    written("submit", "issue")
    assert overdue_by_division(engine, "62", DUE).empty
    assert list(overdue_by_division(engine, "62", dt.date(2026, 12, 6))["count"]) == [1]


def test_overdue_letters_are_counted_by_area_within_the_scope(engine, written):
    for division, due in (("620102", DUE), ("620102", dt.date(2026, 12, 2)), ("620102001", DUE)):
        written("submit", "issue", division=division, due=due)
    written("submit", "issue", division="6202", issuer="62", issuer_name="甘肃省综治中心")
    written(due=DUE)
    found = overdue_by_division(engine, "6201", AFTER)
    assert found.to_dict("list") == {
        "division": ["620102", "620102001"],
        "count": [2, 1],
        "earliest": [dt.date(2026, 12, 2), DUE],
    }
    assert set(overdue_by_division(engine, "62", AFTER)["division"]) == {"620102", "620102001", "6202"}
    empty = overdue_by_division(engine, "6203", AFTER)
    assert empty.empty
    assert list(empty.columns) == ["division", "count", "earliest"]


def test_letters_are_counted_by_kind_and_state(engine, written):
    written("submit", "issue", due=dt.date(2026, 12, 1))
    written("submit", "issue", due=AFTER)
    written(kind="supervision")
    found = count_letters(engine, LetterFilter("62", AFTER)).sort_values("kind").to_dict("records")
    assert found == [
        {"kind": "risk_notice", "state": "issued", "letters": 2, "overdue": 1},
        {"kind": "supervision", "state": "draft", "letters": 1, "overdue": 0},
    ]


def test_filters_choose_letters(engine, written):
    written("submit", "issue", alert="YJ-2026-0007")
    written("submit", "issue", kind="supervision", division="620102001")
    written(division="620103")
    for wanted, number in (
        ({}, 3),
        ({"states": ("draft",)}, 1),
        ({"kind": "supervision"}, 1),
        ({"alert": "YJ-2026-0007"}, 1),
        ({"division": "620102001"}, 1),
        ({"division": "62010_"}, 0),
    ):
        assert len(list_letters(engine, LetterFilter("62", AFTER, **wanted))) == number, wanted


def test_nobody_reads_without_a_scope():
    with pytest.raises(ValueError, match="expected a scope"):
        LetterFilter("", AFTER)
