"""How long an incident waits before a source accepts it."""

import numpy as np

from data.simulation.calendar import DAY, to_office_hours
from data.simulation.profiles import SOURCE_CODES, each_source

MINUTE_SOURCES = ("department",)
"""Feeds whose times have no seconds."""


def accept(source: np.ndarray, occurred: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Occurred and accepted, both as the feed will state them.

    The delay is log-normal by source, at least a minute; sources with an office take nothing in
    while it is closed.

    Returns
    -------
    Local seconds; whole minutes for the feeds without seconds. Accepted is never before occurred.
    """
    median, spread = each_source("delay_days")[source], each_source("delay_spread")[source]
    wait = rng.lognormal(np.log(median), spread) * DAY
    accepted = occurred + wait.clip(60, 330 * DAY).astype(np.int64)
    office = each_source("office")[source].astype(bool)
    accepted[office] = to_office_hours(accepted[office], rng)
    return to_written(source, occurred), to_written(source, accepted)


def to_written(source: np.ndarray, moments: np.ndarray) -> np.ndarray:
    """Moments cut to what the source's feed can say."""
    coarse = np.isin(source, [SOURCE_CODES.index(code) for code in MINUTE_SOURCES])
    return np.asarray(np.where(coarse, moments // 60 * 60, moments))
