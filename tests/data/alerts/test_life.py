"""What may be done with an alert, and when."""

import pytest

from data.alerts.life import LIVE, STATES, STEPS, IllegalStepError, allowed, end_of


def test_an_alert_is_acknowledged_then_assigned_then_closed():
    state = "new"
    for act, expected in (("acknowledge", "acknowledged"), ("assign", "assigned"), ("close", "closed")):
        state = end_of(act, state)
        assert state == expected


@pytest.mark.parametrize("state", LIVE)
def test_a_false_alarm_may_be_told_until_it_is_settled(state):
    assert end_of("false_alarm", state) == "false_alarm"


@pytest.mark.parametrize("state", ["closed", "false_alarm"])
def test_nothing_but_a_note_is_possible_once_it_is_settled(state):
    assert allowed(state) == ("note",)
    assert end_of("note", state) == state
    for act in ("acknowledge", "assign", "close", "false_alarm"):
        with pytest.raises(IllegalStepError, match=STATES[state]):
            end_of(act, state)


def test_a_step_too_far_is_refused_with_what_to_do():
    with pytest.raises(IllegalStepError, match="请先确认"):
        end_of("assign", "new")
    with pytest.raises(IllegalStepError, match="派单"):
        end_of("close", "acknowledged")
    with pytest.raises(IllegalStepError, match="已确认"):
        end_of("acknowledge", "acknowledged")


def test_whatever_is_allowed_succeeds_and_nothing_else():
    for state in STATES:
        for act in STEPS:
            if act in allowed(state):
                assert end_of(act, state) in STATES
            else:
                with pytest.raises(IllegalStepError):
                    end_of(act, state)
