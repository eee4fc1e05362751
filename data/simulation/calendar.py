"""When disputes arise: seasons of the types, holidays by the lunar calendar, weekday and hour by source."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.simulation.draws import draw_rows
from data.simulation.profiles import PROFILES, SEASONS, SOURCE_CODES, TYPE_CODES

TIME_ZONE = "Asia/Shanghai"
DAY = 86_400
HOUR = 3_600

# First day of the first lunar month in Beijing time (Hong Kong Observatory, conversion tables).
_SPRING_FESTIVALS = (
    "2015-02-19 2016-02-08 2017-01-28 2018-02-16 2019-02-05 2020-01-25 2021-02-12 2022-02-01 2023-01-22 "
    "2024-02-10 2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-03 2031-01-23 2032-02-11 "
    "2033-01-31 2034-02-19 2035-02-08 2036-01-28 2037-02-15 2038-02-04 2039-01-24 2040-02-12"
)
SPRING_FESTIVALS = np.array(_SPRING_FESTIVALS.split(), dtype="datetime64[D]").astype(np.int64)
"""Local day numbers since 1970-01-01, ascending."""


@dataclass(frozen=True)
class Window:
    """The span that is simulated, in local seconds since 1970 (China has no summer time): `[start, end]`."""

    start: int
    end: int

    @classmethod
    def before(cls, end: pd.Timestamp, *, days: int) -> "Window":
        """The `days` before a moment.

        Raises
        ------
        ValueError
            `end` has no time zone, the span is shorter than 120 days, or no Spring Festival is known for it.
        """
        if end.tzinfo is None:
            raise ValueError(f"end needs a time zone, found {end}")
        if days < 120:
            raise ValueError(f"days must be at least 120, found {days}")
        last = int(end.tz_convert(TIME_ZONE).tz_localize(None).timestamp())
        window = cls(last - days * DAY, last)
        known = SPRING_FESTIVALS[0], SPRING_FESTIVALS[-1]
        if not known[0] <= window.days[0] <= window.days[-1] <= known[1]:
            raise ValueError(f"the span must lie between 2015-02-19 and 2040-02-12, found {days} days to {end}")
        return window

    @property
    def days(self) -> np.ndarray:
        """Every local day number the span touches."""
        return np.arange(self.start // DAY, self.end // DAY + 1)


def from_spring_festival(days: np.ndarray) -> np.ndarray:
    """Days to the nearest Spring Festival: negative before it, 0 on New Year's Day."""
    at = np.searchsorted(SPRING_FESTIVALS, days)
    before, after = (
        SPRING_FESTIVALS[(at - 1).clip(0)],
        SPRING_FESTIVALS[at.clip(max=len(SPRING_FESTIVALS) - 1)],
    )
    past, ahead = days - before, days - after
    return np.where(np.abs(past) <= np.abs(ahead), past, ahead)


def is_holiday(days: np.ndarray) -> np.ndarray:
    """Spring Festival (eight days from New Year's Eve), 1 May and National Day holidays."""
    date = pd.DatetimeIndex(days.astype("datetime64[D]"))
    offset = from_spring_festival(days)
    in_may = (date.month == 5) & (date.day <= 5)
    in_october = (date.month == 10) & (date.day <= 7)
    return np.asarray(((offset >= -1) & (offset <= 6)) | in_may | in_october)


def is_workday(days: np.ndarray) -> np.ndarray:
    """Monday to Friday without holidays; the weekends worked in exchange are left out."""
    return (weekday(days) < 5) & ~is_holiday(days)


def weekday(days: np.ndarray) -> np.ndarray:
    """0 for Monday to 6 for Sunday; 1970-01-01 was a Thursday."""
    return (days + 3) % 7


def season(dispute_type: str, days: np.ndarray) -> np.ndarray:
    """Relative frequency of a type by day, about 1 on average: month times the days near Spring Festival."""
    parameters = SEASONS[dispute_type]
    month = pd.DatetimeIndex(days.astype("datetime64[D]")).month.to_numpy()
    months = np.asarray(parameters.months, dtype=float)
    offset = from_spring_festival(days).astype(float)
    rush = 1 + parameters.before_festival * np.exp(-(((offset + 18) / 11) ** 2) / 2) * (offset < 0)
    around = np.where((offset >= -2) & (offset <= 7), parameters.at_festival, 1.0)
    return np.asarray(months[month - 1] / months.mean() * rush * around)


def day_weights(days: np.ndarray) -> np.ndarray:
    """Probability of a day for every source and type, shape (sources, types, days); each row sums to 1."""
    seasons = np.stack([season(code, days) for code in TYPE_CODES])
    weeks = np.stack([_week(source, days) for source in SOURCE_CODES])
    weights = weeks[:, None, :] * seasons[None, :, :]
    return np.asarray(weights / weights.sum(axis=2, keepdims=True))


def _week(source: str, days: np.ndarray) -> np.ndarray:
    """Weekday profile of a source; a holiday counts as a Sunday."""
    profile = np.asarray(PROFILES[source].weekdays)
    return np.asarray(profile[np.where(is_holiday(days), 6, weekday(days))])


def draw_clock(source: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Second of the day by the hour profile of each incident's source (positions in `SOURCE_CODES`)."""
    hours = np.stack([np.asarray(PROFILES[code].hours, dtype=float) for code in SOURCE_CODES])
    hour = draw_rows(hours / hours.sum(axis=1, keepdims=True), source, rng)
    return np.asarray(hour * HOUR + rng.integers(0, HOUR, len(source)))


def to_office_hours(moments: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Move moments outside office hours to the opening of the next working day; others stay."""
    day, second = moments // DAY, moments % DAY
    # Before the doors open the same day still serves; after they close the next one does.
    earliest = day + (second >= 18 * HOUR)
    span = np.arange(earliest.min(initial=0), earliest.max(initial=0) + 30)
    working = span[is_workday(span)]
    served = working[np.searchsorted(working, earliest)]
    opening = served * DAY + 9 * HOUR + rng.integers(0, 2 * HOUR, len(moments))
    stays = (served == day) & (second >= 9 * HOUR)
    return np.asarray(np.where(stays, moments, opening))
