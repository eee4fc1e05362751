"""What people do with alerts: one transaction each, kept with who and when; of two officers the second is told."""

import re
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, and_, exists, insert, or_, select, update

from data.alerts.life import ACT_NAMES, SETTLED, STEPS, IllegalStepError, end_of
from data.assessments.reading import is_inside
from data.store import writing
from data.tables import alert_acts, alert_places, alerts

LONGEST_NOTE, LONGEST_UNIT, LONGEST_NAME = 200, 40, 40
_PERSONAL = re.compile(r"(?<!\d)(1[3-9]\d{9}|\d{17}[\dXx]|\d{15})(?!\d)")
"""Mobile numbers and numbers of identity cards: nobody's belong here."""


@dataclass(frozen=True)
class By:
    """Who does something with alerts, at which moment (with time zone), and whose division they must reach into."""

    person: str
    at: pd.Timestamp
    scope: str


def act_on(engine: Engine, number: str, act: str, by: By, *, note: str = "", unit: str = "") -> str:
    """Do something with an alert (`data.alerts.life.STEPS`) and return the state that it has then.

    Parameters
    ----------
    unit
        Whom it is assigned to.

    Raises
    ------
    IllegalStepError
        It can not be done: another officer was first, the state is another, a word is missing, or there is no such
        alert in the scope. The message says what to do.
    """
    step = STEPS[act]
    note, unit = _tidy(note), _tidy(unit)
    if not by.person.strip():
        raise IllegalStepError("请先填写处置人姓名,再处置预警。")
    if step.needs_note and not note:
        raise IllegalStepError(f"{step.name}要写明情况或理由,请填写后再提交。")
    if step.needs_unit and not unit:
        raise IllegalStepError("派单要写明派给哪个单位,请填写后再提交。")
    _check_words(note, unit)
    with writing(engine) as connection:
        row = _row(connection, number, by.scope)
        try:
            state = end_of(act, row.state)
        except IllegalStepError as error:
            raise IllegalStepError(_told(connection, row, str(error), by)) from error
        moment = int(by.at.timestamp())
        values: dict[str, Any] = {"state": state, "changed_at": moment} if state != row.state else {}
        if unit:
            values["assigned_to"] = unit
        if values:
            connection.execute(update(alerts).where(alerts.c.id == row.id).values(**values))
        if state in SETTLED and state != row.state:
            connection.execute(update(alert_places).where(alert_places.c.alert_id == row.id).values(live=False))
        words = f"派给{unit}。{note}" if unit else note
        connection.execute(
            insert(alert_acts).values(
                alert_id=row.id,
                act=act,
                person=by.person[:LONGEST_NAME],
                from_state=row.state,
                to_state=state,
                from_level=row.level,
                to_level=row.level,
                note=words,
                recorded_at=moment,
            )
        )
    return state


def _row(connection: Connection, number: str, scope: str) -> Any:
    place = and_(alert_places.c.alert_id == alerts.c.id, is_inside(alert_places.c.home, scope))
    inside = or_(is_inside(alerts.c.home, scope), exists().where(place))
    row = connection.execute(select(alerts).where(alerts.c.number == number, inside)).first()
    if row is None:
        raise IllegalStepError(f"没有找到预警 {number},或它不在您的辖区内。请回到清单刷新后再看。")
    return row


def _told(connection: Connection, row: Any, why: str, by: By) -> str:
    """Why not, and who brought the alert to where it is."""
    query = (
        select(alert_acts)
        .where(alert_acts.c.alert_id == row.id, alert_acts.c.to_state == row.state, alert_acts.c.person != "")
        .where(alert_acts.c.from_state != alert_acts.c.to_state)
        .order_by(alert_acts.c.id.desc())
    )
    last = connection.execute(query).first()
    if last is None:
        return why
    moment = pd.Timestamp(last.recorded_at, unit="s", tz=by.at.tz)
    return f"{last.person} 已于 {moment:%m-%d %H:%M} {ACT_NAMES[last.act]}。{why}"


def _tidy(text: str) -> str:
    """Words on one line."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _check_words(note: str, unit: str) -> None:
    if len(note) > LONGEST_NOTE or len(unit) > LONGEST_UNIT:
        raise IllegalStepError(
            f"文字太长:备注最多 {LONGEST_NOTE} 字(现有 {len(note)} 字),单位最多 {LONGEST_UNIT} 字。请缩短后再提交。"
        )
    if _PERSONAL.search(note) or _PERSONAL.search(unit):
        raise IllegalStepError("文字里像是有手机号或身份证号。这里只记处置情况,请删去个人信息后再提交。")
