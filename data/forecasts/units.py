"""The smallest parts that every layer is a sum of: a place as deep as it is known, and the hexagon it lies in.

Townships are what is forecast; what is only known to lie in a county, a city or the province is forecast there, as a
place of its own. Inside each, units share what it is expected to have.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.counting import Counting
from data.cube_queries import counts_by_unit, counts_by_unit_and_week
from data.filter import IncidentFilter, Period, date_of
from data.steps import Steps
from data.study_area import StudyArea
from geo.hexagons import cell_of, sibling_outside
from risk.forecast.allocation import Worth, choose_worth, unit_shares
from risk.incident import DISPUTE_TYPES

RESOLUTION = 8
"""The finest hexagons that are stated."""
TOWNSHIP_SPAN = 10**6
"""15-digit places of one township lie within so many."""
VILLAGE_SPAN = 10**3


@dataclass(frozen=True)
class Units:
    """Units and who they belong to; arrays of shape (units,) unless said.

    Parameters
    ----------
    place
        Deepest place known, 15 digits.
    cell
        Hexagon of `RESOLUTION`, 0 without coordinates.
    base
        Position of the forecast place.
    shares, earlier_shares
        Share of each unit by kind, shape (kinds, units): by all of the past, and by the past before the weeks held
        back.
    recent
        Incidents of the last weeks: `unit`, `dispute_type` (positions), `week` (0 the first of `recent_weeks`),
        `incident_count`.
    recent_weeks
        How many those are.
    """

    place: np.ndarray
    cell: np.ndarray
    base: np.ndarray
    shares: np.ndarray
    earlier_shares: np.ndarray
    recent: pd.DataFrame
    recent_weeks: int

    @property
    def count(self) -> int:
        """How many units there are."""
        return len(self.place)


def find_units(
    counting: Counting,
    asked: IncidentFilter,
    *,
    places: np.ndarray,
    villages: StudyArea,
    weeks: Steps,
    held: int,
    recent_weeks: int,
) -> Units:
    """Units of a study area.

    Parameters
    ----------
    asked
        Incidents that shares are learnt from; its period is that of the weeks.
    places
        Forecast places, rising.
    villages
        All of them: one that never reported is a unit too.
    held
        Last weeks that do not enter `earlier_shares`.
    recent_weeks
        Last weeks that are counted one by one.
    """
    found = counting.run(counts_by_unit(asked, RESOLUTION, weeks.edges[-1 - held]))
    units = _named_units(found, places, villages)
    base = _base_of(units["place"].to_numpy(np.int64), places)
    units, base = units[base >= 0].reset_index(drop=True), base[base >= 0]
    counts = _laid_out(found, units, ("incident_count", "earlier_count"))
    spread = units["spread"].to_numpy(np.float64)
    worth = _worth(units, base, counts[1], counts[0] - counts[1], len(places))
    shares, earlier = (unit_shares(each, base, places=len(places), spread=spread, worth=worth) for each in counts)
    return Units(
        units["place"].to_numpy(np.int64),
        units["cell"].to_numpy(np.int64),
        base,
        shares,
        earlier,
        _recent(counting, asked, units, weeks, recent_weeks),
        recent_weeks,
    )


def _worth(units: pd.DataFrame, base: np.ndarray, earlier: np.ndarray, later: np.ndarray, places: int) -> Worth:
    """How far units are believed, by how well the weeks before the held ones foretold where those fell.

    What fell into a unit that nobody knew then is what the village itself had been given beforehand.
    """
    spread = units["spread"].to_numpy(np.float64)
    place = units["place"].to_numpy(np.int64)
    own = np.flatnonzero(spread > 0)
    later = np.maximum(later, 0)
    unknown = np.flatnonzero((earlier.sum(axis=0) == 0) & (spread == 0))
    moved = np.full(len(unknown), -1)
    for of in (
        place[unknown],
        place[unknown] // VILLAGE_SPAN * VILLAGE_SPAN,
        place[unknown] // TOWNSHIP_SPAN * TOWNSHIP_SPAN,
    ):
        at = np.searchsorted(place[own], of).clip(max=len(own) - 1)
        moved = np.where((moved < 0) & (place[own[at]] == of), own[at], moved)
    came = later.copy()
    came[:, unknown] = 0
    known = moved >= 0
    for row, values in zip(came, later, strict=True):
        row += np.bincount(moved[known], weights=values[unknown[known]], minlength=len(row))
    return choose_worth(earlier, came, base, places=places, spread=spread)


def _named_units(found: pd.DataFrame, places: np.ndarray, villages: StudyArea) -> pd.DataFrame:
    """`place`, `cell` and `spread` of all units: seen ones, villages that may never have been, places on their own.

    What is kept for where nothing ever came stands in the hexagon of a village's centre, or where that was hit in one
    beside it that was not: hexagons that were hit have what they have seen and nothing of this, coarser ones have both.
    """
    drawn = ~np.isnan(villages.longitude)
    centres = np.zeros(len(drawn), np.int64)
    centres[drawn] = cell_of(villages.longitude[drawn], villages.latitude[drawn], resolution=RESOLUTION)
    centres = sibling_outside(centres, found["cell"].unique())
    seen = found[["place", "cell"]].assign(spread=0.0)
    never = pd.DataFrame({"place": villages.places, "cell": centres, "spread": 1.0})
    # A place without villages (what is only known to lie in a county) is a unit of its own.
    alone = pd.DataFrame({"place": places, "cell": np.int64(0), "spread": 1e-6})
    units: pd.DataFrame = pd.concat([seen, never, alone]).groupby(["place", "cell"], as_index=False).max()
    return units


def _laid_out(found: pd.DataFrame, units: pd.DataFrame, names: tuple[str, ...]) -> np.ndarray:
    """Counts of shape (names, kinds, units), never negative."""
    at, kind = _positions(found, units)
    counts = np.zeros((len(names), len(DISPUTE_TYPES), len(units)))
    for row, name in enumerate(names):
        np.add.at(counts[row], (kind[at >= 0], at[at >= 0]), found[name].to_numpy(np.float64)[at >= 0])
    return np.maximum(counts, 0)


def _positions(found: pd.DataFrame, units: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Unit (-1: none) and dispute type of each row."""
    index = pd.MultiIndex.from_frame(units[["place", "cell"]])
    at = index.get_indexer(pd.MultiIndex.from_frame(found[["place", "cell"]]))
    kind = pd.Categorical(found["dispute_type"], categories=list(DISPUTE_TYPES)).codes
    return at, np.asarray(kind, np.int64)


def _recent(
    counting: Counting, asked: IncidentFilter, units: pd.DataFrame, weeks: Steps, recent_weeks: int
) -> pd.DataFrame:
    first = weeks.edges[-1 - recent_weeks]
    period = Period(date_of(first), asked.period.end)
    found = counting.run(counts_by_unit_and_week(asked, RESOLUTION, period))
    at, kind = _positions(found, units)
    table = pd.DataFrame(
        {
            "unit": at,
            "dispute_type": kind,
            "week": found["day"].to_numpy(np.int64) // 7,
            "incident_count": found["incident_count"].to_numpy(np.int64),
        }
    )
    return table[at >= 0].reset_index(drop=True)


def _base_of(place: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Position of the forecast place that holds each place: its township, else itself; -1 for none."""
    found = np.full(len(place), -1, np.int64)
    for of in (place // TOWNSHIP_SPAN * TOWNSHIP_SPAN, place):
        at = np.searchsorted(places, of).clip(max=len(places) - 1)
        found = np.where((found < 0) & (places[at] == of), at, found)
    return found
