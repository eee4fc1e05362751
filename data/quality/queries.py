"""Counting queries about the data themselves, by the rules of `data.queries`."""

from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, cast, func, literal, select

from data.filter import IncidentFilter, Period, day_number
from data.queries import bounded, child_place, facts, in_places, of_kind
from risk.incident import OTHER_TYPE, LocatedBy

PATROL = "grid_patrol"


def _accepted(period: Period) -> ColumnElement[bool]:
    return and_(facts.c.accepted_day >= day_number(period.start), facts.c.accepted_day < day_number(period.end))


def _sum(condition: ColumnElement[bool] | None = None) -> ColumnElement[int]:
    weight = facts.c.weight if condition is None else case((condition, facts.c.weight), else_=literal(0))
    return cast(func.coalesce(func.sum(weight), 0), BigInteger)


def quality_by_source(asked: IncidentFilter) -> Select:
    """What each source brought in the period, by acceptance, and how well it says where and what.

    `source`, `incident_count`, `by_code`, `by_geometry`, `nowhere`, `conflicts`, `others` (type D99).
    """
    return (
        select(
            facts.c.source,
            _sum().label("incident_count"),
            _sum(facts.c.located_by == int(LocatedBy.CODE)).label("by_code"),
            _sum(facts.c.located_by == int(LocatedBy.GEOMETRY)).label("by_geometry"),
            _sum(facts.c.located_by == int(LocatedBy.NOTHING)).label("nowhere"),
            _sum(facts.c.conflict.is_(True)).label("conflicts"),
            _sum(facts.c.dispute_type == OTHER_TYPE).label("others"),
        )
        .where(in_places(asked), *of_kind(asked), _accepted(asked.period))
        .group_by(facts.c.source)
    )


def volumes(asked: IncidentFilter) -> Select:
    """`source`, `day` of acceptance and `incident_count` in the period; days without any are left out."""
    return (
        select(facts.c.source, facts.c.accepted_day.label("day"), _sum().label("incident_count"))
        .where(in_places(asked), *of_kind(asked), _accepted(asked.period))
        .group_by(facts.c.source, facts.c.accepted_day)
    )


def conflicts_by_place(asked: IncidentFilter, level: int) -> Select:
    """`place` at a level and `incident_count`: accepted in the period with a point outside the coded division."""
    place = child_place(level).label("place")
    return (
        select(place, _sum().label("incident_count"))
        .where(in_places(asked), *of_kind(asked), _accepted(asked.period), facts.c.conflict.is_(True))
        .group_by(place)
    )


def reports_by_place(asked: IncidentFilter, level: int) -> Select:
    """`place` at a level, `incident_count` and `patrol_count` (of grid patrols), by occurrence in the period."""
    place = child_place(level).label("place")
    counted = select(place, _sum().label("incident_count"), _sum(facts.c.source == PATROL).label("patrol_count"))
    return bounded(counted.where(in_places(asked), *of_kind(asked)), asked.period).group_by(place)
