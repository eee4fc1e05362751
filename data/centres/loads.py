"""What centres are measured by: open incidents and those of a year, for every division, withheld where few.

Part of the door through which counts leave (`data.counts`), by its rules: as they are down to the county, below it
withheld by `data.disclosure` among the parts of one whole.
"""

from dataclasses import dataclass, replace

import pandas as pd
from sqlalchemy import BigInteger, Select, cast, func, select

from data.assessments.reading import home_code
from data.counting import Counting
from data.disclosure import FINEST_OPEN_LEVEL, SMALLEST_SHOWN, withhold
from data.filter import IncidentFilter, Period, date_of, day_number
from data.queries import child_place, counts_by_type, facts, in_places, of_kind, open_after
from geo.divisions import PREFIX_LENGTH, level_of

DAYS = 365
"""Length of the year that classes of sites and missing rooms are judged by."""


@dataclass(frozen=True)
class Loads:
    """Counts by division.

    `places`: `open_count` and `year_count` (Int64, NA = withheld) of every division that has incidents, from the one
    asked about down to the finest level. `types`: counts of the year by type (int64) of those divisions whose counts
    are shown whatever their size. Both are indexed by code.
    """

    places: pd.DataFrame
    types: pd.DataFrame


def read_loads(counting: Counting, asked: IncidentFilter, *, finest: int) -> Loads:
    """Open incidents at the end of the last day of the period, and those of the year until then, by division.

    Parameters
    ----------
    asked
        Whose incidents; of its period only the end counts. One that asks for types is refused: a type's small counts
        are withheld by other limits.
    finest
        Level to count down to.

    Raises
    ------
    ValueError
        Types are asked for.
    """
    if asked.dispute_types:
        raise ValueError(f"expected a filter of all types, found {asked.dispute_types}")
    division, top = asked.division, level_of(asked.division)
    finest = max(finest, top)
    last = day_number(asked.period.end) - 1
    # Below the county what is withheld is settled among all parts of a county; only the reader's own leave.
    wide = division[: PREFIX_LENGTH[FINEST_OPEN_LEVEL]]
    year = Period(date_of(last - DAYS + 1), asked.period.end)
    wanted = replace(asked, scope=wide if len(wide) < len(asked.scope) else asked.scope, division=wide, period=year)
    by_type = counting.run(counts_by_type(wanted, finest))
    still_open = counting.run(_open_by_place(wanted, finest, last)).set_index("place")["incident_count"]
    in_year = by_type.groupby("place")["incident_count"].sum()
    found = pd.DataFrame({"open_count": still_open, "year_count": in_year}).fillna(0).astype("int64")
    codes = _codes(found.index.to_series())
    places = pd.concat([_of_level(found, codes, level) for level in range(top, finest + 1)])
    types = _types(by_type, _codes(by_type["place"]), range(top, FINEST_OPEN_LEVEL + 1))
    return Loads(places[places.index.str.startswith(division)], types)


def _open_by_place(asked: IncidentFilter, level: int, day: int) -> Select:
    """`place` at a level and its incidents that are open at the end of a day."""
    place = child_place(level).label("place")
    count = cast(func.sum(facts.c.weight), BigInteger).label("incident_count")
    wanted = (in_places(asked), *of_kind(asked), facts.c.accepted_day <= day, open_after(day))
    return select(place, count).where(*wanted).group_by(place)


def _of_level(found: pd.DataFrame, codes: pd.Series, level: int) -> pd.DataFrame:
    """Counts of one level, by `codes` as deep as known.

    Those not located so deep count among the parts of their whole where counts are withheld, and are then left out.
    """
    summed = found.groupby(codes.str.slice(0, PREFIX_LENGTH[level]).to_numpy()).sum().astype("Int64")
    summed.index = pd.Index(summed.index.astype("str"), name="code")
    if level > FINEST_OPEN_LEVEL:
        above = summed.index.str.slice(0, PREFIX_LENGTH[level - 1])
        summed = summed.apply(lambda counts: counts.groupby(above, group_keys=False).apply(withhold, k=SMALLEST_SHOWN))
    return summed[summed.index.str.len() == PREFIX_LENGTH[level]]


def _types(by_type: pd.DataFrame, codes: pd.Series, levels: range) -> pd.DataFrame:
    parts = []
    for level in levels:
        rows = by_type.assign(code=codes.str.slice(0, PREFIX_LENGTH[level]))[codes.str.len() >= PREFIX_LENGTH[level]]
        parts.append(rows.pivot_table(index="code", columns="dispute_type", values="incident_count", aggfunc="sum"))
    table = pd.concat(parts) if parts else pd.DataFrame(index=pd.Index([], dtype="str", name="code"))
    return table.fillna(0).astype("int64")


def _codes(places: pd.Series) -> pd.Series:
    return pd.Series([home_code(place) for place in places.tolist()], index=places.index, dtype="str")
