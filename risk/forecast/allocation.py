"""From places that are forecast to the small units inside them: a share for each, by what each has seen.

Whatever is a sum of units - villages, grids, hexagons, the places themselves and everything above - then adds up.
"""

import numpy as np

OWN_WORTH = 2.0
"""Incidents of all kinds together that a unit's share of its place is worth beside its own incidents of a kind."""
UNSEEN_WORTH = 1.0
"""Incidents that all units of a place together are given beforehand, so that a unit never hit has a share."""


def unit_shares(counts: np.ndarray, place: np.ndarray, *, places: int, spread: np.ndarray) -> np.ndarray:
    """Share of each unit in what its place is expected to have of each kind.

    Parameters
    ----------
    counts
        Incidents seen, shape (kinds, units).
    place
        Position of each unit's place, shape (units,); every place has a unit.
    places
        How many places there are.
    spread
        What a unit weighs before anything is seen, shape (units,), positive somewhere in every place.

    Returns
    -------
    Shape (kinds, units); the shares of a place's units sum to 1 for every kind.
    """

    def within(values: np.ndarray) -> np.ndarray:
        return np.bincount(place, weights=values, minlength=places)[place]

    beforehand = counts.sum(axis=0) + UNSEEN_WORTH * spread / within(spread)
    worth = OWN_WORTH * beforehand / within(beforehand)
    shares = counts + worth
    for row in shares:
        row /= within(row)
    return shares
