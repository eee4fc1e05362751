"""The part of the door through which the trends leave; see `data.counts`.

A figure that one chooses from (hours, types, sources, channels, levels) counts all of its own values whatever is
chosen of them, so that the others stay in sight; every other choice narrows it.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from sqlalchemy import Select

from data.counting import Counting
from data.disclosure import FINEST_OPEN_LEVEL, is_open, part_and_whole, smallest_shown, withhold, withhold_cells
from data.filter import EPOCH_WEEKDAY, IncidentFilter, Period, date_of, day_number
from data.totals import Totals
from data.trends import queries
from data.trends.figures import (
    DAYS_SHOWN,
    UNKNOWN_LEVEL,
    WEEKS,
    Durations,
    Matrix,
    Part,
    Progress,
    Rhythm,
    Settling,
    windows_of,
)
from data.trends.withholding import withhold_table
from geo.divisions import code_of, level_of, place_of
from risk.incident import CLOSED_STATUSES, DISPUTE_TYPES, RESOLVED_LEVELS, SOURCES, STATUSES

REOPENED = "reopened"
BOTH = ["incident_count", "previous_count"]
COUNTS = [*BOTH, "last_year_count"]


class TrendCounts:
    """Counts of the trends for readers. Safe to share between threads."""

    def __init__(self, counting: Counting, totals: Callable[[IncidentFilter], Totals]) -> None:
        """`totals` counts a division as a whole: below the county it is withheld as its parent's table says."""
        self._counting = counting
        self._totals = totals

    def rhythm(self, asked: IncidentFilter, *, today: dt.date) -> Rhythm:
        """Counts over time: weeks and days up to the period's end, weekdays by hour in the period, three windows.

        Parameters
        ----------
        today
            Last day of the windows, which do not follow the period.
        """
        windows = windows_of(today)
        weeks = Period(asked.period.end - dt.timedelta(days=2 * 7 * WEEKS), asked.period.end)
        whole = {**windows, "": asked.period}
        compared = [part for each in whole.values() for part in (each, each.previous, each.last_year)]
        every = replace(asked, weekdays=(), hours=())
        found = self._run(queries.counts_by_day_and_hour(every, weeks, *compared))
        day = found["day"].to_numpy(np.int64)
        chosen = found[_chosen((day + EPOCH_WEEKDAY) % 7, asked.weekdays) & _chosen(found["hour"], asked.hours)]
        shown = is_open(asked.division)
        totals = {
            name: _exact(chosen, period) if shown else self._totals(replace(asked, period=period))
            for name, period in whole.items()
        }
        during = (day >= day_number(asked.period.start)) & (day < day_number(asked.period.end))
        return Rhythm(
            weeks=self._weeks(asked, chosen, weeks.end),
            days=_days(chosen, asked.period.end) if shown else None,
            hours=_hours(found[during], asked),
            total=totals.pop(""),
            windows=totals,
        )

    def _weeks(self, asked: IncidentFilter, found: pd.DataFrame, end: dt.date) -> pd.DataFrame:
        counts = _binned(found, end, steps=2 * WEEKS, days=7)
        starts = [end - dt.timedelta(days=7 * (WEEKS - at)) for at in range(WEEKS)]
        weeks = pd.DataFrame({"incident_count": counts[WEEKS:], "last_year_count": counts[:WEEKS]}, index=starts)
        if is_open(asked.division):
            return weeks.astype("Int64")
        k = smallest_shown(asked)
        return weeks.apply(withhold_cells, k=k)

    def matrix(self, asked: IncidentFilter, children: Sequence[str]) -> Matrix:
        """Counts of all types in the parts of a division, those of no part under the division's own code."""
        level = min(level_of(asked.division) + 1, 6)
        found = self._run(queries.counts_by_type_and_child(replace(asked, dispute_types=()), level))
        own = place_of(asked.division)
        place = found["place"].to_numpy(np.int64)
        codes = {each: asked.division if each == own else code_of(each, level) for each in np.unique(place).tolist()}
        columns = [*children, *sorted(set(codes.values()) - set(children), reverse=True)]
        at = {code: position for position, code in enumerate(columns)}
        column = np.array([at[codes[each]] for each in place.tolist()], dtype=np.int64)
        row = pd.Categorical(found["dispute_type"], categories=list(DISPUTE_TYPES)).codes
        tables = []
        for name in COUNTS:
            counts = np.zeros((len(DISPUTE_TYPES), len(columns)), dtype=np.int64)
            np.add.at(counts, (row, column), found[name].to_numpy(np.int64))
            tables.append(_shown_types(asked, pd.DataFrame(counts, index=list(DISPUTE_TYPES), columns=columns)))
        return Matrix(*tables)

    def settling(self, asked: IncidentFilter) -> Settling:
        """What was closed in the period, and in the one before: at which level, through which channel, how soon."""
        every = replace(asked, sources=(), channels=(), resolved_levels=())
        found = self._run(queries.settled_by_level(every))
        found["resolved_level"] = found["resolved_level"].fillna(UNKNOWN_LEVEL)
        source, channel, level = (
            _chosen(found[name], wanted)
            for name, wanted in (
                ("source", asked.sources),
                ("channel", asked.channels),
                ("resolved_level", asked.resolved_levels),
            )
        )
        days = self._run(queries.settled_by_days(asked))
        return Settling(
            levels=self._levels(asked, found[source & channel]),
            channels=_by_channel(asked, found[source & level]),
            durations=_durations(asked, days, "incident_count"),
            previous_durations=_durations(asked, days, "previous_count"),
        )

    def _levels(self, asked: IncidentFilter, found: pd.DataFrame) -> pd.DataFrame:
        table = found.groupby("resolved_level")[BOTH].sum()
        table = table.reindex([*RESOLVED_LEVELS, UNKNOWN_LEVEL], fill_value=0).astype("Int64")
        return table if is_open(asked.division) else table.apply(withhold, k=smallest_shown(asked))

    def progress(self, asked: IncidentFilter) -> Progress:
        """Where the incidents of the period stand: by source, by status, and how many were reopened."""
        found = self._run(queries.progress_by_source(replace(asked, sources=(), statuses=())))
        source, status = _chosen(found["source"], asked.sources), _chosen(found["status"], asked.statuses)
        by_source = found[status].groupby("source")[BOTH].sum().reindex(list(SOURCES), fill_value=0).astype("Int64")
        kept = found[source]
        by_status = kept.groupby("status")[BOTH].sum().reindex(list(STATUSES), fill_value=0).astype("Int64")
        if not is_open(asked.division):
            k = smallest_shown(asked)
            by_source, by_status = by_source.apply(withhold, k=k), by_status.apply(withhold, k=k)
        return Progress(by_source, by_status, _reopened(asked, by_status["incident_count"]))

    def _run(self, query: Select) -> pd.DataFrame:
        return self._counting.run(query)


def _shown_types(asked: IncidentFilter, counts: pd.DataFrame) -> pd.DataFrame:
    # Children of a county are withheld, and so is a division below it that stands for itself.
    if level_of(asked.division) < FINEST_OPEN_LEVEL:
        return counts.astype("Int64")
    return withhold_table(counts, [kind.suppress_below for kind in DISPUTE_TYPES.values()])


def _chosen(values: pd.Series | np.ndarray, wanted: tuple) -> np.ndarray:
    return np.isin(np.asarray(values), list(wanted)) if wanted else np.ones(len(values), dtype=bool)


def _within(found: pd.DataFrame, period: Period) -> int:
    day = found["day"].to_numpy(np.int64)
    inside = (day >= day_number(period.start)) & (day < day_number(period.end))
    return int(found["incident_count"].to_numpy(np.int64)[inside].sum())


def _exact(found: pd.DataFrame, period: Period) -> Totals:
    return Totals(*(_within(found, each) for each in (period, period.previous, period.last_year)))


def _binned(found: pd.DataFrame, end: dt.date, *, steps: int, days: int) -> np.ndarray:
    """Counts of the last `steps` steps of `days` days before `end`."""
    step = (found["day"].to_numpy(np.int64) - day_number(end)) // days + steps
    inside = (step >= 0) & (step < steps)
    counts = np.bincount(step[inside], weights=found["incident_count"].to_numpy()[inside], minlength=steps)
    return counts.astype(np.int64)


def _days(found: pd.DataFrame, end: dt.date) -> pd.Series:
    first = day_number(end) - DAYS_SHOWN
    counts = _binned(found, end, steps=DAYS_SHOWN, days=1)
    return pd.Series(counts, index=[date_of(first + at) for at in range(DAYS_SHOWN)], dtype="Int64")


def _hours(found: pd.DataFrame, asked: IncidentFilter) -> pd.DataFrame:
    """Weekday (0 is Monday) by hour."""
    weekday = (found["day"].to_numpy(np.int64) + EPOCH_WEEKDAY) % 7
    at = weekday * 24 + found["hour"].to_numpy(np.int64)
    counts = np.bincount(at, weights=found["incident_count"].to_numpy(), minlength=7 * 24).astype(np.int64)
    flat = pd.Series(counts, dtype="Int64")
    if not is_open(asked.division):
        flat = withhold(pd.Series(counts), smallest_shown(asked))
    return pd.DataFrame({hour: flat.iloc[hour::24].array for hour in range(24)}, index=range(7))


def _reopened(asked: IncidentFilter, by_status: pd.Series) -> Part:
    """Open again, of those that had been closed; withheld where one of the statuses it is made of is."""
    ended = by_status.loc[[REOPENED, *CLOSED_STATUSES]]
    if ended.isna().any():
        return Part(None, None)
    return Part(*part_and_whole(asked, int(ended[REOPENED]), int(ended.sum())))


def _by_channel(asked: IncidentFilter, found: pd.DataFrame) -> dict[str, tuple[Part, Part]]:
    """Successes of what has an outcome, by channel: in the period and in the one before."""
    ended = found[found["outcome"].notna()]
    channels = {}
    for channel, rows in ended.groupby("channel"):
        success = (rows["outcome"] == "success").to_numpy()
        sums = [(int(rows[name][success].sum()), int(rows[name].sum())) for name in BOTH]
        channels[str(channel)] = (Part(*part_and_whole(asked, *sums[0])), Part(*part_and_whole(asked, *sums[1])))
    return channels


def _durations(asked: IncidentFilter, found: pd.DataFrame, name: str) -> Durations:
    kept = found[(found[name] > 0) & found["days"].notna()].sort_values("days")
    return Durations.of(asked, kept["days"].to_numpy(np.int64), kept[name].to_numpy(np.int64))
