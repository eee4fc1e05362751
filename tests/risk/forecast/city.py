"""A small made-up city for tests of the forecast."""

import numpy as np

from geo.hexagons import cell_of
from risk.forecast.counts import WeeklyCounts
from risk.forecast.surroundings import Surroundings, around_cells

MONDAY = 16804
RESOLUTION = 8


def small_city(weeks: int = 100, *, seed: int = 0, side: int = 9) -> tuple[WeeklyCounts, Surroundings]:
    """Two kinds on about 80 cells: a fixed map, a season, and places that wander."""
    longitude, latitude = np.meshgrid(103.7 + 0.012 * np.arange(side), 36.0 + 0.010 * np.arange(side))
    cells = np.unique(cell_of(longitude.ravel(), latitude.ravel(), resolution=RESOLUTION))
    rng = np.random.default_rng(seed)
    level = rng.normal(0.0, 1.0, (2, len(cells), 1)) - np.array([0.0, 1.5])[:, None, None]
    steps = rng.normal(0.0, 0.15, (len(cells), weeks))
    wander = np.zeros((len(cells), weeks))
    for week in range(1, weeks):
        wander[:, week] = 0.95 * wander[:, week - 1] + steps[:, week]
    season = 0.3 * np.cos(2 * np.pi * np.arange(weeks) / 52.18)
    counts = rng.poisson(np.exp(level + wander[None] + season)).astype(float)
    return WeeklyCounts(counts, cells, ("common", "rare"), MONDAY), around_cells(cells, resolution=RESOLUTION)
