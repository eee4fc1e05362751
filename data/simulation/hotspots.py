"""Emerging hotspots injected on purpose: where, when, how strong, and their extra incidents."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.simulation.background import COLUMNS, World
from data.simulation.calendar import DAY, draw_clock
from data.simulation.draws import draw_one
from data.simulation.places import metres_between
from data.simulation.profiles import HOTSPOTS_PAST, HOTSPOTS_RECENT, TYPE_CODES, source_shares, type_shares

HOTSPOT_TYPES = ("D02", "D03", "D04", "D05", "D06", "D07", "D08", "D09", "D10", "D13", "D15")
RELATIVE_RISKS = (2.5, 6.0)
_BASELINES = (2.0, 5.0)
_LEAST_EXTRA = 8.0
_LEAST_RADIUS = 400.0
_REACH, _REACH_LIMITS = 4000.0, (1500.0, 15_000.0)
"""Metres a hotspot may reach when 200,000 incidents are simulated, and the limits for other numbers."""
_TRIES = 40
_RECENT_STARTS = (20, 54)
"""Days before the end; all inside the last eight weeks."""


@dataclass(frozen=True)
class Hotspot:
    """One injected hotspot.

    Parameters
    ----------
    dispute_type
        Position in TYPE_CODES.
    longitude, latitude, radius_m
        Centroid of the middle grid, and the circle that holds the centroids of all its grids.
    grids
        Positions of its grids in Places.
    start, end
        Local seconds, `[start, end)`; `end` is the end of the simulation for an ongoing one.
    relative_risk
        Mean intensity in the interval divided by the baseline.
    baseline
        Incidents of the type expected in the grids and the interval without the hotspot.
    """

    dispute_type: int
    longitude: float
    latitude: float
    radius_m: float
    grids: np.ndarray
    start: int
    end: int
    ongoing: bool
    relative_risk: float
    baseline: float

    @property
    def expected_extra(self) -> float:
        """Incidents that the hotspot adds on average, before reporting delay."""
        return (self.relative_risk - 1) * self.baseline


class Baseline:
    """Expected incidents of the ordinary flow by type, place and time."""

    def __init__(self, world: World, incidents: int) -> None:
        self._world = world
        # Half the incidents need twice the area for the same baseline.
        self.reach = float(np.clip(_REACH * np.sqrt(200_000 / incidents), *_REACH_LIMITS))
        joint = source_shares()[:, None] * type_shares()
        self._by_day = incidents * np.einsum("st,std->td", joint, world.days)
        moments = np.linspace(world.window.start, world.window.end, 13)
        places = np.arange(len(world.growth))
        everywhere = [world.trend(places, moment) @ world.places.share for moment in moments]
        self._mean_trend = float(np.mean(everywhere))

    def of_type(self, dispute_type: int, places: np.ndarray, start: int, end: int) -> np.ndarray:
        """Expected incidents in `[start, end)` at each of `places` (positions), same shape."""
        world = self._world
        begins = world.window.days * DAY
        overlap = np.minimum(end, begins + DAY) - np.maximum(start, begins)
        whole = (self._by_day[dispute_type] * overlap.clip(0) / DAY).sum()
        middle = np.full(len(places), (start + end) / 2)
        trend = world.trend(places, middle) / self._mean_trend
        return np.asarray(whole * world.places.by_type[dispute_type, places] * trend)


def choose_hotspots(world: World, incidents: int, rng: np.random.Generator) -> list[Hotspot]:
    """Twelve that began in the last eight weeks and go on, and eighteen earlier ones that ended.

    Each grows around a grid drawn by weight, in a county of its own as long as there are any, until its
    baseline is a few incidents. Of forty tries the one with the smallest radius is taken, or, when none reaches
    the baseline wanted within `Baseline.reach`, the one with the largest baseline.
    """
    baseline = Baseline(world, incidents)
    taken: set[int] = set()
    chosen = []
    # In mixed order, because the densest places are taken first.
    for number in rng.permutation(HOTSPOTS_RECENT + HOTSPOTS_PAST):
        start, end = _interval(world, recent=number < HOTSPOTS_RECENT, rng=rng)
        hotspot = _best_of_tries(world, baseline, start, end, taken, rng)
        taken.add(int(world.places.county[hotspot.grids[0]]))
        if len(taken) == len(world.landmarks.counties):
            taken.clear()
        chosen.append(hotspot)
    return chosen


def draw_extras(hotspots: list[Hotspot], world: World, rng: np.random.Generator) -> pd.DataFrame:
    """The incidents that the hotspots add, columns as in `background.COLUMNS`."""
    counts = rng.poisson([hotspot.expected_extra for hotspot in hotspots])
    parts = [_extras(spot, at, counts[at], world, rng) for at, spot in enumerate(hotspots)]
    return pd.concat(parts, ignore_index=True)


def _interval(world: World, *, recent: bool, rng: np.random.Generator) -> tuple[int, int]:
    window = world.window
    if recent:
        return int(window.end - rng.uniform(*_RECENT_STARTS) * DAY), window.end
    span = window.end - window.start
    start = int(window.start + rng.uniform(0.1, 0.75) * span)
    return start, start + int(rng.uniform(0.06, 0.1) * span)


def _best_of_tries(
    world: World, baseline: Baseline, start: int, end: int, taken: set[int], rng: np.random.Generator
) -> Hotspot:
    wanted = rng.uniform(*_BASELINES)
    frequent = np.sqrt([type_shares()[:, TYPE_CODES.index(code)].mean() for code in HOTSPOT_TYPES])
    weight = world.places.share[: world.places.grids].copy()
    weight[np.isin(world.places.county[: world.places.grids], list(taken))] = 0
    centres = draw_one(weight / weight.sum(), _TRIES, rng)
    kinds = rng.choice(len(HOTSPOT_TYPES), _TRIES, p=frequent / frequent.sum())
    tries: list[Hotspot] = []
    for kind, centre in zip(kinds, centres, strict=True):
        dispute_type = TYPE_CODES.index(HOTSPOT_TYPES[kind])
        tries.append(_grow(world, baseline, dispute_type, int(centre), wanted, (start, end), rng))
    reached = [hotspot for hotspot in tries if hotspot.baseline >= wanted]
    if reached:
        return min(reached, key=lambda hotspot: hotspot.radius_m)
    return max(tries, key=lambda hotspot: hotspot.baseline)


def _grow(
    world: World, baseline: Baseline, dispute_type: int, centre: int, wanted: float,
    interval: tuple[int, int], rng: np.random.Generator,
) -> Hotspot:  # fmt: skip
    """Take the nearest grids of the county, one after the other, until the baseline is reached."""
    places = world.places
    # Grids are sorted by code, so a county is one stretch of them.
    county = places.county[: places.grids]
    mine = np.arange(*np.searchsorted(county, [county[centre], county[centre] + 1]))
    x, y = float(places.longitude[centre]), float(places.latitude[centre])
    far = metres_between(places.longitude[mine], places.latitude[mine], centre=(x, y))
    order = np.argsort(far, kind="stable")
    order = order[far[order] <= baseline.reach]
    sums = baseline.of_type(dispute_type, mine[order], *interval).cumsum()
    size = min(int(np.searchsorted(sums, wanted)) + 1, len(order))
    total = float(sums[size - 1])
    least = min(max(RELATIVE_RISKS[0], 1 + _LEAST_EXTRA / max(total, 0.1)), RELATIVE_RISKS[1] - 0.5)
    return Hotspot(
        dispute_type=dispute_type, longitude=x, latitude=y,
        radius_m=max(float(far[order[size - 1]]), _LEAST_RADIUS), grids=mine[order[:size]],
        start=interval[0], end=interval[1], ongoing=interval[1] == world.window.end,
        relative_risk=round(rng.uniform(least, RELATIVE_RISKS[1]), 2), baseline=total,
    )  # fmt: skip


def _extras(spot: Hotspot, number: int, count: int, world: World, rng: np.random.Generator) -> pd.DataFrame:
    joint = source_shares() * type_shares()[:, spot.dispute_type]
    source = draw_one(joint / joint.sum(), count, rng)
    place = spot.grids[draw_one(_concentration(spot, world), count, rng)]
    longitude, latitude = world.places.points(place, rng)
    columns = {
        "source": source, "dispute_type": spot.dispute_type, "place": place, "longitude": longitude,
        "latitude": latitude, "occurred": _moments(spot, source, rng), "parent": -1, "hotspot": number,
    }  # fmt: skip
    return pd.DataFrame(columns, columns=list(COLUMNS))


def _concentration(spot: Hotspot, world: World) -> np.ndarray:
    """Probability of each of the hotspot's grids: its weight, falling from the middle to a seventh at the rim."""
    places = world.places
    centre = (spot.longitude, spot.latitude)
    far = metres_between(places.longitude[spot.grids], places.latitude[spot.grids], centre=centre)
    weights = places.by_type[spot.dispute_type, spot.grids] * np.exp(-2 * (far / spot.radius_m) ** 2)
    return np.asarray(weights / weights.sum())


def _moments(spot: Hotspot, source: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Rising while it goes on, coming and going when it is over; at an hour that suits the source."""
    u = rng.random(len(source))
    # Density 0.5 + x on [0, 1], by the inverse of its distribution function.
    along = np.sqrt(0.25 + 2 * u) - 0.5 if spot.ongoing else rng.beta(1.6, 1.6, len(source))
    raw = (spot.start + along * (spot.end - spot.start)).astype(np.int64)
    timely = raw // DAY * DAY + draw_clock(source, rng)
    return np.where((timely >= spot.start) & (timely < spot.end), timely, raw)
