"""The door through which alerts leave: those that reach into a reader's scope, and no small count to be told from them.

Counts were withheld when they were kept; those of an alert that reaches beyond the reader's scope are withheld whole.
"""

import datetime as dt
import json
from dataclasses import dataclass, field, fields
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, Select, and_, exists, or_, select

from data.alerts.life import LIVE
from data.alerts.reasons import Evidence, reasons
from data.assessments.reading import home_code, is_inside
from data.filter import OutOfScopeError, date_of
from data.layers import layer_of
from data.store import reading
from data.tables import alert_places, alerts
from geo.divisions import code_of, place_range
from geo.hexagons import text

MOST_NAMED = 500


@dataclass(frozen=True)
class Alert:
    """One alert as its reader may see it.

    Parameters
    ----------
    division
        Code of the township (or finer) that its strongest place lies in; coarser only where no more is known.
    places
        Codes of the divisions and hexagons in the reader's scope that it ever covered, the layers side by side.
    level
        Number of the level, 0 the gravest.
    state
        See `data.alerts.life`.
    first_seen, last_seen
        First day of its first hot run, and last day of the newest assessment that saw it.
    raised_at, changed_at
        UTC seconds; `changed_at`: its state or level.
    current, previous
        Incidents of the last four steps and of the four before when it was last seen; None = withheld. With
        `…_is_floor` there are at least so many: of some of its places the count is withheld.
    reasons
        Sentences.
    """

    id: int
    number: str
    dispute_type: str
    layer: str
    division: str
    places: tuple[str, ...]
    level: int
    state: str
    emerging_class: int
    grade: int
    score: int | None
    first_seen: dt.date
    last_seen: dt.date
    raised_at: int
    changed_at: int
    assigned_to: str
    merged_into: str
    current: int | None
    previous: int | None
    current_is_floor: bool
    previous_is_floor: bool
    reasons: tuple[str, ...]

    @property
    def is_live(self) -> bool:
        """Whether it is not settled."""
        return self.state in LIVE


@dataclass(frozen=True)
class AlertFilter:
    """Which alerts are meant. Empty tuples mean all.

    `scope` is the reader's own division; `division` lies in it and is the scope unless given.
    """

    scope: str
    division: str = ""
    dispute_types: tuple[str, ...] = field(default=())
    states: tuple[str, ...] = field(default=())
    levels: tuple[int, ...] = field(default=())

    def __post_init__(self) -> None:
        """Fill in the division and refuse one outside the scope."""
        if not self.scope:
            raise ValueError("expected a scope (division code of the reader), found an empty one")
        if not self.division:
            object.__setattr__(self, "division", self.scope)
        if not self.division.startswith(self.scope):
            raise OutOfScopeError(f"division {self.division} lies outside {self.scope}")


def list_alerts(engine: Engine, asked: AlertFilter) -> pd.DataFrame:
    """Alerts with a place in the division, the gravest first, then the newest.

    Returns
    -------
    Columns are the fields of `Alert`; `score`, `current` and `previous` are Int64 (NA = none, withheld).
    """
    query = inside(select(alerts), asked.division)
    for name, wanted in (("dispute_type", asked.dispute_types), ("state", asked.states), ("level", asked.levels)):
        if wanted:
            query = query.where(alerts.c[name].in_(wanted))
    found = _alerts(engine, query.order_by(alerts.c.level, alerts.c.raised_at.desc(), alerts.c.id), asked.scope)
    names = [each.name for each in fields(Alert)]
    table = pd.DataFrame([[getattr(each, name) for name in names] for each in found], columns=names)
    return table.astype(dict.fromkeys(("score", "current", "previous"), "Int64"))


def find_alert(engine: Engine, scope: str, number: str) -> Alert | None:
    """The alert of a number; None if there is none with a place in the scope."""
    query = inside(select(alerts), AlertFilter(scope).division).where(alerts.c.number == number)
    return next(iter(_alerts(engine, query, scope)), None)


def live_places(engine: Engine, scope: str) -> pd.DataFrame:
    """Places in the scope that an unsettled alert covers: `dispute_type`, `layer`, `code`, `number`."""
    query = (
        select(alert_places.c.dispute_type, alert_places.c.layer, alert_places.c.place, alerts.c.number)
        .join(alerts, alerts.c.id == alert_places.c.alert_id)
        .where(alert_places.c.live, is_inside(alert_places.c.home, AlertFilter(scope).division))
        .order_by(alerts.c.id)
    )
    with reading(engine) as connection:
        rows = [
            (row.dispute_type, row.layer, code_of_place(row.layer, row.place), row.number)
            for row in connection.execute(query)
        ]
    return pd.DataFrame(rows, columns=["dispute_type", "layer", "code", "number"])


def inside(query: Select, division: str) -> Select:
    """Rows of a query over alerts, those with their home or any place in a division only."""
    any_place = exists().where(and_(alert_places.c.alert_id == alerts.c.id, is_inside(alert_places.c.home, division)))
    return query.where(or_(is_inside(alerts.c.home, division), any_place))


def _alerts(engine: Engine, query: Select, scope: str) -> list[Alert]:
    """What the reader gets of rows of the table, in their order."""
    with reading(engine) as connection:
        rows = connection.execute(query).all()
        places = _places(connection, [row.id for row in rows], scope)
        ids = [row.merged_into for row in rows if row.merged_into is not None]
        numbers = select(alerts.c.id, alerts.c.number).where(alerts.c.id.in_(ids))
        merged = {row.id: row.number for row in connection.execute(numbers)} if ids else {}
    return [_alert(row, places.get(row.id, ()), merged.get(row.merged_into, ""), scope) for row in rows]


def _alert(row: Any, places: tuple[str, ...], merged_into: str, scope: str) -> Alert:
    first, after = place_range(scope)
    is_whole = first <= row.within < after
    current, previous = (row.last_count, row.previous_count) if is_whole else (None, None)
    words = json.loads(row.words)
    evidence = Evidence(
        row.dispute_type,
        unit=words["unit"],
        hot=words["hot"],
        layers=words["layers"],
        is_whole=is_whole,
        current=current,
        previous=previous,
        current_is_floor=row.last_is_floor,
        previous_is_floor=row.previous_is_floor,
        grade=row.grade,
        recurrence_days=row.recurrence_days,
        score=row.score,
    )
    return Alert(
        id=row.id,
        number=row.number,
        dispute_type=row.dispute_type,
        layer=row.layer,
        division=home_code(row.home),
        places=places,
        level=row.level,
        state=row.state,
        emerging_class=row.emerging_class,
        grade=row.grade,
        score=row.score,
        first_seen=date_of(row.first_day),
        last_seen=date_of(row.last_day),
        raised_at=row.raised_at,
        changed_at=row.changed_at,
        assigned_to=row.assigned_to or "",
        merged_into=merged_into,
        current=current,
        previous=previous,
        current_is_floor=row.last_is_floor and is_whole,
        previous_is_floor=row.previous_is_floor and is_whole,
        reasons=reasons(evidence),
    )


def _places(connection: Connection, ids: list[int], scope: str) -> dict[int, tuple[str, ...]]:
    """Codes of the places in the scope by alert, by layer and code."""
    columns = (alert_places.c.alert_id, alert_places.c.layer, alert_places.c.place)
    query = select(*columns).where(is_inside(alert_places.c.home, scope))
    # Lists of any length are too much for one statement; one alert is what most readers ask for.
    query = query.where(alert_places.c.alert_id.in_(ids)) if len(ids) <= MOST_NAMED else query
    found: dict[int, list[tuple[str, str]]] = {}
    for row in connection.execute(query):
        found.setdefault(row.alert_id, []).append((row.layer, code_of_place(row.layer, row.place)))
    return {alert_id: tuple(code for _, code in sorted(pairs)) for alert_id, pairs in found.items()}


def code_of_place(layer: str, place: int) -> str:
    """Code of a division, or a cell in H3's spelling."""
    found = layer_of(layer)
    return text([place])[0] if found.is_cells else code_of(place, found.level or 0)
