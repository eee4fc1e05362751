"""The stated parameters: how each source and each type of dispute behaves. Chosen, not estimated."""

from dataclasses import dataclass

import numpy as np

from risk.incident import CHANNEL_SUCCESS_2024, DISPUTE_TYPES, SOURCES

SOURCE_CODES = tuple(SOURCES)
TYPE_CODES = tuple(DISPUTE_TYPES)

_ALL_DAY = (2, 1, 1, 1, 1, 1, 2, 4, 8, 10, 10, 9, 7, 7, 9, 9, 9, 8, 8, 8, 8, 7, 5, 3)
_EVENING = (5, 3, 2, 1, 1, 1, 2, 4, 6, 7, 7, 7, 7, 6, 7, 7, 7, 8, 10, 12, 13, 12, 10, 7)
_OFFICE = (0, 0, 0, 0, 0, 0, 0, 1, 6, 14, 14, 11, 3, 4, 12, 13, 11, 7, 2, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Profile:
    """One source.

    Parameters
    ----------
    share
        Of all incidents; the sources sum to 1.
    mix
        Factors on the overall type shares; types not named keep 1.
    weekdays, hours
        Relative frequencies of occurrence, Monday first (a holiday counts as Sunday) and by hour.
    delay_days, delay_spread
        Median and log-standard deviation of accepted minus occurred.
    office
        Whether acceptance waits for office hours.
    channels
        Probability of each channel.
    settle_days
        Median days from acceptance to the end of handling.
    with_coordinates, blank_code, coarse_code
        Shares of rows: with longitude and latitude; without a code; with a code of county or township only.
    """

    share: float
    mix: dict[str, float]
    weekdays: tuple[float, ...]
    hours: tuple[float, ...]
    delay_days: float
    delay_spread: float
    office: bool
    channels: dict[str, float]
    settle_days: float
    with_coordinates: float
    blank_code: float
    coarse_code: float


_DIRECT = {"direct": 0.86, "court": 0.08, "police": 0.02, "petition": 0.04}
_EVEN_WEEK = (1.08, 1.02, 1.0, 1.0, 1.0, 0.95, 0.9)
_OFFICE_WEEK = (1.3, 1.12, 1.06, 1.04, 1.0, 0.25, 0.18)

PROFILES: dict[str, Profile] = {
    "hotline": Profile(
        0.24,
        {"D10": 2.6, "D13": 2.4, "D14": 2.2, "D17": 1.8, "D06": 1.3, "D01": 0.15, "D04": 0.5,
         "D18": 0.5, "D12": 0.4},
        _EVEN_WEEK, _ALL_DAY, 0.12, 1.0, False, _DIRECT, 8, 0.86, 0.08, 0.16,
    ),
    "police": Profile(
        0.20,
        {"D01": 2.2, "D02": 1.6, "D09": 2.0, "D12": 3.0, "D13": 1.1, "D16": 1.6, "D15": 0.2,
         "D17": 0.1, "D20": 0.1},
        (0.95, 0.93, 0.94, 0.97, 1.06, 1.12, 1.05), _EVENING, 0.01, 0.8, False,
        {"police": 0.96, "court": 0.01, "direct": 0.03}, 4, 0.97, 0.03, 0.05,
    ),
    "court": Profile(
        0.11,
        {"D07": 3.6, "D01": 1.6, "D09": 1.5, "D12": 1.2, "D18": 1.5, "D19": 2.0, "D20": 5.0,
         "D02": 0.25, "D14": 0.4},
        _OFFICE_WEEK, _OFFICE, 16, 0.8, True, {"court": 0.98, "direct": 0.02}, 17, 0.58, 0.04, 0.30,
    ),
    "petition": Profile(
        0.04,
        {"D05": 4.5, "D15": 3.2, "D18": 5.0, "D17": 3.0, "D06": 2.0, "D19": 3.0, "D01": 0.15,
         "D02": 0.3, "D12": 0.2},
        _OFFICE_WEEK, _OFFICE, 9, 0.9, True, {"petition": 0.97, "direct": 0.03}, 31, 0.52, 0.04, 0.34,
    ),
    "grid_patrol": Profile(
        0.19,
        {"D02": 2.2, "D01": 1.3, "D03": 1.8, "D04": 2.2, "D15": 1.8, "D07": 0.4, "D13": 0.4,
         "D20": 0.05, "D12": 0.2},
        _OFFICE_WEEK, _OFFICE, 0.7, 0.9, False, {"direct": 0.97, "police": 0.01, "court": 0.02},
        6, 0.99, 0.01, 0.0,
    ),
    "citizen": Profile(
        0.10,
        {"D10": 2.2, "D02": 1.3, "D14": 2.0, "D15": 1.6, "D06": 1.5, "D01": 0.4, "D12": 0.4},
        (1.0, 0.98, 0.97, 0.97, 1.0, 1.05, 1.03), _EVENING, 0.02, 1.1, False, _DIRECT, 6, 0.96, 0.10, 0.06,
    ),
    "walk_in": Profile(
        0.08,
        {"D01": 1.4, "D06": 1.8, "D07": 1.4, "D03": 1.3, "D05": 1.5, "D04": 1.2, "D12": 0.5},
        _OFFICE_WEEK, _OFFICE, 3.0, 1.0, True,
        {"direct": 0.72, "court": 0.12, "petition": 0.14, "police": 0.02}, 9, 0.68, 0.04, 0.20,
    ),
    "department": Profile(
        0.04,
        {"D06": 2.8, "D08": 3.0, "D11": 6.0, "D16": 2.0, "D13": 1.5, "D14": 2.0, "D19": 2.0,
         "D01": 0.2, "D02": 0.3},
        _OFFICE_WEEK, _OFFICE, 5.0, 0.8, True, _DIRECT, 12, 0.74, 0.05, 0.28,
    ),
}  # fmt: skip

TYPE_SHARES: dict[str, float] = {
    "D01": 0.120, "D02": 0.150, "D03": 0.062, "D04": 0.056, "D05": 0.030, "D06": 0.095, "D07": 0.095,
    "D08": 0.040, "D09": 0.062, "D10": 0.065, "D11": 0.015, "D12": 0.056, "D13": 0.048, "D14": 0.022,
    "D15": 0.028, "D16": 0.008, "D17": 0.011, "D18": 0.008, "D19": 0.010, "D20": 0.003, "D99": 0.043,
}  # fmt: skip
"""Shares before the sources' factors; D99 stays well under 10 %."""


@dataclass(frozen=True)
class Season:
    """Season of a type.

    Parameters
    ----------
    months
        Relative frequency, January first.
    before_festival
        Height above 1 of a bell centred 18 days before Spring Festival (standard deviation 11 days).
    at_festival
        Factor from two days before to seven days after New Year's Day.
    """

    months: tuple[float, ...] = (1.0,) * 12
    before_festival: float = 0.0
    at_festival: float = 0.55


SEASONS: dict[str, Season] = {code: Season() for code in TYPE_CODES} | {
    "D01": Season((1.0, 1.15, 1.05, 1, 1, 1, 1, 1, 1, 1, 0.95, 0.95), 0.2, 1.3),
    "D02": Season((0.85, 0.9, 1, 1.05, 1.1, 1.15, 1.15, 1.1, 1.05, 1, 0.9, 0.85), 0.0, 0.9),
    "D03": Season((0.6, 0.7, 1.2, 1.35, 1.3, 1.1, 1.0, 1.0, 1.1, 1.1, 0.85, 0.6)),
    "D04": Season((0.35, 0.5, 1.3, 1.9, 1.8, 1.5, 1.3, 1.0, 0.9, 0.8, 0.5, 0.35), 0.0, 0.4),
    "D05": Season((0.7, 0.7, 1.1, 1.2, 1.2, 1.1, 1.1, 1.1, 1.1, 1.0, 0.9, 0.8), 0.2),
    "D06": Season((1.0, 0.9, 0.75, 0.75, 0.8, 0.85, 0.9, 0.9, 0.95, 1.05, 1.2, 1.3), 3.0, 0.35),
    "D07": Season((1.0, 0.9, 1, 1, 1, 1, 1, 1, 1, 1, 1.05, 1.1), 0.6, 0.4),
    # Heating runs from mid-October to mid-April in most of Gansu.
    "D10": Season((1.9, 1.6, 1.3, 0.8, 0.55, 0.6, 0.6, 0.55, 0.6, 1.5, 2.1, 2.0), 0.0, 1.0),
    "D12": Season((1.0, 1.05, 0.95, 0.95, 1, 1, 1.05, 1.05, 1, 1.1, 1, 1.0), 0.3, 1.2),
    "D13": Season((1.1, 1.05, 1.2, 0.95, 1, 1, 1, 1, 1, 1, 1.05, 1.05), 0.3, 0.7),
    "D14": Season((0.8, 0.8, 0.9, 1, 1.1, 1.25, 1.3, 1.25, 1.1, 1, 0.85, 0.8)),
    "D15": Season((0.9, 0.9, 1.15, 1.1, 1, 0.95, 0.95, 0.95, 1, 1.05, 1.05, 1.05), 0.2),
    "D16": Season((0.5, 0.5, 1.3, 1.3, 1.3, 1.2, 0.4, 0.4, 1.5, 1.3, 1.2, 1.1), 0.0, 0.1),
}

SURROUNDINGS = ("urban", "town", "rural")
URBANITY: dict[str, tuple[float, float, float]] = {
    "D03": (0.5, 1.0, 1.4), "D04": (0.08, 0.8, 1.9), "D05": (1.0, 1.3, 0.8), "D06": (1.3, 1.0, 0.8),
    "D07": (1.3, 1.0, 0.8), "D08": (1.1, 1.1, 0.8), "D10": (2.4, 0.7, 0.1), "D13": (1.6, 1.0, 0.5),
    "D15": (0.4, 1.1, 1.4), "D19": (2.0, 0.8, 0.4), "D20": (2.2, 0.6, 0.2),
}  # fmt: skip
"""Factor on a place's weight by its surroundings, for the types where it matters."""

CHANNEL_SUCCESS: dict[str, float] = CHANNEL_SUCCESS_2024 | {"direct": 0.86}
"""Share of finished cases that end in success."""

LITIGATION_AFTER_FAILURE = 0.4
PEOPLE_BANDS = ((1, 5), (5, 50), (50, 100), (100, 500), (500, 1200))
SCALE_SHARES = (0.790, 0.187, 0.014, 0.007, 0.002)
LARGE_TYPES = {"D05": 3.0, "D06": 3.0, "D15": 2.5, "D19": 3.0, "D14": 2.0, "D10": 2.0}
"""Factor on the shares of five people and more."""

RESOLVED_SHARES: dict[str, tuple[float, ...]] = {
    "hotline": (0.25, 0.35, 0.33, 0.065, 0.005), "police": (0.30, 0.45, 0.23, 0.018, 0.002),
    "court": (0.05, 0.25, 0.60, 0.09, 0.010), "petition": (0.12, 0.30, 0.43, 0.12, 0.030),
    "grid_patrol": (0.78, 0.19, 0.03, 0.0, 0.0), "citizen": (0.52, 0.33, 0.14, 0.01, 0.0),
    "walk_in": (0.20, 0.45, 0.31, 0.035, 0.005), "department": (0.10, 0.35, 0.44, 0.10, 0.010),
}  # fmt: skip
"""Village, township, county, city, province."""

NEAR_REPEAT_SHARE = 0.22
"""Of the incidents outside injected hotspots, how many were triggered by an earlier one."""
NEAR_REPEAT_METRES = 400
NEAR_REPEAT_DAYS = 14
SECOND_REPORT_SHARE = 0.03
"""Of all reports, how many tell another office of a dispute that one office knows already."""
SECOND_REPORT_METRES = 250
SECOND_REPORT_DAYS = 2
SECOND_REPORT_SAME_TYPE = 0.9
CITY_GROWTH = (0.04, 0.07)
"""Mean and standard deviation over the cities of the logarithmic growth a year."""
COUNTY_SPREAD = 0.25
"""Log-standard deviation of incidents per head between counties."""
WRONG_CODE_SHARE = 0.005
UPDATE_SHARE = 0.010
DIRTY_SHARE = 0.003
HOTSPOTS_RECENT, HOTSPOTS_PAST = 12, 18


def type_shares() -> np.ndarray:
    """Probability of a type within each source, shape (sources, types)."""
    base = np.array([TYPE_SHARES[code] for code in TYPE_CODES])
    mix = np.array([[PROFILES[source].mix.get(code, 1.0) for code in TYPE_CODES] for source in SOURCE_CODES])
    shares = base * mix
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def source_shares() -> np.ndarray:
    """Share of each source, summing to 1."""
    shares = np.array([PROFILES[source].share for source in SOURCE_CODES])
    return np.asarray(shares / shares.sum())


def each_source(field: str) -> np.ndarray:
    """One number of every profile, in the order of `SOURCE_CODES`."""
    return np.array([getattr(PROFILES[source], field) for source in SOURCE_CODES])
