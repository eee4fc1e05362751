"""Counting queries of the cube: counts by step as well as by place and type."""

from sqlalchemy import BigInteger, ColumnElement, Label, Select, case, func, literal, select

from data.filter import IncidentFilter, Period, day_number
from data.queries import child_place, during, facts, in_places, of_kind, parent_cell
from geo.divisions import place_range


def _number(value: int) -> ColumnElement[int]:
    return literal(value, BigInteger)


def place_key(level: int) -> Label:
    """The ancestor at a level, as `place`."""
    return child_place(level).label("place")


def cell_key(resolution: int) -> Label:
    """The ancestor of the cell, as `cell`."""
    return parent_cell(resolution).label("cell")


def step_days(days: int, start: int) -> ColumnElement[int]:
    """First day of the step of `days` days that an incident falls in, counted from `start`, as days since `start`."""
    since = facts.c.day - _number(start)
    return since - func.mod(since, _number(days))


def counts_by_day_and_type(asked: IncidentFilter, key: Label, day: Label) -> Select:
    """A key such as `place` or `cell`, `day` (of whatever grain it was given), `dispute_type` and `incident_count`."""
    count = func.sum(facts.c.weight).label("incident_count")
    return (
        select(key, day, facts.c.dispute_type, count)
        .where(in_places(asked), *of_kind(asked), during(asked.period))
        .group_by(key, day, facts.c.dispute_type)
    )


def places_of_cells(scope: str, resolution: int) -> Select:
    """`cell`, `place` and `incident_count` over all time: which cells were ever hit, and where their incidents lie."""
    first, after = place_range(scope)
    cell = parent_cell(resolution).label("cell")
    count = func.sum(facts.c.weight).label("incident_count")
    return (
        select(cell, facts.c.place, count)
        .where(facts.c.place >= _number(first), facts.c.place < _number(after), facts.c.cell != _number(0))
        .group_by(cell, facts.c.place)
    )


def counts_by_unit(asked: IncidentFilter, resolution: int, until: int) -> Select:
    """`place` as deep as known, `cell`, `dispute_type`, `incident_count`, and `earlier_count`: those before `until`."""
    cell = parent_cell(resolution).label("cell")
    count = func.sum(facts.c.weight).label("incident_count")
    earlier = func.sum(case((facts.c.day < until, facts.c.weight), else_=0)).label("earlier_count")
    return (
        select(facts.c.place, cell, facts.c.dispute_type, count, earlier)
        .where(in_places(asked), *of_kind(asked), during(asked.period))
        .group_by(facts.c.place, cell, facts.c.dispute_type)
    )


def counts_by_unit_and_week(asked: IncidentFilter, resolution: int, period: Period) -> Select:
    """As `counts_by_unit` in a period, by week: `day` is the week's first, since the period's start."""
    cell = parent_cell(resolution).label("cell")
    day = step_days(7, day_number(period.start)).label("day")
    count = func.sum(facts.c.weight).label("incident_count")
    return (
        select(facts.c.place, cell, facts.c.dispute_type, day, count)
        .where(in_places(asked), *of_kind(asked), during(period))
        .group_by(facts.c.place, cell, facts.c.dispute_type, day)
    )


def counts_by_wait(asked: IncidentFilter, most_days: int) -> Select:
    """`source`, `dispute_type`, `waited` (days until it was accepted, `most_days` for longer) and `incident_count`."""
    days = facts.c.accepted_day - facts.c.day
    waited = case((days < _number(0), 0), (days > _number(most_days), most_days), else_=days).label("waited")
    count = func.sum(facts.c.weight).label("incident_count")
    return (
        select(facts.c.source, facts.c.dispute_type, waited, count)
        .where(in_places(asked), *of_kind(asked), during(asked.period))
        .group_by(facts.c.source, facts.c.dispute_type, waited)
    )
