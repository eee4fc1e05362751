"""The door through which forecasts leave: a reader's own places only, and no small count to be told from them.

Tail probabilities stay inside: with what had been expected they would be the count in other units. Points leave in
steps of ten and the score in whole points.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Engine

from data.assessments.reading import codes_of, home_code
from data.assessments.shown_counts import smallest_of
from data.disclosure import FINEST_OPEN_LEVEL, withhold, withhold_cells
from data.filter import OutOfScopeError
from data.forecasts.levels import SPANS
from data.forecasts.storage import ForecastRun, list_runs
from data.layers import Layer, layer_of
from data.settings import Settings
from data.unavailable import PoolUnavailableError
from geo.divisions import place_range
from risk.emerging import CLASS_NAMES, EmergingClass
from risk.incident import DISPUTE_TYPES
from risk.score.drivers import Facts, drivers

SHOWN = (
    "code", "home", "dispute_type", "score", "level",
    "expected_week", "low_50_week", "high_50_week", "low_90_week", "high_90_week",
    "expected_month", "low_50_month", "high_50_month", "low_90_month", "high_90_month",
    "week_count", "week_said", "month_count", "month_said", "surprising", "emerging_class", "class_name",
    "recurrence_days", "burden_points", "surprise_points", "emergence_points",
)  # fmt: skip


@dataclass(frozen=True)
class ForecastFilter:
    """Which forecasts are meant; `dispute_type` "" is all types together.

    `scope` is the reader's own division; `division` lies in it and is the scope unless given.
    """

    scope: str
    layer: str
    division: str = ""
    dispute_type: str = ""
    run_id: int | None = None

    def __post_init__(self) -> None:
        """Fill in the division; refuse one outside the scope, and a layer that does not exist."""
        layer_of(self.layer)
        if not self.scope:
            raise ValueError("expected a scope (division code of the reader), found an empty one")
        if not self.division:
            object.__setattr__(self, "division", self.scope)
        if not self.division.startswith(self.scope):
            raise OutOfScopeError(f"division {self.division} lies outside {self.scope}")


def find_forecast(engine: Engine, settings: Settings, scope: str, run_id: int | None = None) -> ForecastRun | None:
    """A run whose study area holds the scope, the newest unless told; None if there is none."""
    for length in range(len(scope), 1, -1):
        runs = list_runs(engine, settings, scope[:length])
        found = next((run for run in runs if run_id is None or run.id == run_id), None)
        if found is not None:
            return found
    return None


def read_forecast(engine: Engine, settings: Settings, asked: ForecastFilter) -> pd.DataFrame:
    """Forecast and score of the places of a layer inside a division, the highest score first.

    Returns
    -------
    `SHOWN`: `level` is the number of the level (0 the gravest), counts Int64 (NA = withheld), `score` whole, points
    in steps of ten. Empty with these columns where nothing is known.

    Raises
    ------
    PoolUnavailableError
        The run's file can not be read.
    """
    run = find_forecast(engine, settings, asked.scope, asked.run_id)
    if run is None:
        return pd.DataFrame(columns=list(SHOWN))
    rows = _read(run, asked)
    layer = layer_of(asked.layer)
    shown = rows.copy()
    for name in ("week_count", "month_count"):
        shown[name] = _withheld(rows, name, layer, asked)
    shown.insert(0, "code", codes_of(rows["place"], layer))
    shown["home"] = [home_code(place) for place in rows["home"].tolist()]
    shown["class_name"] = [CLASS_NAMES[EmergingClass(kind)] for kind in rows["emerging_class"].tolist()]
    # Rounded down, for limits are whole points: 31.6 is below a limit of 32 and must not read as 32.
    shown["score"] = np.floor(rows["score"]).astype("int64")
    for name in ("burden_points", "surprise_points", "emergence_points"):
        shown[name] = (rows[name] / 10).round().astype("int64") * 10
    order = np.lexsort((rows["place"], -rows["expected_month"], -shown["score"]))
    return shown.iloc[order].reset_index(drop=True)[list(SHOWN)]


def words_of(row: pd.Series, severity: dict[str, float]) -> list[str]:
    """Drivers of one row of `read_forecast` in words, the most telling first."""
    kind = str(row["dispute_type"])
    count = {name: None if pd.isna(row[name]) else int(row[name]) for name in ("week_count", "month_count")}
    facts = Facts(
        kind=DISPUTE_TYPES[kind].name if kind else "各类纠纷",
        month_count=count["month_count"],
        month_said=float(row["month_said"]),
        week_count=count["week_count"],
        week_said=float(row["week_said"]),
        expected=float(row["expected_month"]),
        low=int(row["low_90_month"]),
        high=int(row["high_90_month"]),
        surprising=bool(row["surprising"]),
        emerging_class=int(row["emerging_class"]),
        recurrence_days=float(row["recurrence_days"]),
        severity=severity.get(kind, 1.0),
    )
    return drivers(facts, below=smallest_of(kind))


def _read(run: ForecastRun, asked: ForecastFilter) -> pd.DataFrame:
    first, after = place_range(asked.division)
    wanted = [
        ("layer", "=", asked.layer),
        ("dispute_type", "=", asked.dispute_type),
        ("home", ">=", first),
        ("home", "<", after),
    ]
    try:
        return pq.read_table(run.file, filters=wanted).to_pandas()
    except (OSError, pa.ArrowException) as error:
        raise PoolUnavailableError(f"forecast run {run.id}: {error}") from error


def _withheld(rows: pd.DataFrame, name: str, layer: Layer, asked: ForecastFilter) -> pd.Series:
    """Counts as the door of counts shows them; those of places that reach beyond the scope are withheld whole."""
    counts = rows[name].astype("Int64")
    k = smallest_of(asked.dispute_type)
    if layer.is_cells:
        first, after = place_range(asked.scope)
        return withhold_cells(counts, k).mask(~rows["within"].between(first, after - 1))
    level = layer.level or 0
    if level <= FINEST_OPEN_LEVEL:
        return counts
    shown = [withhold(part, k) for _, part in counts.groupby(rows["place"] // SPANS[level - 1])]
    return pd.concat(shown).reindex(rows.index) if shown else counts
