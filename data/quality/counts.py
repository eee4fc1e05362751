"""The part of the door through which counts about the data themselves leave; see `data.counts`.

Linked reports are told one by one here: what a source has brought, it has brought.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from data.counting import Counting
from data.disclosure import FINEST_OPEN_LEVEL, SMALLEST_SHOWN, is_open, withhold, withhold_cells
from data.filter import IncidentFilter, Period, date_of, day_number
from data.quality import queries
from data.quality.volumes import HISTORY, judge_volumes
from geo.divisions import PREFIX_LENGTH, code_of, level_of

FIGURES = ["incident_count", "by_code", "by_geometry", "nowhere", "conflicts", "others"]


class QualityCounts:
    """Counts about the data for readers. Safe to share between threads."""

    def __init__(self, counting: Counting) -> None:
        self._counting = counting

    def by_source(self, asked: IncidentFilter) -> pd.DataFrame:
        """What each source brought in the period, by acceptance.

        Returns
        -------
        Indexed by `source`: `incident_count`, `by_code`, `by_geometry`, `nowhere` (how its reports were located),
        `conflicts` (code and point disagree), `others` (type D99); Int64, NA = withheld.
        """
        found = self._counting.run(queries.quality_by_source(_reports(asked))).set_index("source").astype("Int64")
        found = found[found["incident_count"] > 0]
        return found if is_open(asked.division) else found.apply(withhold_cells, k=SMALLEST_SHOWN)

    def volumes(self, asked: IncidentFilter, *, last_day: int, judged: int = 28) -> pd.DataFrame:
        """Reports accepted a day by source, and whether the day stands out, see `data.quality.volumes`.

        Parameters
        ----------
        asked
            Its period is not used.
        last_day
            Last complete day.

        Returns
        -------
        `source`, `day`, `incident_count` (Int64, NA = withheld), `expected`, `mark`; every day of every source that
        brought anything in the days looked at.
        """
        first = last_day - judged - HISTORY + 1
        period = Period(date_of(first), date_of(last_day + 1))
        found = self._counting.run(queries.volumes(replace(_reports(asked), period=period)))
        parts = []
        for source, rows in found.groupby("source"):
            at = rows["day"].to_numpy(dtype=np.int64) - first
            counts = np.bincount(at, weights=rows["incident_count"], minlength=judged + HISTORY).astype(np.int64)
            table = judge_volumes(counts, last_day=last_day, judged=judged)
            parts.append(table.assign(source=source))
        columns = ["source", "day", "incident_count", "expected", "mark"]
        table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
        table["incident_count"] = table["incident_count"].astype("Int64")
        if not is_open(asked.division):
            table["incident_count"] = withhold_cells(table["incident_count"], SMALLEST_SHOWN)
            table["expected"] = np.nan
        return table[columns]

    def conflicts(self, asked: IncidentFilter) -> pd.DataFrame:
        """Reports accepted in the period whose point lies outside the division that their code names, by township.

        Returns
        -------
        `code` (of the township; of its county where the code says no more, or where naming the township would tell
        its small count from the county's), `county`, `incident_count` (Int64, NA = withheld), `county_count` (its
        county's); most first, by county, then by township.
        """
        level = max(4, level_of(asked.division))
        found = self._counting.run(queries.conflicts_by_place(_reports(asked), level))
        found = found[found["incident_count"] > 0]
        codes = [_prefix(int(place), level) for place in found["place"]]
        counts = found["incident_count"].to_numpy(dtype=np.int64)
        table = pd.DataFrame({"code": pd.Series(codes, dtype="str"), "incident_count": counts})
        table["county"] = table["code"].str[: PREFIX_LENGTH[FINEST_OPEN_LEVEL]]
        table["county_count"] = table.groupby("county")["incident_count"].transform("sum")
        table = table.sort_values(
            ["county_count", "county", "incident_count", "code"], ascending=[False, True, False, True]
        )
        table = pd.concat([_withheld(part) for _, part in table.groupby("county", sort=False)] or [table])
        if not is_open(asked.division):
            table["county_count"] = table["county_count"].astype("Int64").mask(table["county_count"] < SMALLEST_SHOWN)
        return table[["code", "county", "incident_count", "county_count"]].reset_index(drop=True)

    def reporting(self, asked: IncidentFilter, codes: Sequence[str], *, level: int) -> pd.DataFrame:
        """Which places of a level reported anything in the period, by occurrence, and what their county counts.

        Of a place only that is said: a true zero speaks of nobody, and a count does not leave.

        Returns
        -------
        Indexed by `codes`: `reported`, `patrolled` (by anybody, by grid patrols), `county_count` and `county_patrol`
        (located to that level in the whole county; exact, because counties are shown as they are).
        """
        found = self._counting.run(queries.reports_by_place(_reports(asked), level))
        found.index = pd.Index([code_of(int(place), level) for place in found.pop("place")], dtype="str")
        deep = found[found.index.str.len() == PREFIX_LENGTH[level]]
        deep = deep[~deep.index.str.endswith("000")]
        wanted: pd.Index = pd.Series(list(codes), dtype="str").pipe(pd.Index, name="code")
        county = wanted.str[: PREFIX_LENGTH[FINEST_OPEN_LEVEL]]
        sums = deep.groupby(deep.index.str[: PREFIX_LENGTH[FINEST_OPEN_LEVEL]]).sum()
        own = deep.reindex(wanted).fillna(0)
        return pd.DataFrame(
            {
                "reported": (own["incident_count"] > 0).to_numpy(),
                "patrolled": (own["patrol_count"] > 0).to_numpy(),
                "county_count": sums["incident_count"].reindex(county).fillna(0).to_numpy(dtype=np.int64),
                "county_patrol": sums["patrol_count"].reindex(county).fillna(0).to_numpy(dtype=np.int64),
            },
            index=wanted,
        )


def _reports(asked: IncidentFilter) -> IncidentFilter:
    return replace(asked, counting="reports")


def _withheld(county: pd.DataFrame) -> pd.DataFrame:
    """Townships of one county: small counts withheld, and put together unnamed where the county's total tells them."""
    shown = withhold(county["incident_count"], SMALLEST_SHOWN)
    hidden = shown.isna()
    told = hidden.sum() == 1 or county.loc[hidden, "incident_count"].sum() < SMALLEST_SHOWN
    table = county.assign(incident_count=shown)
    if not hidden.any() or not told:
        return table
    unnamed = table[hidden].head(1).assign(code=county["county"])
    return pd.concat([table[~hidden], unnamed])


def _prefix(place: int, level: int) -> str:
    """Code of a place, as short as it can be: what is not located deeper ends in zeros."""
    code = code_of(place, level)
    for length in (PREFIX_LENGTH[4], PREFIX_LENGTH[3], PREFIX_LENGTH[2], PREFIX_LENGTH[1]):
        if len(code) > length and not code[length:].strip("0"):
            code = code[:length]
    return code


def day_before(moment: pd.Timestamp) -> int:
    """Day number of the last complete day at a local moment."""
    return day_number(moment.date()) - 1
