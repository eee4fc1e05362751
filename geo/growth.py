"""One county drawn top down: townships about their seats, villages about theirs, grids by people."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import shapely

from geo.partition import LATTICE, SAMPLES_PER_SEED, Points, divide, scatter, settle

_URBAN_AREA = 1 / 12  # ground of a street or community, as a share of that of a town or village
_TOWNSHIP_REACH, _VILLAGE_REACH = 0.020, 0.008  # degrees of urban radius for one unit, growing with its root
_CROWDING = 0.45  # share of seeds' samples drawn near the centre
_NOWHERE: Points = np.empty((0, 2))


class Piece(NamedTuple):
    """One drawn unit; `outline` is WKB, cheap to hand between processes."""

    level: int
    code: str
    name: str
    parent: str
    weight: float
    outline: bytes


@dataclass(frozen=True)
class County:
    """What is to be drawn in one county.

    `townships` and `villages` are rows of `geo.people.share_people`; townships also have `longitude` and
    `latitude` of a known seat, or NaN.
    """

    code: str
    outline: Any
    townships: pd.DataFrame
    villages: pd.DataFrame
    seed: int


def grow(county: County) -> list[Piece]:
    """Every township, village and grid of a county, the same for the same county and seed."""
    rng = np.random.default_rng([county.seed, int(county.code)])
    outline = shapely.set_precision(county.outline, LATTICE)
    pieces: list[Piece] = []
    seats = _township_seats(outline, county.townships, rng)
    shapes = divide(outline, seats, rng, wiggle=True)
    villages = {str(code): rows for code, rows in county.villages.groupby("parent")}
    for row, seat, shape in zip(county.townships.itertuples(), seats, shapes, strict=True):
        pieces.append(_piece(4, row, shape))
        pieces += _grow_township(shape, seat, villages[str(row.code)], rng)
    return pieces


def _grow_township(outline: Any, seat: Points, villages: pd.DataFrame, rng: np.random.Generator) -> list[Piece]:
    pieces: list[Piece] = []
    centres = _village_centres(outline, villages["urban"].to_numpy(bool), seat, rng)
    shapes = divide(outline, centres, rng, wiggle=True)
    for row, centre, shape in zip(villages.itertuples(), centres, shapes, strict=True):
        pieces.append(_piece(5, row, shape))
        pieces += _grow_village(shape, centre, row, rng)
    return pieces


def _grow_village(outline: Any, centre: Points, village: Any, rng: np.random.Generator) -> list[Piece]:
    number = int(village.grids)
    seeds = settle(_crowd(outline, number, centre, rng), number, fixed=_NOWHERE) if number > 1 else centre[None]
    shapes = divide(outline, seeds, rng, wiggle=False)
    outlines = shapely.to_wkb(np.asarray(shapes, dtype=object)).tolist()
    shares = (rng.dirichlet(np.full(number, 12.0)) * village.weight).tolist()
    stem = plain_name(village.name)
    return [
        Piece(6, f"{village.code}{index:03d}", f"{stem}{index:03d}网格", village.code, share, shape)
        for index, (share, shape) in enumerate(zip(shares, outlines, strict=True), start=1)
    ]


def plain_name(village: str) -> str:
    """A village's or community's name without the words for its committee."""
    for ending, kept in (
        ("社区居民委员会", "社区"),
        ("社区居委会", "社区"),
        ("居民委员会", "社区"),
        ("居委会", "社区"),
        ("村村民委员会", "村"),
        ("村民委员会", "村"),
        ("村委会", "村"),
    ):
        if village.endswith(ending) and len(village) > len(ending):
            return village.removesuffix(ending) + kept
    return village


def _piece(level: int, row: Any, shape: Any) -> Piece:
    return Piece(level, row.code, row.name, row.parent, float(row.weight), shapely.to_wkb(shape))


def _township_seats(outline: Any, townships: pd.DataFrame, rng: np.random.Generator) -> Points:
    """Seat of each township, shape (n, 2): known ones, streets about the county seat, others between."""
    shapely.prepare(outline)
    seats = townships[["longitude", "latitude"]].to_numpy(np.float64, copy=True)
    _forget_crowded(seats, 0.3 * np.sqrt(outline.area / len(seats)))
    urban = townships["urban"].to_numpy(bool)
    capital = townships["code"].str[6:].isin(["001", "100"]).to_numpy()
    known = ~np.isnan(seats[:, 0])
    first = np.flatnonzero(capital & known)
    centre = seats[first[0]] if len(first) else shapely.get_coordinates(outline.point_on_surface())[0]
    seats[urban] = _urban_seeds(outline, int(urban.sum()), len(urban), centre, rng, _TOWNSHIP_REACH)
    return _fill(outline, seats, centre, rng)


def _village_centres(outline: Any, urban: np.ndarray, seat: Points, rng: np.random.Generator) -> Points:
    shapely.prepare(outline)
    centres = np.full((len(urban), 2), np.nan)
    centres[urban] = _urban_seeds(outline, int(urban.sum()), len(urban), seat, rng, _VILLAGE_REACH)
    return _fill(outline, centres, seat, rng)


def _urban_seeds(
    outline: Any, number: int, everyone: int, centre: Points, rng: np.random.Generator, reach: float
) -> Points:
    """Seeds of streets or communities, sorted by distance from the centre they crowd about."""
    if number == 0:
        return _NOWHERE
    if number == everyone:
        samples = _crowd(outline, number, centre, rng)
    else:
        share = number * _URBAN_AREA / (number * _URBAN_AREA + everyone - number)
        radius = min(np.sqrt(share * outline.area / np.pi), reach * np.sqrt(number))
        samples = scatter(outline, SAMPLES_PER_SEED * number, rng, centre=centre, radius=radius)
    return _outwards(settle(samples, number, fixed=_NOWHERE), centre)


def _fill(outline: Any, seats: Points, centre: Points, rng: np.random.Generator) -> Points:
    """Seats for those still without one, evenly between the others, lower codes nearer the centre."""
    open_ = np.isnan(seats[:, 0])
    number = int(open_.sum())
    if number:
        samples = _crowd(outline, max(number, len(seats) // 2), centre, rng)
        seats[open_] = _outwards(settle(samples, number, fixed=seats[~open_]), centre)
    return seats


def _crowd(outline: Any, number: int, centre: Points, rng: np.random.Generator) -> Points:
    """Samples inside an outline, partly uniform, partly near its centre."""
    shapely.prepare(outline)
    near = int(_CROWDING * SAMPLES_PER_SEED * number)
    radius = 0.25 * np.sqrt(outline.area)
    uniform = scatter(outline, SAMPLES_PER_SEED * number - near, rng, centre=centre, radius=np.inf)
    return np.concatenate([uniform, scatter(outline, near, rng, centre=centre, radius=radius)])


def _outwards(points: Points, centre: Points) -> Points:
    return points[np.argsort(((points - centre) ** 2).sum(axis=1), kind="stable")]


def _forget_crowded(seats: Points, spacing: float) -> None:
    """Drop known seats that lie closer than `spacing` to an earlier one; changes `seats`."""
    for index in range(1, len(seats)):
        apart = np.hypot(*(seats[:index] - seats[index]).T)
        if np.any(apart < spacing):
            seats[index] = np.nan
