"""Near repeats: an incident makes another one close by and soon after more likely."""

import numpy as np
import pandas as pd

from data.simulation.background import World
from data.simulation.calendar import DAY, HOUR, draw_clock
from data.simulation.draws import draw_rows
from data.simulation.places import moved
from data.simulation.profiles import NEAR_REPEAT_DAYS, NEAR_REPEAT_METRES, type_shares

_MEAN_DAYS = 4.5
_SAME_TYPE = 0.85
_SIGMA_METRES = 160.0
_GENERATIONS = (0.7, 0.2, 0.1)
"""Shares of the triggered incidents by generation."""


def trigger(incidents: pd.DataFrame, world: World, count: int, rng: np.random.Generator) -> pd.DataFrame:
    """`incidents` followed by `count` triggered ones, in three generations.

    Each has a trigger at most 400 m away and 14 days before it (`parent` is its row number), usually of its
    own type; every generation is triggered by the one before. Where a triggered point would leave the grids or
    the window, another trigger is taken.
    """
    left = count
    generation = np.arange(len(incidents))
    for portion in _GENERATIONS:
        size = min(left, int(np.ceil(count * portion)))
        if not size or not len(generation):
            break
        start = len(incidents)
        incidents = pd.concat([incidents, *_generation(incidents, generation, world, size, rng)], ignore_index=True)
        generation = np.arange(start, len(incidents))
        left -= size
    return incidents


def _generation(
    incidents: pd.DataFrame, triggers: np.ndarray, world: World, size: int, rng: np.random.Generator
) -> list[pd.DataFrame]:
    parts: list[pd.DataFrame] = []
    while size > 0:
        parts.append(_offspring(incidents, triggers, world, int(size * 1.2) + 20, rng).head(size))
        size -= len(parts[-1])
    return parts


def _offspring(
    incidents: pd.DataFrame, generation: np.ndarray, world: World, count: int, rng: np.random.Generator
) -> pd.DataFrame:
    parent = generation[rng.integers(0, len(generation), count)]
    first = incidents.iloc[parent]
    reach = np.minimum(np.abs(rng.normal(0, _SIGMA_METRES, count)), NEAR_REPEAT_METRES - 1)
    angle = rng.random(count) * 2 * np.pi
    x, y = first["longitude"].to_numpy(), first["latitude"].to_numpy()
    x, y = moved(x, y, east=reach * np.cos(angle), north=reach * np.sin(angle))
    place = first["place"].to_numpy(copy=True)
    drawn = place < world.places.grids
    place[drawn] = world.places.locate(x[drawn], y[drawn])
    occurred = _moments(first, rng)
    kind = _types(first, rng)
    frame = first.assign(place=place, longitude=x, latitude=y, occurred=occurred, dispute_type=kind, parent=parent)
    return frame[(place >= 0) & (occurred <= world.window.end)].assign(hotspot=-1)


def _moments(first: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """When the triggered ones occur: exponential waits cut at 14 days, at an hour that suits the source."""
    trigger = first["occurred"].to_numpy()
    tail = 1 - np.exp(-NEAR_REPEAT_DAYS / _MEAN_DAYS)
    wait = -_MEAN_DAYS * np.log1p(-rng.random(len(first)) * tail) * DAY
    raw = trigger + wait.clip(HOUR / 2, NEAR_REPEAT_DAYS * DAY).astype(np.int64)
    timely = raw // DAY * DAY + draw_clock(first["source"].to_numpy(), rng)
    allowed = (timely > trigger) & (timely <= trigger + NEAR_REPEAT_DAYS * DAY)
    return np.where(allowed, timely, raw)


def _types(first: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """The trigger's type, or now and then any type of its source."""
    own = first["dispute_type"].to_numpy()
    other = draw_rows(type_shares(), first["source"].to_numpy(), rng)
    return np.where(rng.random(len(first)) < _SAME_TYPE, own, other)
