"""An alert's life: new → acknowledged → assigned → closed or false alarm, and what may be done when."""

from dataclasses import dataclass

NEW, ACKNOWLEDGED, ASSIGNED, CLOSED, FALSE_ALARM = "new", "acknowledged", "assigned", "closed", "false_alarm"
STATES = {NEW: "新", ACKNOWLEDGED: "已确认", ASSIGNED: "已派单", CLOSED: "已办结", FALSE_ALARM: "误报"}
LIVE = (NEW, ACKNOWLEDGED, ASSIGNED)
"""Not settled: these still grow."""
SETTLED = (CLOSED, FALSE_ALARM)


class IllegalStepError(ValueError):
    """What was asked for can not be done with an alert in its state; says why and what to do."""


@dataclass(frozen=True)
class Step:
    """One thing a person does: its name on screen, the states it starts from, the one it leads to ("" the same)."""

    name: str
    start: tuple[str, ...]
    end: str
    needs_note: bool = False
    needs_unit: bool = False


STEPS = {
    "acknowledge": Step("确认", (NEW,), ACKNOWLEDGED),
    "assign": Step("派单", (ACKNOWLEDGED, ASSIGNED), ASSIGNED, needs_unit=True),
    "close": Step("办结", (ASSIGNED,), CLOSED, needs_note=True),
    "false_alarm": Step("标记误报", LIVE, FALSE_ALARM, needs_note=True),
    "note": Step("备注", tuple(STATES), "", needs_note=True),
}
OWN_ACTS = {"raise": "系统发出", "grow": "范围扩大", "escalate": "等级升级", "merge": "并入", "absorb": "并入相邻预警"}
"""What assessments do."""
ACT_NAMES = OWN_ACTS | {act: step.name for act, step in STEPS.items()}
WHY_NOT = {
    ("assign", NEW): "这条预警还没有确认,请先确认(A),再派单。",
    ("close", NEW): "这条预警还没有确认和派单,不能直接办结。请先确认(A)并派单(S);如不属实,请标记误报(F)。",
    ("close", ACKNOWLEDGED): "这条预警还没有派单,不能办结。请先派单(S);如不属实,请标记误报(F)。",
}


def end_of(act: str, state: str) -> str:
    """State that an act leads to.

    Raises
    ------
    IllegalStepError
        It can not be done from this state.
    """
    step = STEPS[act]
    if state not in step.start:
        told = f"这条预警当前是“{STATES[state]}”,不能再{step.name}。"
        raise IllegalStepError(WHY_NOT.get((act, state), told))
    return step.end or state


def allowed(state: str) -> tuple[str, ...]:
    """Acts that can be done in a state."""
    return tuple(act for act, step in STEPS.items() if state in step.start)
