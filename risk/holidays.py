"""Holidays: Spring Festival (春节), which moves by the moon, May Day and National Day, which do not.

Dates: the lunar calendar of GB/T 33661-2017, as announced every year by the State Council's holiday notices and, for
years to come, as computed by the Hong Kong Observatory's Gregorian-lunar conversion tables.
"""

from datetime import date

import numpy as np

SPRING_FESTIVALS: tuple[date, ...] = tuple(
    date(year, month, day)
    for year, month, day in (
        *((2010, 2, 14), (2011, 2, 3), (2012, 1, 23), (2013, 2, 10), (2014, 1, 31), (2015, 2, 19), (2016, 2, 8)),
        *((2017, 1, 28), (2018, 2, 16), (2019, 2, 5), (2020, 1, 25), (2021, 2, 12), (2022, 2, 1), (2023, 1, 22)),
        *((2024, 2, 10), (2025, 1, 29), (2026, 2, 17), (2027, 2, 6), (2028, 1, 26), (2029, 2, 13), (2030, 2, 3)),
        *((2031, 1, 23), (2032, 2, 11), (2033, 1, 31), (2034, 2, 19), (2035, 2, 8)),
    )
)

WINDOWS: dict[str, tuple[int, int]] = {
    "weeks before": (-28, -7),
    "last week before": (-7, 0),
    "festival week": (0, 8),
    "until the lanterns": (8, 16),
}
"""Days from new year's day, half-open: wage claims rise before it, offices are shut in it."""

FIXED: dict[str, tuple[int, int, int]] = {"May Day": (5, 1, 5), "National Day": (10, 1, 7)}
"""Month and day on which offices shut, and for how many days."""


def festival_shares(first_day: int, weeks: int) -> np.ndarray:
    """Share of each week's days that lies in each window around Spring Festival and in each of the other holidays.

    Parameters
    ----------
    first_day
        Day number since 1970-01-01 on which week 0 begins.
    weeks
        How many weeks.

    Returns
    -------
    Shape (weeks, windows), 0 to 1, columns in the order of `WINDOWS` and `FIXED`; the former are zero beyond the years
    of the table.
    """
    days = first_day + np.arange(weeks * 7)
    epoch = date(1970, 1, 1).toordinal()
    starts = np.array([festival.toordinal() - epoch for festival in SPRING_FESTIVALS])
    offset = days[:, None] - starts[None, :]
    inside = [((offset >= low) & (offset < high)).any(axis=1) for low, high in WINDOWS.values()]
    inside += [_in_fixed(days, *window) for window in FIXED.values()]
    return np.stack(inside, axis=1).reshape(weeks, 7, len(inside)).mean(axis=1)


def _in_fixed(days: np.ndarray, month: int, first: int, length: int) -> np.ndarray:
    dates = days.astype("datetime64[D]")
    opening = dates.astype("datetime64[Y]").astype("datetime64[M]") + np.timedelta64(month - 1, "M")
    offset = (dates - opening.astype("datetime64[D]")).astype(np.int64) - (first - 1)
    return np.asarray((offset >= 0) & (offset < length))
