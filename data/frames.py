"""Counts of the parts of a division in many periods at once, as a time slider plays them.

The days of all periods are read once and summed up; a period is then the difference of two sums.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from data.counting import Counting
from data.disclosure import FINEST_OPEN_LEVEL, smallest_shown, withhold
from data.filter import IncidentFilter, Period, day_number
from data.queries import counts_by_child_and_day
from geo.divisions import code_of, level_of, place_of

NAMES = ("incident_count", "previous_count", "last_year_count")


def child_frames(
    counting: Counting, asked: IncidentFilter, children: Sequence[str], periods: Sequence[Period]
) -> Iterator[pd.DataFrame]:
    """Counts of the parts of a division in each of some periods, in the one before it and a year ago.

    Parameters
    ----------
    asked
        Where and which kinds; its own period is not looked at.

    Returns
    -------
    A table for each period, indexed and withheld as `Counts.by_child` gives it, without rates: the three counts, Int64.
    """
    level, own = level_of(asked.division) + 1, place_of(asked.division)
    places, frames = _summed(counting, asked, level, periods)
    codes = [asked.division if place == own else code_of(place, level) for place in places.tolist()]
    at = {code: number for number, code in enumerate(codes)}
    for frame in frames:
        extra = sorted((code for code in at.keys() - set(children) if frame[at[code]].any()), reverse=True)
        order = [*children, *extra]
        values = np.array([frame[at[code]] if code in at else np.zeros(3, np.int64) for code in order], np.int64)
        index = pd.Index(order, name="code", dtype="object")
        table = pd.DataFrame(values.reshape(-1, 3), index=index, columns=list(NAMES))
        if level > FINEST_OPEN_LEVEL:
            table = table.apply(withhold, k=smallest_shown(asked))
        yield table.astype("Int64")


def _summed(
    counting: Counting, asked: IncidentFilter, level: int, periods: Sequence[Period]
) -> tuple[np.ndarray, np.ndarray]:
    """Places (n,) with an incident on any day that was read, and exact counts (len(periods), n, 3)."""
    triples = [(period, period.previous, period.last_year) for period in periods]
    read = _spans([span for each in triples for span in each[:2]], [each[2] for each in triples])
    found = pd.concat([counting.run(counts_by_child_and_day(replace(asked, period=span), level)) for span in read])
    first, after = day_number(read[0].start), day_number(read[-1].end)
    places, child = np.unique(found["place"].to_numpy(np.int64), return_inverse=True)
    days = np.zeros((len(places), after - first + 1), np.int64)
    np.add.at(days, (child, found["day"].to_numpy(np.int64) - first + 1), found["incident_count"].to_numpy(np.int64))
    until = days.cumsum(axis=1)
    spans = [span for each in triples for span in each]
    ends = np.array([day_number(span.end) - first for span in spans])
    starts = np.array([day_number(span.start) - first for span in spans])
    counts = until[:, ends] - until[:, starts]
    return places, counts.reshape(len(places), len(periods), 3).transpose(1, 0, 2)


def _spans(late: Sequence[Period], early: Sequence[Period]) -> list[Period]:
    """What is read: both groups by themselves, or together where they meet; the earlier first."""
    groups = [Period(min(p.start for p in group), max(p.end for p in group)) for group in (early, late)]
    if groups[0].end < groups[1].start:
        return groups
    return [Period(min(g.start for g in groups), max(g.end for g in groups))]
