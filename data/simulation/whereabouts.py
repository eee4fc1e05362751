"""How exactly a feed says where: code of the grid, village, township, county or none; coordinates or none."""

import numpy as np
import pandas as pd

from data.simulation.places import Places
from data.simulation.profiles import SOURCE_CODES, WRONG_CODE_SHARE, each_source

_GRID_CODE_SHARE = 0.92
_VILLAGE_DIGITS = 12


def write_whereabouts(incidents: pd.DataFrame, places: Places, rng: np.random.Generator) -> pd.DataFrame:
    """Add what the feed will say of each place.

    Returns
    -------
    The same rows with `code_place` (position in Places whose code is written), `code_digits` (0 for a blank
    cell), `with_point` and `conflict` (the written code is a village that does not hold the point). No row
    lacks both code and point; only a row with both can be in conflict.
    """
    source, place = incidents["source"].to_numpy(), incidents["place"].to_numpy()
    digits = np.minimum(_digits(source, rng), places.digits[place])
    point = rng.random(len(place)) < each_source("with_coordinates")[source]
    point &= ~np.isnan(incidents["longitude"].to_numpy())
    # Without a point, and in a county without an outline, only the code says where.
    blank = (rng.random(len(place)) < each_source("blank_code")[source]) & point & (place < places.grids)
    digits = np.where(blank, 0, digits)
    able = point & (digits >= _VILLAGE_DIGITS) & (place < places.grids)
    other = _neighbour_in_code(place, places, rng)
    village = places.prefix(_VILLAGE_DIGITS)
    chance = WRONG_CODE_SHARE / max(able.mean(), WRONG_CODE_SHARE)
    wrong = able & (village[other] != village[place]) & (rng.random(len(place)) < chance)
    return incidents.assign(
        code_place=np.where(wrong, other, place), code_digits=digits, with_point=point, conflict=wrong
    )


def written_codes(incidents: pd.DataFrame, places: Places) -> pd.Series:
    """Division codes as text: 12 digits with trailing zeros, 15 for a grid, empty for blank."""
    digits = incidents["code_digits"].to_numpy()
    whole = places.codes[incidents["code_place"].to_numpy()]
    cut = whole // 10 ** (15 - digits) * 10 ** (15 - digits)
    text = pd.Series(np.where(digits == 15, cut, cut // 1000).astype(str), index=incidents.index)
    return text.where(digits > 0, "")


def _digits(source: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    patrol = source == SOURCE_CODES.index("grid_patrol")
    fine = np.where(patrol & (rng.random(len(source)) < _GRID_CODE_SHARE), 15, _VILLAGE_DIGITS)
    coarse = rng.random(len(source)) < each_source("coarse_code")[source]
    return np.where(coarse, np.where(rng.random(len(source)) < 0.6, 9, 6), fine)


def _neighbour_in_code(place: np.ndarray, places: Places, rng: np.random.Generator) -> np.ndarray:
    """A grid some way along the list of codes: mostly a village or township nearby, as in a real slip."""
    step = rng.integers(20, 400, len(place)) * rng.choice([-1, 1], len(place))
    return np.asarray((place + step) % places.grids)
