"""Incidents located again after boundaries changed, in batches, through the signed log.

Looked at are all that have a point or a code. A code stays what decides: an incident is refined again inside its code,
or is in conflict with it; geometry decides for those without. A code whose division is gone stands for the nearest
division above it that is left.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Engine, func, select

from data.change_log import revise_incidents
from data.day_batches import add_to_day
from data.places import Places, whereabouts
from data.store import reading, writing
from data.tables import incidents
from geo.divisions import PLACE_DIGITS, PREFIX_LENGTH, place_of
from risk.incident import LocatedBy

BATCH = 50_000
_SPANS = tuple(10 ** (PLACE_DIGITS - digits) for digits in sorted(PREFIX_LENGTH.values(), reverse=True))
_READ = ("id", "place", "coded", "located_by", "conflict", "longitude", "latitude")


@dataclass
class Moves:
    """What became of the incidents: `moved` between places (from, to: number), and `settled` ones whose place stays but
    whose conflict or way of locating changed."""

    looked_at: int = 0
    settled: int = 0
    moved: Counter = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """Incidents that moved."""
        return sum(self.moved.values())


def relocate(
    engine: Engine,
    places: Places,
    *,
    renamed: Mapping[str, str],
    at: pd.Timestamp,
    on_progress: Callable[[float], None] | None = None,
) -> Moves:
    """Locate all incidents by `places`; what has been done once changes nothing when done again.

    Parameters
    ----------
    places
        The places that stand now.
    renamed
        Codes that became others.
    at
        Moment with time zone; the log's.
    on_progress
        Called with the share done, 0-1.
    """
    moves = Moves()
    codes = {place_of(old): place_of(new) for old, new in renamed.items()}
    with reading(engine) as connection:
        last = int(connection.execute(select(func.coalesce(func.max(incidents.c.id), 0))).scalar_one())
    done = 0
    while done < last:
        # One transaction a batch: other writers come in between, and the rows are read as they are then.
        with writing(engine) as connection:
            done = _relocate_batch(connection, places, done, codes, at, moves)
        if on_progress:
            on_progress(min(1.0, done / last))
    return moves


def _relocate_batch(
    connection: Connection, places: Places, after: int, codes: Mapping[int, int], at: pd.Timestamp, moves: Moves
) -> int:
    """Locate one batch of rows again; return the last id looked at."""
    query = select(*(incidents.c[name] for name in _READ)).where(incidents.c.id > after).order_by(incidents.c.id)
    rows = pd.DataFrame(connection.execute(query.limit(BATCH)).all(), columns=list(_READ))
    if rows.empty:
        return 2**62
    revised = settle_again(rows, places, codes)
    moves.looked_at += len(rows)
    if len(revised):
        batch = add_to_day(connection, "bounds", at)
        changed = revise_incidents(connection, revised, batch_id=batch.id, recorded_at=int(at.timestamp()))
        batch.count(connection, len(revised), changed)
        before = rows.set_index("id")["place"].loc[revised["id"]].to_numpy()
        went = before != revised["place"].to_numpy()
        moves.moved.update(zip(before[went].tolist(), revised["place"].to_numpy()[went].tolist(), strict=True))
        moves.settled += int((~went).sum())
    return int(rows["id"].iloc[-1])


def settle_again(rows: pd.DataFrame, places: Places, codes: Mapping[int, int]) -> pd.DataFrame:
    """Rows that change: `id`, `place`, `coded`, `located_by`, `conflict`.

    Parameters
    ----------
    rows
        `id`, `place`, `coded` (missing for rows of an earlier release), `located_by`, `conflict`, `longitude`,
        `latitude` of incidents.
    codes
        Places of divisions whose code became another.
    """
    place, by = rows["place"].to_numpy(np.int64), rows["located_by"].to_numpy(np.int64)
    # Before codes were kept: what was located by code is taken to have named the place it has.
    unsaid = np.where(by == LocatedBy.CODE, place, 0)
    said = rows["coded"].notna().to_numpy()
    stored = np.where(said, rows["coded"].fillna(0).to_numpy(np.int64), unsaid)
    coded = np.array([codes.get(place, place) for place in stored.tolist()], np.int64) if codes else stored
    longitude, latitude = (rows[name].to_numpy(np.float64, na_value=np.nan) for name in ("longitude", "latitude"))
    found = whereabouts(known_above(coded, places), longitude, latitude, places)
    new = pd.DataFrame(
        {
            "id": rows["id"].to_numpy(np.int64),
            "place": found.place,
            "coded": coded,
            "located_by": found.located_by,
            # What is not known to be named can not be contradicted.
            "conflict": found.conflict & (said | rows["conflict"].to_numpy(bool)),
        }
    )
    changed = (
        (new["place"].to_numpy() != place)
        | (new["located_by"].to_numpy() != by)
        | (new["conflict"].to_numpy() != rows["conflict"].to_numpy(bool))
        | (coded != stored)
    )
    return new[changed].reset_index(drop=True)


def known_above(coded: np.ndarray, places: Places) -> np.ndarray:
    """Each coded place, or the nearest one above it that is known; 0 where that is only the root, or nothing."""
    left = coded.copy()
    for span in _SPANS:
        unknown = (left > 0) & (places.index(left) < 0)
        left[unknown] = left[unknown] // span * span
    gone = (left != coded) & ((left == places.root) | (places.index(left) < 0))
    left[gone] = 0
    return left


def table_of_moves(moves: Moves, names: Callable[[int], str]) -> Iterator[tuple[str, str, int]]:
    """From, to and number of the moves by the names of places, the most first."""
    by_name: Counter = Counter()
    for (before, after), number in moves.moved.items():
        by_name[names(before), names(after)] += number
    for (before, after), number in by_name.most_common():
        yield before, after, number
