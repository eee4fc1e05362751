import sys
import types

import pytest

from benchmarks.drills import feed
from benchmarks.drills.crash import PHASES, crash_drill


def test_the_answer_book_adds_up():
    answers = feed.Answers()
    assert [sum(answers.after(files).values()) for files in range(4)] == [0, 300, 600, 900]
    assert answers.after(3) != answers.after(2)


@pytest.fixture(autouse=True)
def own_main(monkeypatch):
    """A main module that says nothing: the page runner leaves its script there, and each worker would run it again."""
    monkeypatch.setitem(sys.modules, "__main__", types.ModuleType("__main__"))


@pytest.mark.parametrize("kills", [6, pytest.param(120, marks=pytest.mark.drill)])
@pytest.mark.timeout(1800)
def test_kills_lose_nothing_double_nothing_and_no_reader_sees_a_wrong_sum(settings, kills):
    done = crash_drill(settings, kills=kills, seed=kills)
    assert done.is_passed, done
    assert sum(done.kills_by_phase.values()) == kills
    assert done.incidents == done.files * feed.NEW
    assert done.queries > 0
    if kills > 100:
        assert min(done.kills_by_phase[phase] for phase in PHASES) > 10
