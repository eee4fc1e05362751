"""Second reports: the same dispute told to another office as well, a little later and a little elsewhere."""

import numpy as np
import pandas as pd

from data.simulation.background import World
from data.simulation.calendar import DAY, draw_clock
from data.simulation.delays import accept
from data.simulation.draws import draw_rows
from data.simulation.places import moved
from data.simulation.profiles import (
    SECOND_REPORT_DAYS,
    SECOND_REPORT_METRES,
    SECOND_REPORT_SAME_TYPE,
    source_shares,
    type_shares,
)

_SIGMA_METRES = 80.0
_DAYS = (0.6, 0.27, 0.13)
"""Probability that the other office is told on the same day, the next one, the one after."""


def add_second_reports(table: pd.DataFrame, world: World, count: int, rng: np.random.Generator) -> pd.DataFrame:
    """The same incidents with `count` second reports among them, again in the order of acceptance.

    A second report comes through another source, lies at most 250 m away and is dated at most two days later; one in
    ten is filed as another type. Incidents of injected hotspots get none, so that their excess stays as stated.

    Parameters
    ----------
    table
        `source`, `dispute_type`, `place`, `longitude`, `latitude`, `occurred`, `accepted`, `parent`, `hotspot`, sorted
        by acceptance; at least one row must be able to have a second report.

    Returns
    -------
    With `duplicate_of`, the row number of the first report, −1 for all others; `parent` follows its row.
    """
    first = np.flatnonzero((table["hotspot"] < 0).to_numpy())
    parts: list[pd.DataFrame] = []
    used = np.zeros(len(table), dtype=bool)
    missing = count
    while missing > 0:
        free = first[~used[first]]
        if not len(free):
            raise ValueError(f"expected incidents enough for {count} second reports, found {len(first)}")
        chosen = rng.permutation(free)[: int(missing * 1.3) + 20]
        made = _told_again(table.iloc[chosen].assign(duplicate_of=chosen), world, rng).head(missing)
        used[chosen] = True
        parts.append(made)
        missing -= len(made)
    both = pd.concat([table.assign(duplicate_of=-1, row=table.index), *(part.assign(row=-2) for part in parts)])
    both = both.sort_values(["accepted", "occurred"], kind="stable", ignore_index=True)
    where = pd.Series(both.index, index=both["row"])
    where = where[where.index >= 0]
    for name in ("parent", "duplicate_of"):
        both[name] = where.reindex(both[name]).fillna(-1).astype(np.int64).to_numpy()
    return both.drop(columns="row")


def _told_again(first: pd.DataFrame, world: World, rng: np.random.Generator) -> pd.DataFrame:
    """A second report of each that can have one and is accepted by the end of the window."""
    own, kind = first["source"].to_numpy(), first["dispute_type"].to_numpy()
    likely = (source_shares()[:, None] * type_shares()).T[kind]
    likely[np.arange(len(own)), own] = 0
    source = draw_rows(likely / likely.sum(axis=1, keepdims=True), np.arange(len(own)), rng)
    filed = np.where(rng.random(len(own)) < SECOND_REPORT_SAME_TYPE, kind, draw_rows(type_shares(), source, rng))
    reach = np.minimum(np.abs(rng.normal(0, _SIGMA_METRES, len(own))), SECOND_REPORT_METRES)
    angle = rng.random(len(own)) * 2 * np.pi
    x, y = first["longitude"].to_numpy(), first["latitude"].to_numpy()
    x, y = moved(x, y, east=reach * np.cos(angle), north=reach * np.sin(angle))
    place = first["place"].to_numpy(copy=True)
    drawn = place < world.places.grids
    place[drawn] = world.places.locate(x[drawn], y[drawn])
    days = rng.choice(SECOND_REPORT_DAYS + 1, len(own), p=_DAYS)
    day = first["occurred"].to_numpy() // DAY + days
    occurred = np.maximum(day * DAY + draw_clock(source, rng), first["occurred"].to_numpy())
    occurred, accepted = accept(source, occurred, rng)
    made = first.assign(
        source=source, dispute_type=filed, place=place, longitude=x, latitude=y, occurred=occurred, accepted=accepted,
        parent=-1, hotspot=-1,
    )  # fmt: skip
    return made[(place >= 0) & (accepted <= world.window.end)]
