"""The counting queries of the trends, by the rules of `data.queries`.

Planning costs an engine more than counting does, so each query carries what several figures are made of. A query that
a figure chooses from by hour, type, source, channel or level does not ask for that one: whoever reads it narrows it.
"""

from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, cast, func, literal, or_, select

from data.filter import IncidentFilter, Period, day_number
from data.queries import bounded, child_place, facts, in_places, of_kind


def _sum(condition: ColumnElement[bool] | None = None) -> ColumnElement[int]:
    weight = facts.c.weight if condition is None else case((condition, facts.c.weight), else_=literal(0))
    return cast(func.coalesce(func.sum(weight), 0), BigInteger)


def _within(day: ColumnElement[int], period: Period) -> ColumnElement[bool]:
    return and_(day >= day_number(period.start), day < day_number(period.end))


def counts_by_day_and_hour(asked: IncidentFilter, *periods: Period) -> Select:
    """`day`, `hour` and `incident_count` in some periods; hours without incidents are left out."""
    counted = select(facts.c.day, facts.c.hour, _sum().label("incident_count"))
    return bounded(counted.where(in_places(asked), *of_kind(asked)), *periods).group_by(facts.c.day, facts.c.hour)


def counts_by_type_and_child(asked: IncidentFilter, level: int) -> Select:
    """`dispute_type`, `place` of each child at `level`, `incident_count`, `previous_count`, `last_year_count`."""
    place = child_place(level).label("place")
    now, before, year = asked.period, asked.period.previous, asked.period.last_year
    counted = select(
        facts.c.dispute_type,
        place,
        _sum(_within(facts.c.day, now)).label("incident_count"),
        _sum(_within(facts.c.day, before)).label("previous_count"),
        _sum(_within(facts.c.day, year)).label("last_year_count"),
    ).where(in_places(asked), *of_kind(asked))
    return bounded(counted, now, before, year).group_by(facts.c.dispute_type, place)


def progress_by_source(asked: IncidentFilter) -> Select:
    """Incidents that occurred in the period or in the one before: `source`, `status`, and the two counts."""
    now, before = asked.period, asked.period.previous
    counted = select(
        facts.c.source,
        facts.c.status,
        _sum(_within(facts.c.day, now)).label("incident_count"),
        _sum(_within(facts.c.day, before)).label("previous_count"),
    ).where(in_places(asked), *of_kind(asked))
    return bounded(counted, now, before).group_by(facts.c.source, facts.c.status)


def _settled(asked: IncidentFilter) -> tuple[list[ColumnElement[int]], ColumnElement[bool]]:
    """Both sums of what was closed in the period and in the one before, and the condition of either."""
    now, before = (_within(facts.c.closed_day, period) for period in (asked.period, asked.period.previous))
    sums: list[ColumnElement[int]] = [_sum(now).label("incident_count"), _sum(before).label("previous_count")]
    return sums, or_(now, before)


def settled_by_level(asked: IncidentFilter) -> Select:
    """Closed in the period or the one before: `source`, `channel`, `resolved_level`, `outcome`, and the two counts."""
    sums, either = _settled(asked)
    keys = (facts.c.source, facts.c.channel, facts.c.resolved_level, facts.c.outcome)
    return select(*keys, *sums).where(in_places(asked), *of_kind(asked), either).group_by(*keys)


def settled_by_days(asked: IncidentFilter) -> Select:
    """Closed in the period or the one before: `days` from acceptance, and the two counts."""
    sums, either = _settled(asked)
    days = (facts.c.closed_day - facts.c.accepted_day).label("days")
    return select(days, *sums).where(in_places(asked), *of_kind(asked), either).group_by(days)
