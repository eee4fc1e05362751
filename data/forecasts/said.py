"""What kept runs said of weeks that are over by now, beside what came."""

import datetime as dt
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from data.counts import Counts
from data.filter import IncidentFilter, Period
from data.forecasts.scored import WINDOWS
from data.forecasts.storage import ForecastRun
from data.layers import LEVEL_NAMES
from data.unavailable import PoolUnavailableError
from geo.divisions import level_of, place_range

COLUMNS = ("run_id", "model_id", "first_day", "last_day", "expected_count", "incident_count")
DAYS_A_WEEK = 7


@dataclass(frozen=True)
class SaidAsked:
    """Of which reader's division as a whole; `window` is "week" or "month" (four weeks); `dispute_type` "" is all."""

    scope: str
    window: str = "week"
    dispute_type: str = ""

    @property
    def days(self) -> int:
        """Days that are foretold."""
        return DAYS_A_WEEK * WINDOWS[self.window]


def read_said(runs: list[ForecastRun], counts: Counts, asked: SaidAsked, *, last_complete: dt.date) -> pd.DataFrame:
    """What was said as it was published, and what came, over the whole division.

    Parameters
    ----------
    runs
        Of a study area that holds the division, newest first; of several as of the same day the newest counts.
    last_complete
        Last day that is over.

    Returns
    -------
    `COLUMNS` by `first_day`: days are dates, both included; `incident_count` is Int64, NA where it is withheld.

    Raises
    ------
    PoolUnavailableError
        A run's file can not be read.
    """
    rows = []
    seen: set[dt.date] = set()
    for run in runs:
        first, last = run.as_of + dt.timedelta(days=1), run.as_of + dt.timedelta(days=asked.days)
        layer = LEVEL_NAMES.get(level_of(asked.scope) + 1, "")
        if run.as_of in seen or last > last_complete or layer not in run.settings["layers"]:
            continue
        seen.add(run.as_of)
        kinds = (asked.dispute_type,) if asked.dispute_type else ()
        wanted = IncidentFilter(
            asked.scope, Period(first, last + dt.timedelta(days=1)), dispute_types=kinds,
            sources=tuple(run.card["sources"]),
        )  # fmt: skip
        rows.append((run.id, run.model_id, first, last, _expected(run, layer, asked), counts.totals(wanted).current))
    table = pd.DataFrame(rows, columns=list(COLUMNS)).sort_values("first_day", ignore_index=True)
    return table.astype({"expected_count": "float64", "incident_count": "Int64"})


def _expected(run: ForecastRun, layer: str, asked: SaidAsked) -> float:
    first, after = place_range(asked.scope)
    wanted = [
        ("layer", "=", layer),
        ("dispute_type", "=", asked.dispute_type),
        ("home", ">=", first),
        ("home", "<", after),
    ]
    name = f"expected_{asked.window}"
    try:
        return float(pq.read_table(run.file, columns=[name], filters=wanted).to_pandas()[name].sum())
    except (OSError, pa.ArrowException) as error:
        raise PoolUnavailableError(f"forecast run {run.id}: {error}") from error
