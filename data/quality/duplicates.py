"""Pairs of reports from different sources that may be of one incident: same type, close in place and days.

Blocking happens in the store: two reports can only meet in the same or a neighbouring square of some 330 m, or in the
same village where one has no coordinates. A pair's score is the probability that both tell of one incident, by
Bayes' rule from odds (Fellegi and Sunter, JASA 64, 1969):

    odds = SECOND_SHARE × m(metres) / u(metres) × m(days) / u(days) ÷ chance

`m` says how true pairs lie, `u` how chance ones do (spread evenly over the disc and the days), `chance` how many other
reports of the type chance brings near in five days, counted on the spot: in a busy place closeness says less.
"""

import numpy as np
import pandas as pd
from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Engine,
    Integer,
    Select,
    Subquery,
    and_,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from data.filter import IncidentFilter
from data.store import reading
from data.tables import incidents
from data.tables.links import dismissed_pairs, links
from geo.divisions import place_range

REACH_METRES = 300.0
REACH_DAYS = 2
_SQUARE = (200.0, 1000.0 / 3)
"""Squares to a degree of longitude and of latitude: at least 300 m wide up to 52° north."""
_DAY = 86_400
METRES_A_DEGREE = 111_195.0

SECOND_SHARE = 0.03
"""Reports that another source tells as well. Assumed; a pool whose pairs have been judged can say better."""
METRES = (50.0, 100.0, 200.0, REACH_METRES)
TRUE_METRES = (0.45, 0.30, 0.20, 0.05)
"""True pairs by distance class. Assumed: people point at the same address, offices at the next corner."""
TRUE_DAYS = (0.60, 0.27, 0.13)
"""True pairs by days between them. Assumed."""
QUIET, QUIET_VILLAGE = 0.05, 0.2
"""Chance reports near in five days that are believed of even the quietest disc of 300 m, and the quietest village."""
SHOWN_FROM = 0.2
"""Score from which a pair is worth a look."""
COLUMNS = (
    "first_id", "second_id", "dispute_type", "first_source", "second_source", "first_place", "second_place",
    "first_occurred", "second_occurred", "metres", "days", "score",
)  # fmt: skip


def find_duplicates(engine: Engine, asked: IncidentFilter, *, zone: str, limit: int = 500) -> pd.DataFrame:
    """Pairs that may be of one incident and that nobody has linked or dismissed yet, most likely first.

    Parameters
    ----------
    asked
        Reports of its division that occurred in its period; types, sources, channels and statuses as it says.
    zone
        Time zone of its days.

    Returns
    -------
    Columns of `COLUMNS`: ids, codes, places of 15 digits, moments (UTC seconds), `metres` (NaN where one has no
    coordinates), `days` between them (0-2) and `score` (0-1).
    """
    reports = _reports(asked, zone)
    columns = [*COLUMNS[:9], "x", "y", "other_x", "other_y", "near_first", "near_second"]
    with reading(engine) as connection:
        parts = [
            pd.DataFrame(connection.execute(_close(pairs)).all(), columns=columns)
            for pairs in (_pairs_by_square(reports), _pairs_by_village(reports))
        ]
    found = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return _scored(found, days=asked.period.days, zone=zone)[list(COLUMNS)].head(limit)


def _reports(asked: IncidentFilter, zone: str) -> CTE:
    """Live reports of the period, each with its square and village."""
    first, after = place_range(asked.division)
    start, end = (int(pd.Timestamp(day, tz=zone).timestamp()) for day in (asked.period.start, asked.period.end))
    names = ("id", "source", "dispute_type", "occurred_at", "place", "longitude", "latitude")
    kinds = (
        (incidents.c.dispute_type, asked.dispute_types),
        (incidents.c.source, asked.sources),
        (incidents.c.channel, asked.channels),
        (incidents.c.status, asked.statuses),
    )
    village = incidents.c.place - func.mod(incidents.c.place, literal(1000, BigInteger))
    return (
        select(
            *(incidents.c[name] for name in names),
            # Casts cut on one store and round on the other: either way neighbours differ by at most one.
            cast(incidents.c.longitude * _SQUARE[0], Integer).label("east"),
            cast(incidents.c.latitude * _SQUARE[1], Integer).label("north"),
            village.label("village"),
            func.coalesce(links.c.group_id, -incidents.c.id).label("kin"),
        )
        .join_from(incidents, links, links.c.report_id == incidents.c.id, isouter=True)
        .where(
            ~incidents.c.withdrawn,
            incidents.c.place >= first,
            incidents.c.place < after,
            incidents.c.occurred_at >= start,
            incidents.c.occurred_at < end,
            *(named.in_(values) for named, values in kinds if values),
        )
        .cte("reports")
    )


def _pairs_by_square(reports: CTE) -> Subquery:
    """All pairs in neighbouring squares, whatever their days, and how many each of the two meets."""
    steps = [select(literal(x).label("x"), literal(y).label("y")) for x in (-1, 0, 1) for y in (-1, 0, 1)]
    step = union_all(*steps).cte("steps")
    one, other = reports.alias("one"), reports.alias("other")
    meet = and_(
        other.c.dispute_type == one.c.dispute_type,
        other.c.east == one.c.east + step.c.x,
        other.c.north == one.c.north + step.c.y,
    )
    joined = select(*_columns(one, other)).select_from(one.join(step, literal(1) == 1).join(other, meet))
    return joined.where(one.c.source < other.c.source).subquery("pairs")


def _pairs_by_village(reports: CTE) -> Subquery:
    """All pairs of one village of which at least one has no coordinates."""
    one, other = reports.alias("one"), reports.alias("other")
    meet = and_(
        other.c.dispute_type == one.c.dispute_type,
        other.c.village == one.c.village,
        or_(one.c.longitude.is_(None), other.c.longitude.is_(None)),
    )
    # Known to the village at least: a township is too large for two reports to be of one place.
    deep = func.mod(one.c.village, literal(1_000_000, BigInteger)) != 0
    joined = select(*_columns(one, other)).select_from(one.join(other, meet))
    return joined.where(one.c.source < other.c.source, deep).subquery("pairs")


def _columns(one: CTE, other: CTE) -> list[ColumnElement]:
    both = [(one, "first"), (other, "second")]
    named = [table.c[name].label(f"{which}_{short}") for name, short in (("source", "source"), ("place", "place"),
             ("occurred_at", "occurred")) for table, which in both]  # fmt: skip
    return [
        one.c.id.label("first_id"),
        other.c.id.label("second_id"),
        one.c.dispute_type,
        *named,
        one.c.longitude.label("x"),
        one.c.latitude.label("y"),
        other.c.longitude.label("other_x"),
        other.c.latitude.label("other_y"),
        func.count().over(partition_by=one.c.id).label("near_first"),
        func.count().over(partition_by=other.c.id).label("near_second"),
        one.c.kin.label("kin"),
        other.c.kin.label("other_kin"),
    ]


def _close(pairs: Subquery) -> Select:
    """Of the pairs those close in time that nobody has judged."""
    names = [column for column in pairs.c if column.name not in ("kin", "other_kin")]
    apart = func.abs(pairs.c.first_occurred - pairs.c.second_occurred)
    return select(*names).where(
        apart < (REACH_DAYS + 1) * _DAY,
        pairs.c.kin != pairs.c.other_kin,
        ~_dismissed(pairs),
    )


def _dismissed(pairs: Subquery) -> ColumnElement[bool]:
    one, other, known = pairs.c.first_id, pairs.c.second_id, dismissed_pairs.c
    either = or_(
        and_(known.first_id == one, known.second_id == other), and_(known.first_id == other, known.second_id == one)
    )
    return exists().where(either)


def _scored(found: pd.DataFrame, *, days: int, zone: str) -> pd.DataFrame:
    """Distance, days and score of pairs, those out of reach left out, most likely first."""
    number = [_local_days(found[name], zone) for name in ("first_occurred", "second_occurred")]
    metres = _metres(*(found[name].to_numpy(dtype=np.float64) for name in ("x", "y", "other_x", "other_y")))
    table = found.assign(metres=metres, days=np.abs(number[0] - number[1]))
    table = table[(table["days"] <= REACH_DAYS) & ~(table["metres"] > REACH_METRES)]
    near = (table["near_first"] + table["near_second"]).to_numpy(dtype=np.float64) / 2 - 1
    quiet = np.where(table["metres"].isna(), QUIET_VILLAGE, QUIET)
    chance = quiet + near * (2 * REACH_DAYS + 1) / days
    likely = _ratio_of_metres(table["metres"].to_numpy()) * _ratio_of_days(table["days"].to_numpy())
    odds = SECOND_SHARE * likely / chance
    order = ["score", "first_id", "second_id"]
    table = table.assign(score=odds / (1 + odds))
    return table.sort_values(order, ascending=[False, True, True], ignore_index=True)


def _local_days(moments: pd.Series, zone: str) -> np.ndarray:
    local = pd.DatetimeIndex(pd.to_datetime(moments.astype("int64"), unit="s", utc=True)).tz_convert(zone)
    return np.asarray(local.tz_localize(None).to_numpy().astype("datetime64[D]").astype(np.int64))


def _metres(x: np.ndarray, y: np.ndarray, other_x: np.ndarray, other_y: np.ndarray) -> np.ndarray:
    """Distance on the plane that touches the first point, good to 0.1 % within a kilometre; NaN without points."""
    east = (other_x - x) * np.cos(np.radians(y))
    return np.asarray(np.hypot(east, other_y - y) * METRES_A_DEGREE)


def _ratio_of_metres(metres: np.ndarray) -> np.ndarray:
    """How much more often true pairs lie so far apart than chance ones; 1 without coordinates."""
    area = np.diff(np.square([0.0, *METRES])) / REACH_METRES**2
    ratio = np.array(TRUE_METRES) / area
    at = np.searchsorted(METRES, np.nan_to_num(metres)).clip(max=len(METRES) - 1)
    return np.where(np.isnan(metres), 1.0, ratio[at])


def _ratio_of_days(days: np.ndarray) -> np.ndarray:
    """The same of the days between them: chance spreads pairs over five days, two of them one day away."""
    share = np.array([1.0, 2.0, 2.0]) / (2 * REACH_DAYS + 1)
    return np.asarray((np.array(TRUE_DAYS) / share)[days.astype(np.int64)])
