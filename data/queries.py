"""The counting queries, written once in SQLAlchemy Core over the signed facts.

Rules that make one text run on DuckDB, PostgreSQL, SQLite, Spark and ClickHouse alike: integer day numbers, `mod()`
instead of integer division, H3 parents by bit mask, sums of integer weights.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Integer,
    Label,
    Select,
    String,
    and_,
    case,
    cast,
    column,
    func,
    literal,
    or_,
    select,
    table,
)

from data.filter import EPOCH_WEEKDAY, IncidentFilter, Period, date_of, day_number
from geo.divisions import PREFIX_LENGTH, place_range
from risk.incident import CHANNELS, CLOSED_STATUSES, OUTCOMES, SOURCES

NOT_SAID = -1
"""Stands for a channel or an outcome that an incident does not have."""

facts = table(
    "facts",
    column("incident_id", BigInteger),
    column("weight", Integer),
    column("month", Integer),
    column("day", Integer),
    column("hour", Integer),
    column("accepted_day", Integer),
    column("closed_day", Integer),
    column("accepted_at", BigInteger),
    column("place", BigInteger),
    column("cell", BigInteger),
    column("located_by", Integer),
    column("conflict", Boolean),
    column("duplicate", Boolean),
    column("recorded_at", BigInteger),
    *(column(name, String) for name in ("source", "dispute_type", "sub_source", "channel", "status", "outcome")),
    column("resolved_level", String),
)


def _number(value: int) -> ColumnElement[int]:
    return literal(value, BigInteger)


def in_places(asked: IncidentFilter) -> ColumnElement[bool]:
    """Inside the division asked about."""
    first, after = place_range(asked.division)
    return and_(facts.c.place >= _number(first), facts.c.place < _number(after))


def of_kind(asked: IncidentFilter) -> list[ColumnElement[bool]]:
    """All that is asked for besides place and time; of linked reports the leading one, unless reports are asked for."""
    wanted: tuple[tuple[ColumnElement, tuple], ...] = (
        (facts.c.dispute_type, asked.dispute_types),
        (facts.c.source, asked.sources),
        (facts.c.channel, asked.channels),
        (facts.c.status, asked.statuses),
        (func.mod(facts.c.day + _number(EPOCH_WEEKDAY), _number(7)), asked.weekdays),
        (facts.c.hour, asked.hours),
        (facts.c.resolved_level, asked.resolved_levels),
    )
    once = [facts.c.duplicate.is_(False)] if asked.counting == "incidents" else []
    return [*once, *known_by(asked), *(named.in_(values) for named, values in wanted if values)]


def known_by(asked: IncidentFilter) -> list[ColumnElement[bool]]:
    """Recorded by the moment asked for: the signed rows of before sum to what was counted then."""
    if asked.known_at is None:
        return []
    return [facts.c.recorded_at <= _number(int(asked.known_at.timestamp()))]


def _days(period: Period) -> ColumnElement[bool]:
    return and_(facts.c.day >= day_number(period.start), facts.c.day < day_number(period.end))


def _month_of(day: dt.date) -> int:
    return day.year * 12 + day.month - 1


def months_of(*periods: Period) -> frozenset[int]:
    """Months that the periods touch, counted since year 0."""
    months: set[int] = set()
    for period in periods:
        months.update(range(_month_of(period.start), _month_of(date_of(day_number(period.end) - 1)) + 1))
    return frozenset(months)


def during(*periods: Period) -> ColumnElement[bool]:
    """Occurred in one of the periods.

    The list of months says nothing new, but segments are sorted by month and an engine skips what lies outside.
    """
    return and_(facts.c.month.in_(sorted(months_of(*periods))), or_(*(_days(period) for period in periods)))


def bounded(query: Select, *periods: Period) -> Select:
    """The query over what occurred in one of the periods.

    The months are told beside the text as well (execution option `months`), so that files of other months are not
    even opened.
    """
    return query.where(during(*periods)).execution_options(months=months_of(*periods))


def _total(weights: ColumnElement[int]) -> ColumnElement[int]:
    # Sums are HUGEINT in DuckDB and would reach Python as floats.
    return cast(func.coalesce(func.sum(weights), 0), BigInteger)


def _weights(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return _total(case((condition, facts.c.weight), else_=0))


def _windows(asked: IncidentFilter) -> tuple[list[ColumnElement[int]], list[Period]]:
    """Three sums (now, previous period, last year) and the periods that bound what is read."""
    periods = {
        "incident_count": asked.period,
        "previous_count": asked.period.previous,
        "last_year_count": asked.period.last_year,
    }
    sums: list[ColumnElement[int]] = [_weights(_days(period)).label(name) for name, period in periods.items()]
    return sums, list(periods.values())


def child_place(level: int) -> ColumnElement[int]:
    """Place of the ancestor at `level`, filled up with zeros."""
    return facts.c.place - func.mod(facts.c.place, _number(10 ** (15 - PREFIX_LENGTH[level])))


def parent_cell(resolution: int) -> ColumnElement[int]:
    """Ancestor of the stored cell; 0 where there are no coordinates."""
    unused = (1 << (3 * (15 - resolution))) - 1
    masked = (
        facts.c.cell.bitwise_and(_number(~(15 << 52))).bitwise_or(_number(resolution << 52)).bitwise_or(_number(unused))
    )
    return case((facts.c.cell == _number(0), _number(0)), else_=masked)


def counts_by_child(asked: IncidentFilter, level: int) -> Select:
    """`place` of each child at `level` with its three counts."""
    sums, read = _windows(asked)
    place = child_place(level).label("place")
    return bounded(select(place, *sums).where(in_places(asked), *of_kind(asked)), *read).group_by(place)


def counts_by_cell(asked: IncidentFilter, resolution: int) -> Select:
    """`cell` with its three counts; cell 0 holds those without coordinates."""
    sums, read = _windows(asked)
    cell = parent_cell(resolution).label("cell")
    return bounded(select(cell, *sums).where(in_places(asked), *of_kind(asked)), *read).group_by(cell)


def totals(asked: IncidentFilter) -> Select:
    """One row with the three counts."""
    sums, read = _windows(asked)
    return bounded(select(*sums).where(in_places(asked), *of_kind(asked)), *read)


def counted_incidents(asked: IncidentFilter) -> Select:
    """Ids (`incident_id`) of the incidents of the period that count."""
    here = select(facts.c.incident_id).where(in_places(asked), *of_kind(asked))
    return bounded(here, asked.period).group_by(facts.c.incident_id).having(_total(facts.c.weight) > _number(0))


def counts_by_day(asked: IncidentFilter) -> Select:
    """`day` and `incident_count` in the period, days without incidents left out."""
    count = _total(facts.c.weight).label("incident_count")
    return (
        bounded(select(facts.c.day, count).where(in_places(asked), *of_kind(asked)), asked.period)
        .group_by(facts.c.day)
        .order_by(facts.c.day)
    )


def counts_by_child_and_day(asked: IncidentFilter, level: int) -> Select:
    """`place` of each child at `level`, `day` and `incident_count` in the period; days without incidents left out."""
    place = child_place(level).label("place")
    count = _total(facts.c.weight).label("incident_count")
    counted = select(place, facts.c.day, count).where(in_places(asked), *of_kind(asked))
    return bounded(counted, asked.period).group_by(place, facts.c.day)


def _by_type(asked: IncidentFilter, key: Label) -> Select:
    count = _total(facts.c.weight).label("incident_count")
    counted = select(key, facts.c.dispute_type, count).where(in_places(asked), *of_kind(asked))
    return bounded(counted, asked.period).group_by(key, facts.c.dispute_type)


def counts_by_type(asked: IncidentFilter, level: int) -> Select:
    """`place` of each child at `level`, `dispute_type` and `incident_count`."""
    return _by_type(asked, child_place(level).label("place"))


def counts_by_cell_and_type(asked: IncidentFilter, resolution: int) -> Select:
    """`cell`, `dispute_type` and `incident_count`."""
    return _by_type(asked, parent_cell(resolution).label("cell"))


def closed_by_outcome(asked: IncidentFilter, level: int) -> Select:
    """Incidents closed in the period and in the one before.

    `place` at `level`, `channel` and `outcome` (positions in the vocabularies, NOT_SAID for none), `days` to settle,
    `incident_count`, `previous_count`.
    """
    place = child_place(level).label("place")
    channel = _position(facts.c.channel, CHANNELS).label("channel")
    outcome = _position(facts.c.outcome, OUTCOMES).label("outcome")
    days = (facts.c.closed_day - facts.c.accepted_day).label("days")
    now, before = (
        and_(facts.c.closed_day >= day_number(period.start), facts.c.closed_day < day_number(period.end))
        for period in (asked.period, asked.period.previous)
    )
    return (
        select(
            place,
            channel,
            outcome,
            days,
            _weights(now).label("incident_count"),
            _weights(before).label("previous_count"),
        )
        .where(in_places(asked), *of_kind(asked), or_(now, before))
        .group_by(place, channel, outcome, days)
    )


def _position(named: ColumnElement[str], vocabulary: Mapping[str, object]) -> ColumnElement[int]:
    return case(*((named == code, position) for position, code in enumerate(vocabulary)), else_=NOT_SAID)


def open_after(day: int) -> ColumnElement[bool]:
    """Whether an incident is not settled at the end of a day; archived without a closing date counts as settled."""
    return or_(facts.c.closed_day > day, and_(facts.c.closed_day.is_(None), facts.c.status.not_in(CLOSED_STATUSES)))


def overdue_at(asked: IncidentFilter, level: int, days: Sequence[int]) -> Select:
    """Open incidents past their time limit at the end of each of some days.

    `place` at `level`, `open_0`, `overdue_0`, `open_1`, …
    """
    place = child_place(level).label("place")
    limit = case(*((facts.c.source == source.code, source.days_to_settle) for source in SOURCES.values()), else_=30)
    sums: list[ColumnElement[int]] = []
    for position, day in enumerate(days):
        still_open = and_(facts.c.accepted_day <= day, open_after(day))
        sums.append(_weights(still_open).label(f"open_{position}"))
        sums.append(_weights(and_(still_open, facts.c.accepted_day + limit < day)).label(f"overdue_{position}"))
    # What was settled before the first of the days is left out at once: it is nearly everything.
    return select(place, *sums).where(in_places(asked), *of_kind(asked), open_after(min(days))).group_by(place)


def latest_by_source() -> Select:
    """`source` and its latest `accepted_at` (UTC seconds)."""
    return select(facts.c.source, func.max(facts.c.accepted_at).label("accepted_at")).group_by(facts.c.source)


def counts_by_source(day: int) -> Select:
    """What each source has brought: `source`, `incident_count`, `accepted_today` (on `day`), `located`, `conflicts`."""
    return select(
        facts.c.source,
        _total(facts.c.weight).label("incident_count"),
        _weights(facts.c.accepted_day == day).label("accepted_today"),
        _weights(facts.c.located_by > 0).label("located"),
        _weights(facts.c.conflict.is_(True)).label("conflicts"),
    ).group_by(facts.c.source)
