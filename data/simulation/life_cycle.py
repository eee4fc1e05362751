"""What became of each incident by the moment the feeds are written."""

import numpy as np
import pandas as pd

from data.simulation.calendar import DAY, to_office_hours
from data.simulation.delays import to_written
from data.simulation.draws import draw_rows
from data.simulation.profiles import (
    CHANNEL_SUCCESS,
    LARGE_TYPES,
    LITIGATION_AFTER_FAILURE,
    PEOPLE_BANDS,
    PROFILES,
    RESOLVED_SHARES,
    SCALE_SHARES,
    SOURCE_CODES,
    TYPE_CODES,
    each_source,
)
from risk.incident import CHANNELS, OUTCOMES, RESOLVED_LEVELS, SOURCES, STATUSES, SUB_SOURCES

CHANNEL_CODES, STATUS_CODES = tuple(CHANNELS), tuple(STATUSES)
OUTCOME_CODES, LEVEL_CODES, SUB_SOURCE_CODES = tuple(OUTCOMES), tuple(RESOLVED_LEVELS), tuple(SUB_SOURCES)
NOTHING = -1
"""Position of an empty cell: no outcome, no level, not closed."""
_STUCK_SHARE, _STUCK_FACTOR = 0.035, 7.0
_REOPENED_SHARE = 0.012


def live(incidents: pd.DataFrame, end: int, rng: np.random.Generator) -> pd.DataFrame:
    """Add the course of each incident as it stands at `end`.

    Parameters
    ----------
    incidents
        `source`, `dispute_type`, `accepted` (local seconds, not after `end`).

    Returns
    -------
    The same rows with `channel`, `sub_source`, `status`, `outcome`, `resolved_level` (positions in the
    vocabularies, -1 for nothing), `closed` (local seconds, -1 for open) and `people`. Finished ones have all
    of outcome, level and closing time; open and reopened ones have none.
    """
    source, accepted = incidents["source"].to_numpy(), incidents["accepted"].to_numpy()
    channel = draw_rows(_channel_shares(), source, rng)
    finish = to_written(source, to_office_hours(accepted + _durations(source, rng), rng))
    done = finish <= end
    # A reopened one had been closed for a while; it is open again at `end`.
    reopened = done & (finish + 10 * DAY < end) & (rng.random(len(source)) < _REOPENED_SHARE)
    closed = done & ~reopened
    status = np.where(closed, _after_closing(end - finish, rng), _before_closing(source, accepted, finish, end, rng))
    status[reopened] = STATUS_CODES.index("reopened")
    levels = draw_rows(np.array([RESOLVED_SHARES[code] for code in SOURCE_CODES]), source, rng)
    course = {
        "channel": channel,
        "sub_source": _sub_sources(source, rng),
        "status": status,
        "outcome": np.where(closed, _outcomes(channel, rng), NOTHING),
        "resolved_level": np.where(closed, levels, NOTHING),
        "closed": np.where(closed, finish, NOTHING),
        "people": _people(incidents["dispute_type"].to_numpy(), rng),
    }
    return incidents.assign(**course)


def _channel_shares() -> np.ndarray:
    return np.array([[PROFILES[source].channels.get(code, 0.0) for code in CHANNEL_CODES] for source in SOURCE_CODES])


def _durations(source: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Seconds from acceptance to the end: log-normal by source, a stuck few far beyond the time limit."""
    days = rng.lognormal(np.log(each_source("settle_days")[source]), 0.55)
    days = np.where(rng.random(len(source)) < _STUCK_SHARE, days * _STUCK_FACTOR, days)
    return np.asarray((days * DAY).astype(np.int64).clip(1800))


def _outcomes(channel: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    success = np.array([CHANNEL_SUCCESS[code] for code in CHANNEL_CODES])
    lost = 1 - success
    shares = np.column_stack([success, lost * (1 - LITIGATION_AFTER_FAILURE), lost * LITIGATION_AFTER_FAILURE])
    return draw_rows(shares, channel, rng)


def _after_closing(since: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Closed, then followed up after about a week, then filed after about a month."""
    pace = rng.lognormal(0, 0.4, len(since)) * DAY
    codes = np.where(since > 30 * pace, "archived", np.where(since > 7 * pace, "followed_up", "closed"))
    return _positions(codes)


def _before_closing(
    source: np.ndarray, accepted: np.ndarray, finish: np.ndarray, end: int, rng: np.random.Generator
) -> np.ndarray:
    """By how far handling has come, and whether it is late."""
    progress = (end - accepted) / np.maximum(finish - accepted, 1)
    limit = np.array([SOURCES[code].days_to_settle for code in SOURCE_CODES])[source]
    age = (end - accepted) / DAY
    codes = np.where(progress < 0.08, "accepted", np.where(progress < 0.25, "assigned", "mediating")).astype(object)
    luck = rng.random(len(source))
    codes[(age > 0.9 * limit) & (luck < 0.35)] = "extended"
    codes[(age > limit) & (luck > 0.75)] = "supervised"
    codes[(progress > 0.08) & (luck > 0.40) & (luck < 0.415)] = "returned"
    return _positions(codes)


def _positions(codes: np.ndarray) -> np.ndarray:
    return np.asarray(pd.Categorical(codes, categories=list(STATUS_CODES)).codes, dtype=np.int64)


def _sub_sources(source: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    drawn = rng.choice(len(SUB_SOURCE_CODES), len(source), p=(0.5, 0.3, 0.2))
    return np.where(source == SOURCE_CODES.index("citizen"), drawn, NOTHING)


def _people(dispute_type: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """People involved: a band by type, then log-uniform within the band."""
    shares = np.tile(SCALE_SHARES, (len(TYPE_CODES), 1))
    for code, factor in LARGE_TYPES.items():
        shares[TYPE_CODES.index(code), 1:] *= factor
        shares[TYPE_CODES.index(code), 0] = 1 - shares[TYPE_CODES.index(code), 1:].sum()
    band = draw_rows(shares, dispute_type, rng)
    least, below = np.array(PEOPLE_BANDS).T.astype(float)
    ratio = (below / least)[band] ** rng.random(len(band))
    return np.asarray(
        np.floor(least[band] * ratio).astype(np.int64).clip(least[band], below[band] - 1).astype(np.int64)
    )
