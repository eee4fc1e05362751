"""From places that are forecast to the small units inside them: a share for each, by what each has seen.

Whatever is a sum of units - villages, grids, hexagons, the places themselves and everything above - then adds up.
"""

from dataclasses import dataclass

import numpy as np

OWN = (2.0, 5.0, 10.0, 30.0, 100.0)
UNSEEN = (1.0, 5.0, 15.0, 40.0, 100.0)


@dataclass(frozen=True)
class Worth:
    """How much is believed beside what a unit has seen of a kind itself.

    Parameters
    ----------
    own
        By kind, shape (kinds,): incidents of all kinds together that a unit's share of its place is worth.
    unseen
        Incidents that all units of a place together are given beforehand, so that a unit never hit has a share.
    """

    own: np.ndarray
    unseen: float


def unit_shares(counts: np.ndarray, place: np.ndarray, *, places: int, spread: np.ndarray, worth: Worth) -> np.ndarray:
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
    beforehand = counts.sum(axis=0) + worth.unseen * spread / _within(spread, place, places)
    leaning = beforehand / _within(beforehand, place, places)
    shares = counts + worth.own[:, None] * leaning
    for row in shares:
        row /= _within(row, place, places)
    return shares


def _within(values: np.ndarray, place: np.ndarray, places: int) -> np.ndarray:
    return np.bincount(place, weights=values, minlength=places)[place]


def choose_worth(
    earlier: np.ndarray, later: np.ndarray, place: np.ndarray, *, places: int, spread: np.ndarray
) -> Worth:
    """The worth under which what came later was likeliest, given what had been seen before.

    Of a kind that stays where it is (hospitals, roads) little else is believed, of one that wanders nearly everything:
    `own` is chosen for each kind, `unseen` for all together, by the multinomial likelihood within the places.

    Parameters
    ----------
    earlier, later
        Incidents of two periods, shape (kinds, units). What fell into a unit without a share beforehand counts nowhere.
    """
    best: tuple[float, Worth] | None = None
    kinds = len(earlier)
    for unseen in UNSEEN:
        likelihood = np.empty((len(OWN), kinds))
        for at, own in enumerate(OWN):
            worth = Worth(np.full(kinds, own), unseen)
            shares = unit_shares(earlier, place, places=places, spread=spread, worth=worth)
            likelihood[at] = (later * np.log(np.maximum(shares, 1e-12))).sum(axis=1)
        found = float(likelihood.max(axis=0).sum())
        if best is None or found > best[0]:
            best = found, Worth(np.array(OWN)[likelihood.argmax(axis=0)], unseen)
    assert best is not None  # noqa: S101 - UNSEEN is not empty
    return best[1]
