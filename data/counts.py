"""The one door through which counts leave: for screens, downloads and routes alike.

Scope is part of every filter; small counts are withheld here; nobody else runs a counting query for a reader.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from sqlalchemy import Engine, select

from data import queries
from data.counting import Columns, Counting
from data.disclosure import FINEST_OPEN_LEVEL, is_open, part_and_whole, smallest_shown, withhold, withhold_cells
from data.filter import IncidentFilter, Period, date_of, day_number
from data.frames import child_frames
from data.quality.counts import QualityCounts
from data.shared_sums import SharedSums, Sums
from data.store import reading
from data.tables import batches, incidents
from data.totals import Totals
from data.trends.counts import TrendCounts
from geo.divisions import code_of, level_of, parent_of, place_of, place_range, read_divisions
from geo.hexagons import text
from risk.incident import CHANNELS, DISPUTE_TYPES, OUTCOMES

COUNTS = ["incident_count", "previous_count", "last_year_count"]
SUCCESS = list(OUTCOMES).index("success")
MOST_IDS = 10_000
"""Incidents that one statement names; PostgreSQL takes 65,535 values."""


@dataclass(frozen=True)
class Settlement:
    """Closed incidents of one channel in a period; None = withheld."""

    successes: int | None
    closed: int | None


@dataclass(frozen=True)
class Settled:
    """Closed incidents of a period by channel, and their median days from acceptance (None when none closed)."""

    channels: dict[str, Settlement]
    median_days: float | None


@dataclass(frozen=True)
class Overdue:
    """Open incidents and those past their limit; None = withheld."""

    open: int | None
    overdue: int | None


class Counts:
    """Counts for readers. Safe to share between threads."""

    def __init__(self, engine: Engine, counting: Counting, *, geography: Path | None = None) -> None:
        """Counts of a pool; `geography` is the folder whose divisions say the populations, if not the published."""
        self._engine = engine
        self._counting = counting
        self._sums = SharedSums(counting)
        self.quality = QualityCounts(counting)
        """Counts about the data themselves."""
        self.trends = TrendCounts(counting, self.totals)
        """Counts of how disputes develop."""
        divisions = read_divisions(geography)
        known = divisions[divisions["population"].notna()]
        self._population = dict(zip(known["code"].tolist(), known["population"].astype(float).tolist(), strict=True))

    def version(self) -> int:
        """Version of the published data; everything below is a function of it and the filter."""
        return self._counting.version()

    def by_child(self, asked: IncidentFilter, children: Sequence[str]) -> pd.DataFrame:
        """Counts of the parts of a division.

        Returns
        -------
        Indexed by `code`: every one of `children` (zeros included), then any other child that has incidents; the
        division's own code stands for those not located deeper. `incident_count`, `previous_count`,
        `last_year_count` (Int64, NA = withheld), `rate` per 10,000 people in the period (NaN where no population
        is known or the count is withheld).
        """
        level = level_of(asked.division) + 1
        places, sums = self._windows(asked, level=level).by_child(level, COUNTS)
        own = place_of(asked.division)
        codes = [asked.division if place == own else code_of(place, level) for place in places.tolist()]
        counted = dict(zip(codes, sums, strict=True))
        extra = sorted((code for code in counted.keys() - set(children) if counted[code].any()), reverse=True)
        order = [*children, *extra]
        nothing = np.zeros(len(COUNTS), dtype="int64")
        values = np.array([counted.get(code, nothing) for code in order], dtype="int64").reshape(-1, len(COUNTS))
        table = pd.DataFrame(values, index=pd.Index(order, name="code", dtype="object"), columns=COUNTS)
        if level_of(asked.division) >= FINEST_OPEN_LEVEL:
            k = smallest_shown(asked)
            table = table.apply(withhold, k=k)
        table = table.astype("Int64")
        table["rate"] = self._rate(table["incident_count"], asked.division)
        return table

    def frames(
        self, asked: IncidentFilter, children: Sequence[str], periods: Sequence[Period]
    ) -> Iterator[pd.DataFrame]:
        """Tables as `by_child` gives them, without rates, for each of some periods instead of the filter's own."""
        return child_frames(self._counting, asked, children, periods)

    def _windows(self, asked: IncidentFilter, *, level: int) -> Sums:
        return self._sums.of(asked, queries.counts_by_child, level=level, named="windows")

    def _rate(self, counts: pd.Series, division: str) -> np.ndarray:
        # Those not located deeper stand under the division itself and have no population of their own.
        people = [np.nan if code == division else self._population.get(code, np.nan) for code in counts.index]
        return counts.to_numpy(dtype="float64", na_value=np.nan) / np.array(people) * 10_000

    def by_cell(self, asked: IncidentFilter, resolution: int) -> pd.DataFrame:
        """Counts of H3 cells that have any: `cell` (text, "" for those without coordinates) and the three counts."""
        found = self._counting.run(queries.counts_by_cell(asked, resolution))
        found = found[(found[COUNTS] != 0).any(axis=1)].sort_values("cell").reset_index(drop=True)
        k = smallest_shown(asked)
        # Those without coordinates are no place; in a small division they are few all the same.
        nowhere = (found["cell"] == 0) & (level_of(asked.division) < FINEST_OPEN_LEVEL)
        for name in COUNTS:
            exact: pd.Series = found[name]
            found[name] = withhold_cells(exact, k).mask(nowhere, exact)
        found["cell"] = text(found["cell"].to_numpy(dtype="int64"))
        return found

    def totals(self, asked: IncidentFilter) -> Totals:
        """Counts of the division as a whole, withheld as they are in its parent's table."""
        if is_open(asked.division):
            found = self._windows(asked, level=level_of(asked.division))
            return Totals(*(found.total(name) for name in COUNTS))
        # Asked of the parent, inside the reader's scope or not: only this division's row leaves the door.
        parent = parent_of(asked.division)
        above = replace(asked, scope=parent[:2] if not parent.startswith(asked.scope) else asked.scope, division=parent)
        table = self.by_child(above, [asked.division])
        values = [table[name].to_numpy(dtype=float, na_value=np.nan)[0] for name in COUNTS]
        return Totals(*(None if np.isnan(value) else int(value) for value in values))

    def series(self, asked: IncidentFilter, *, steps: int, days: int = 1) -> pd.Series:
        """Counts of the last `steps` steps of `days` days up to the end of the period, zeros included.

        Returns
        -------
        Int64 indexed by the first date of each step; below the county, counts in [1, k) are NA.
        """
        start = date_of(day_number(asked.period.end) - steps * days)
        during = replace(asked, period=Period(start, asked.period.end))
        level = level_of(asked.division)
        found = self._sums.of(during, queries.counts_by_child_and_day, level=level, named="days").columns
        step = (found["day"] - day_number(start)) // days
        counts = np.bincount(step, weights=found["incident_count"], minlength=steps).astype("int64")
        dates = [date_of(day_number(start) + position * days) for position in range(steps)]
        values = pd.Series(counts, index=dates, dtype="Int64")
        return values if is_open(asked.division) else withhold_cells(values, smallest_shown(asked))

    def settled(self, asked: IncidentFilter) -> tuple[Settled, Settled]:
        """What was closed in the period, and in the one before."""
        level = level_of(asked.division)
        found = self._sums.of(asked, queries.closed_by_outcome, level=level, named="closed").columns
        now, before = (self._settled(asked, found, name) for name in ("incident_count", "previous_count"))
        return now, before

    def _settled(self, asked: IncidentFilter, found: Columns, name: str) -> Settled:
        channels: dict[str, Settlement] = {}
        for position, channel in enumerate(CHANNELS):
            said = (found["channel"] == position) & (found["outcome"] != queries.NOT_SAID)
            closed = int(found[name][said].sum())
            if closed:
                successes = int(found[name][said & (found["outcome"] == SUCCESS)].sum())
                channels[channel] = Settlement(*part_and_whole(asked, successes, closed))
        return Settled(channels, _weighted_median(found["days"], found[name]))

    def overdue(self, asked: IncidentFilter, days: Sequence[int]) -> list[Overdue]:
        """Open and overdue incidents at the end of each of some days (day numbers)."""
        sums = self._sums.of(
            asked,
            lambda shared, level: queries.overdue_at(shared, level, days),
            level=level_of(asked.division),
            named=f"overdue {tuple(days)}",
        )
        found = []
        for at in range(len(days)):
            late, still_open = part_and_whole(asked, sums.total(f"overdue_{at}"), sums.total(f"open_{at}"))
            found.append(Overdue(still_open, late))
        return found

    def latest(self) -> dict[str, int]:
        """Latest acceptance of each source, UTC seconds."""
        latest: dict[str, int] = {}
        # Every page asks it first, and anew after each publication: only what was published since is looked through.
        for found in self._counting.run_each(queries.latest_by_source()):
            for source, moment in zip(found["source"], found["accepted_at"].tolist(), strict=True):
                latest[str(source)] = max(int(moment), latest.get(str(source), 0))
        return latest

    def by_source(self, day: date) -> pd.DataFrame:
        """What each source has brought, indexed by `source`.

        Returns
        -------
        `incident_count`, `accepted_today` (accepted on `day`), `located` (by code or geometry), `conflicts` (code and
        point disagree); int64.
        """
        found = self._counting.run(queries.counts_by_source(day_number(day)))
        return found.set_index("source")

    def is_simulated(self) -> bool:
        """Whether any batch was simulated."""
        with reading(self._engine) as connection:
            return connection.execute(select(batches.c.id).where(batches.c.simulated).limit(1)).first() is not None

    def incidents(self, asked: IncidentFilter, *, limit: int = 500) -> pd.DataFrame:
        """The published incidents of a grid or village as they are now, newest first, at most `limit`.

        Types never shown for small areas are left out unless the division has enough of them.

        Returns
        -------
        `dispute_type`, `source`, `status`, `occurred_at` (UTC seconds), `longitude`, `latitude` (NaN if missing).

        Raises
        ------
        ValueError
            A moment of the past is asked for: the store keeps incidents as they are now. Or weekdays or hours are.
        """
        if asked.weekdays or asked.hours:
            raise ValueError("expected incidents of all weekdays and hours, found some")
        if asked.known_at is not None:
            raise ValueError(f"expected incidents as they are now, found those known at {asked.known_at}")
        first, after = place_range(asked.division)
        zone = self._counting.timezone
        zone_start, zone_end = (_midnight(day, zone) for day in (asked.period.start, asked.period.end))
        columns = [
            incidents.c[name] for name in ("dispute_type", "source", "status", "occurred_at", "longitude", "latitude")
        ]
        query = (
            select(*columns)
            .where(incidents.c.place >= first, incidents.c.place < after)
            .where(incidents.c.occurred_at >= zone_start, incidents.c.occurred_at < zone_end, ~incidents.c.withdrawn)
        )
        for name, wanted in (
            ("dispute_type", asked.dispute_types),
            ("source", asked.sources),
            ("channel", asked.channels),
            ("status", asked.statuses),
            ("resolved_level", asked.resolved_levels),
        ):
            if wanted:
                query = query.where(incidents.c[name].in_(wanted))
        if asked.counting == "incidents":
            query = query.where(~incidents.c.duplicate)
        # Segments are sorted by place, the store is not: they tell which incidents these are.
        ids = self._counting.run(queries.counted_incidents(asked))["incident_id"].tolist()
        with reading(self._engine) as connection:
            rows = [
                row
                for at in range(0, len(ids), MOST_IDS)
                for row in connection.execute(query.where(incidents.c.id.in_(ids[at : at + MOST_IDS])))
            ]
        found = pd.DataFrame(rows, columns=[column.name for column in columns])
        return _without_sensitive(found.sort_values("occurred_at", ascending=False, kind="stable")).head(limit)


def _midnight(day: date, zone: ZoneInfo) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())


def _without_sensitive(rows: pd.DataFrame) -> pd.DataFrame:
    counts = rows["dispute_type"].value_counts()
    small = [
        code
        for code, kind in DISPUTE_TYPES.items()
        if kind.suppress_below > 5 and counts.get(code, 0) < kind.suppress_below
    ]
    return rows[~rows["dispute_type"].isin(small)]


def _weighted_median(values: np.ndarray, weights: np.ndarray) -> float | None:
    total = int(weights.sum())
    if total <= 0:
        return None
    # Weights of one value may cancel each other, so they are summed before the values are lined up.
    steps, position = np.unique(np.asarray(values), return_inverse=True)
    reached = np.bincount(position, weights=weights).cumsum()
    return float(steps[np.searchsorted(reached, total / 2)])
