"""What a place borders on and belongs to, as matrices."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from geo.hexagons import parent
from geo.neighbours import Neighbours, of_cells


@dataclass(frozen=True)
class Surroundings:
    """Rings and regions of places, in the order of the places.

    Parameters
    ----------
    rings
        Square 0/1 matrices, nearest first: who lies within the ring, without the place itself. May be empty.
    regions
        0/1 matrices of shape (regions, places), smallest regions first: which places a region holds. May be empty.
    """

    rings: tuple[csr_array, ...]
    regions: tuple[csr_array, ...]

    def only(self, kept: np.ndarray) -> "Surroundings":
        """Surroundings within the places picked by a boolean mask."""
        at = np.flatnonzero(kept)
        return Surroundings(
            rings=tuple(ring[at][:, at] for ring in self.rings),
            regions=tuple(region[:, at] for region in self.regions),
        )


def ring_matrix(neighbours: Neighbours) -> csr_array:
    """Neighbour lists as a 0/1 matrix."""
    ones = np.ones(len(neighbours.members))
    return csr_array((ones, neighbours.members, neighbours.starts), shape=(neighbours.count,) * 2)


def region_matrix(region_of: np.ndarray) -> csr_array:
    """Regions of places as a 0/1 matrix, from the region's identifier of each place."""
    names, row = np.unique(region_of, return_inverse=True)
    ones = np.ones(len(row))
    return csr_array((ones, (row, np.arange(len(row)))), shape=(len(names), len(row)))


def around_cells(cells: np.ndarray, *, resolution: int) -> Surroundings:
    """Rings 1 and 2 and the three coarser resolutions of H3 cells.

    Parameters
    ----------
    cells
        Distinct cells of `resolution`, at least 3.
    """
    rings = tuple(ring_matrix(of_cells(cells, rings=rings)) for rings in (1, 2))
    coarser = (parent(cells, resolution=resolution - step) for step in (1, 2, 3))
    return Surroundings(rings=rings, regions=tuple(region_matrix(each) for each in coarser))


def within_divisions(places: np.ndarray, *, ancestors: tuple[np.ndarray, ...], neighbours: Neighbours) -> Surroundings:
    """Neighbouring divisions and the divisions above.

    Parameters
    ----------
    places
        Identifiers of the divisions.
    ancestors
        For each level above, nearest first, the ancestor of each place.
    neighbours
        Who borders on whom, in the order of `places`.

    Raises
    ------
    ValueError
        Lengths differ.
    """
    if any(len(each) != len(places) for each in ancestors) or neighbours.count != len(places):
        raise ValueError(f"expected ancestors and neighbours of {len(places)} places")
    return Surroundings(rings=(ring_matrix(neighbours),), regions=tuple(region_matrix(each) for each in ancestors))
