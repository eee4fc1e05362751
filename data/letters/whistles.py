"""中心吹哨、部门报到: departments are called about an alert or a place, come, and say what came of it."""

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, Row, insert, select, update

from data.filter import OutOfScopeError
from data.letters.drafting import ALERT_LENGTH, check_person
from data.letters.letter import Actor
from data.letters.wording import DEPARTMENT_LENGTH, MATTER_LENGTH, RESULT_LENGTH, LetterRefusedError, tidy_line
from data.store import writing
from data.tables.letters import whistle_times, whistles
from geo.divisions import level_of, place_of, place_range
from risk.incident import DISPUTE_TYPES

MOST_DEPARTMENTS = 20


@dataclass(frozen=True)
class Whistle:
    """A call: about what, where, and to which departments; `alert` and `dispute_type` are "" where there is none."""

    division: str
    matter: str
    departments: tuple[str, ...]
    dispute_type: str = ""
    alert: str = ""


def blow_whistle(engine: Engine, whistle: Whistle, actor: Actor) -> int:
    """Call the departments; return the whistle's id.

    Raises
    ------
    LetterRefusedError
        Something is missing or too long.
    OutOfScopeError
        The place lies outside the officer's division.
    """
    level_of(whistle.division)
    if not whistle.division.startswith(actor.scope):
        raise OutOfScopeError(f"division {whistle.division} lies outside {actor.scope}")
    person = check_person(actor)
    matter = tidy_line(whistle.matter, "吹哨事由", MATTER_LENGTH)
    departments = _departments(whistle)
    if not matter:
        raise LetterRefusedError("请写明吹哨事由。")
    if whistle.dispute_type and whistle.dispute_type not in DISPUTE_TYPES:
        raise LetterRefusedError(f"没有“{whistle.dispute_type}”这一纠纷类型。")
    row = {
        "alert": tidy_line(whistle.alert, "预警编号", ALERT_LENGTH),
        "place": place_of(whistle.division),
        "division": whistle.division,
        "dispute_type": whistle.dispute_type,
        "matter": matter,
        "person": person,
        "whistled_at": actor.seconds,
    }
    blank = {"arrived_person": "", "finished_person": "", "result": ""}
    with writing(engine) as connection:
        made = connection.execute(insert(whistles).values(**row))
        assert made.inserted_primary_key is not None  # noqa: S101 - one row was inserted
        whistle_id = int(made.inserted_primary_key[0])
        called = [{"whistle_id": whistle_id, "department": one} | blank for one in departments]
        connection.execute(insert(whistle_times), called)
    return whistle_id


def note_arrival(engine: Engine, whistle_id: int, department: str, actor: Actor) -> None:
    """Note that a department has come (报到).

    Raises
    ------
    LetterRefusedError
        It was not called, or has come already; the message names since when.
    """
    person = check_person(actor)
    with writing(engine) as connection:
        times = _times(connection, whistle_id, department, actor.scope)
        if times.arrived_at is not None:
            raise LetterRefusedError(f"{department}已经报到,由{times.arrived_person}记录,不能再记一次。")
        _set(connection, whistle_id, department, arrived_at=actor.seconds, arrived_person=person)


def note_result(engine: Engine, whistle_id: int, department: str, result: str, actor: Actor) -> None:
    """Note what came of it (办结); the department must have come before.

    Raises
    ------
    LetterRefusedError
        It has not come yet, has finished already, or no result is said.
    """
    person, said = check_person(actor), tidy_line(result, "办理结果", RESULT_LENGTH)
    if not said:
        raise LetterRefusedError("请写明办理结果。")
    with writing(engine) as connection:
        times = _times(connection, whistle_id, department, actor.scope)
        if times.arrived_at is None:
            raise LetterRefusedError(f"{department}还没有报到,不能办结。请先记录报到。")
        if times.finished_at is not None:
            raise LetterRefusedError(f"{department}已经办结,由{times.finished_person}记录,不能再改。")
        if actor.seconds < times.arrived_at:
            raise LetterRefusedError("办结时间早于报到时间。请检查本机的时钟。")
        _set(connection, whistle_id, department, finished_at=actor.seconds, finished_person=person, result=said)


def _departments(whistle: Whistle) -> list[str]:
    tidy = (tidy_line(one, "部门名称", DEPARTMENT_LENGTH) for one in whistle.departments)
    departments = list(dict.fromkeys(one for one in tidy if one))
    if not 0 < len(departments) <= MOST_DEPARTMENTS:
        raise LetterRefusedError(f"请选 1 至 {MOST_DEPARTMENTS} 个部门,现在是 {len(departments)} 个。")
    return departments


def _times(connection: Connection, whistle_id: int, department: str, scope: str) -> Row:
    start, after = place_range(scope)
    query = (
        select(whistle_times)
        .join(whistles, whistles.c.id == whistle_times.c.whistle_id)
        .where(whistles.c.id == whistle_id, whistle_times.c.department == department)
        .where(whistles.c.place >= start, whistles.c.place < after)
    )
    found = connection.execute(query).first()
    if found is None:
        raise LetterRefusedError(f"第 {whistle_id} 次吹哨没有叫到“{department}”,或者它不在您的区划之内。")
    return found


def _set(connection: Connection, whistle_id: int, department: str, **values: int | str) -> None:
    same = (whistle_times.c.whistle_id == whistle_id, whistle_times.c.department == department)
    connection.execute(update(whistle_times).where(*same).values(**values))
