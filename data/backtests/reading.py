"""The door through which back-tests leave: measures of the whole study area, past weeks of a reader's own places."""

import json
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Engine, select

from data.assessments.reading import codes_of
from data.assessments.shown_counts import smallest_of
from data.backtests.storage import Backtest, list_backtests
from data.disclosure import FINEST_OPEN_LEVEL, is_open, withhold
from data.filter import OutOfScopeError
from data.forecasts.levels import SPANS
from data.layers import layer_of
from data.settings import Settings
from data.store import reading
from data.tables import backtest_parts
from data.unavailable import PoolUnavailableError
from geo.divisions import place_range

Result = dict[str, Any]
"""As `data.backtests.measured.measure` gives it."""


@dataclass(frozen=True)
class WeekAsked:
    """Which past week of which places is meant: `week` is its first day number; `dispute_type` "" is all together."""

    scope: str
    layer: str
    week: int
    division: str = ""
    dispute_type: str = ""

    def __post_init__(self) -> None:
        """Fill in the division; refuse one outside the scope."""
        if not self.scope:
            raise ValueError("expected a scope (division code of the reader), found an empty one")
        if not self.division:
            object.__setattr__(self, "division", self.scope)
        if not self.division.startswith(self.scope):
            raise OutOfScopeError(f"division {self.division} lies outside {self.scope}")


def find_backtest(engine: Engine, settings: Settings, scope: str) -> Backtest | None:
    """The newest back-test whose study area holds the scope, None if there is none."""
    for length in range(len(scope), 1, -1):
        found = list_backtests(engine, settings, scope[:length])
        if found:
            return found[0]
    return None


def read_results(engine: Engine, backtest: Backtest, layer: str, *, horizon: int = 1) -> dict[str, Result]:
    """What was measured at a layer by dispute type ("" all together); empty where it was not tested.

    They speak of the whole study area. Of one below the county, counts and what would give them away are left out.
    """
    query = select(backtest_parts.c.dispute_type, backtest_parts.c.result).where(
        backtest_parts.c.backtest_id == backtest.id,
        backtest_parts.c.layer == layer,
        backtest_parts.c.horizon == horizon,
    )
    with reading(engine) as connection:
        found = {row.dispute_type: json.loads(row.result) for row in connection.execute(query)}
    return found if is_open(backtest.scope) else {kind: _without_counts(result) for kind, result in found.items()}


def _without_counts(result: Result) -> Result:
    return {name: each for name, each in result.items() if name not in ("incidents", "weekly", "reliability")}


def past_weeks(backtest: Backtest) -> list[int]:
    """First day numbers of the tested weeks, the oldest first."""
    last = pd.Timestamp(backtest.as_of).toordinal() - pd.Timestamp(0).toordinal() + 1
    return [last - 7 * back for back in range(int(backtest.settings["origins"]), 0, -1)]


def read_week(backtest: Backtest, asked: WeekAsked) -> pd.DataFrame:
    """What was foretold of the places of a layer for a past week, and what came.

    Returns
    -------
    `code`, `expected_week`, `low_90_week`, `high_90_week`, `week_count` (Int64, NA = withheld), by code; empty where
    the layer or week was not tested.

    Raises
    ------
    PoolUnavailableError
        The back-test's file can not be read.
    """
    first, after = place_range(asked.division)
    wanted = [
        ("layer", "=", asked.layer),
        ("dispute_type", "=", asked.dispute_type),
        ("week", "=", asked.week),
        ("place", ">=", first),
        ("place", "<", after),
    ]
    try:
        rows = pq.read_table(backtest.file, filters=wanted).to_pandas()
    except (OSError, pa.ArrowException) as error:
        raise PoolUnavailableError(f"back-test {backtest.id}: {error}") from error
    layer = layer_of(asked.layer)
    counts = rows["week_count"].astype("Int64")
    level = layer.level or 0
    if level > FINEST_OPEN_LEVEL and len(rows):
        parents = rows["place"] // SPANS[level - 1]
        shown = [withhold(part, smallest_of(asked.dispute_type)) for _, part in counts.groupby(parents)]
        counts = pd.concat(shown).reindex(rows.index)
    table = rows[["expected_week", "low_90_week", "high_90_week"]].assign(week_count=counts)
    table.insert(0, "code", codes_of(rows["place"], layer))
    return table.sort_values("code", ignore_index=True)
