"""What an officer keeps at the duty desk: named views, and when it was last looked at."""

import json
from collections.abc import Mapping

import pandas as pd
from sqlalchemy import Engine, delete, insert, select, update

from data.store import reading, writing
from data.tables import last_looks, saved_views

LONGEST_NAME, MOST_VIEWS = 20, 20
GRAIN_SECONDS = 60
"""A look is noted at most this often."""


class BadViewError(ValueError):
    """A view can not be kept; says why and what to do."""


def views_of(engine: Engine, person: str) -> dict[str, dict[str, str]]:
    """Views of an officer by name, in the order in which they were kept: parameters of the address."""
    query = select(saved_views).where(saved_views.c.person == person).order_by(saved_views.c.id)
    with reading(engine) as connection:
        return {row.name: json.loads(row.asked) for row in connection.execute(query)}


def keep_view(engine: Engine, person: str, name: str, asked: Mapping[str, str], *, at: pd.Timestamp) -> None:
    """Keep a view under a name; one of the same name is replaced.

    Raises
    ------
    BadViewError
        No name, too long a one, or too many views.
    """
    name = " ".join(name.split())
    if not person or not name or len(name) > LONGEST_NAME:
        raise BadViewError(f"请给视图起一个 1 到 {LONGEST_NAME} 字的名称。")
    own = saved_views.c.person == person
    values = {"asked": json.dumps(dict(asked), ensure_ascii=False, sort_keys=True), "recorded_at": int(at.timestamp())}
    with writing(engine) as connection:
        names = set(connection.execute(select(saved_views.c.name).where(own)).scalars())
        if name in names:
            connection.execute(update(saved_views).where(own, saved_views.c.name == name).values(**values))
            return
        if len(names) >= MOST_VIEWS:
            raise BadViewError(f"每人最多保存 {MOST_VIEWS} 个视图,请先删去不用的。")
        connection.execute(insert(saved_views).values(person=person, name=name, **values))


def drop_view(engine: Engine, person: str, name: str) -> None:
    """Forget a view; nothing happens where there is none."""
    with writing(engine) as connection:
        connection.execute(delete(saved_views).where(saved_views.c.person == person, saved_views.c.name == name))


def last_look(engine: Engine, person: str) -> int | None:
    """When an officer last looked at the desk, UTC seconds; None if never."""
    with reading(engine) as connection:
        query = select(last_looks.c.looked_at).where(last_looks.c.person == person)
        found = connection.execute(query).scalar()
    return None if found is None else int(found)


def note_look(engine: Engine, person: str, *, at: pd.Timestamp) -> None:
    """Note that an officer looks at the desk; looks within a minute are one."""
    moment = int(at.timestamp())
    before = last_look(engine, person)
    if before is not None and 0 <= moment - before < GRAIN_SECONDS:
        return
    own = last_looks.c.person == person
    with writing(engine) as connection:
        connection.execute(delete(last_looks).where(own))
        connection.execute(insert(last_looks).values(person=person, looked_at=moment))
