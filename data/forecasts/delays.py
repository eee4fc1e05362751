"""Which share of each week of a history is reported by now, by what the pool says of weeks long past."""

import datetime as dt

import numpy as np
import pandas as pd

from data.counting import Counting
from data.cube_queries import counts_by_wait
from data.filter import IncidentFilter, Period, date_of, day_number
from data.queries import latest_by_source
from data.settings import Settings
from data.steps import Steps
from risk.forecast.delay import MOST_DAYS, learn_delay
from risk.incident import DISPUTE_TYPES

LEARNT_WEEKS = 26
"""Complete weeks that waiting times are learnt from."""
SECONDS_A_DAY = 86_400


def shares_reported(counting: Counting, settings: Settings, asked: IncidentFilter, weeks: Steps) -> np.ndarray | None:
    """Share of each type's incidents of each week that has been accepted, shape (types, weeks).

    Judged by the newest report of the sources asked about: weeks that ended long before it are complete. None where the
    history is too short to know how long reports take, or nothing came.

    Raises
    ------
    PoolUnavailableError
        The pool can not be read.
    """
    known_until = _known_until(counting, settings, asked)
    if known_until is None:
        return None
    complete = [edge for edge in weeks.edges if edge <= known_until - MOST_DAYS - 1]
    if len(complete) < 2:
        return None
    period = Period(date_of(complete[max(0, len(complete) - 1 - LEARNT_WEEKS)]), date_of(complete[-1]))
    learnt_from = IncidentFilter(asked.scope, period, sources=asked.sources)
    found = counting.run(counts_by_wait(learnt_from, MOST_DAYS))
    delay = learn_delay(_laid_out(found, asked.sources))
    return delay.reported(np.array(weeks.edges[:-1]), known_until=known_until)


def _known_until(counting: Counting, settings: Settings, asked: IncidentFilter) -> float | None:
    """Moment of the newest report, in local days since 1970-01-01."""
    latest = counting.run(latest_by_source())
    latest = latest[latest["source"].isin(asked.sources) & latest["accepted_at"].notna()]
    if latest.empty:
        return None
    newest = dt.datetime.fromtimestamp(int(latest["accepted_at"].max()), settings.timezone)
    since_midnight = newest.hour * 3600 + newest.minute * 60 + newest.second
    return day_number(newest.date()) + since_midnight / SECONDS_A_DAY


def _laid_out(found: pd.DataFrame, sources: tuple[str, ...]) -> np.ndarray:
    """Counts of shape (types, sources, days waited)."""
    counts = np.zeros((len(DISPUTE_TYPES), len(sources), MOST_DAYS + 1))
    kind = pd.Categorical(found["dispute_type"], categories=list(DISPUTE_TYPES)).codes
    source = pd.Categorical(found["source"], categories=list(sources)).codes
    known = (kind >= 0) & (source >= 0)
    at = (kind[known], source[known], found["waited"].to_numpy(np.int64)[known])
    np.add.at(counts, at, found["incident_count"].to_numpy(np.float64)[known])
    return counts
