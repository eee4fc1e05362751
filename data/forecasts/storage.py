"""Runs kept: one Parquet file each, named with its checksum in one row of the store."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Engine, delete, insert, select

from data.filter import date_of, day_number
from data.forecasts.order import ForecastOrder
from data.sealed_files import seal
from data.settings import Settings
from data.store import reading, writing
from data.tables import forecast_runs

KEPT = 8
"""Newest runs of a scope that are kept; of older ones the newest of each week, to look up what was said."""
KEPT_WEEKS = 26


@dataclass(frozen=True)
class ForecastRun:
    """One finished run; its rows have the columns of `data.forecasts.scored.COLUMNS`."""

    id: int
    scope: str
    assessment_run_id: int
    model_id: int
    data_version: int
    as_of: dt.date
    settings: dict[str, Any]
    card: dict[str, Any]
    file: Path
    rows: int
    finished_at: int


def keep_run(
    engine: Engine,
    settings: Settings,
    order: ForecastOrder,
    table: pd.DataFrame,
    *,
    assessment_run_id: int,
    model_id: int,
    data_version: int,
    card: dict[str, object],
    moment: int,
) -> ForecastRun:
    """Write a run's rows, then name them in the store; forget the oldest.

    Parameters
    ----------
    table
        Columns of `data.forecasts.scored.COLUMNS`, by layer, type and home, so that a reader of one skips the others.
    """
    file, digest = seal(
        settings.forecasts,
        ".parquet",
        lambda path: table.to_parquet(path, index=False, compression="zstd", row_group_size=65_536),
    )
    values = {
        "scope": order.scope,
        "assessment_run_id": assessment_run_id,
        "model_id": model_id,
        "data_version": data_version,
        "as_of": day_number(order.as_of),
        "key": order.key(assessment_run_id),
        "settings": order.text(),
        "card": json.dumps(card, ensure_ascii=False),
        "file_name": file.name,
        "file_hash": digest,
        "rows": len(table),
        "finished_at": moment,
    }
    with writing(engine) as connection:
        made = connection.execute(insert(forecast_runs).values(**values).returning(forecast_runs.c.id))
        run_id = int(made.scalar_one())
    _forget(engine, settings, order.scope)
    return next(run for run in list_runs(engine, settings, order.scope) if run.id == run_id)


def list_runs(engine: Engine, settings: Settings, scope: str) -> list[ForecastRun]:
    """Runs of a study area, newest first."""
    query = select(forecast_runs).where(forecast_runs.c.scope == scope).order_by(forecast_runs.c.id.desc())
    with reading(engine) as connection:
        return [_run(row, settings) for row in connection.execute(query)]


def finished_run(engine: Engine, settings: Settings, key: str, *, data_version: int) -> ForecastRun | None:
    """The run of an order over these data, None if there is none."""
    same = (forecast_runs.c.key == key) & (forecast_runs.c.data_version == data_version)
    with reading(engine) as connection:
        row = connection.execute(select(forecast_runs).where(same).order_by(forecast_runs.c.id.desc()).limit(1)).first()
    return None if row is None else _run(row, settings)


def _run(row: Any, settings: Settings) -> ForecastRun:
    return ForecastRun(
        row.id, row.scope, row.assessment_run_id, row.model_id, row.data_version, date_of(row.as_of),
        json.loads(row.settings), json.loads(row.card),
        settings.forecasts / row.file_name, row.rows, row.finished_at,
    )  # fmt: skip


def spare_runs(runs: Sequence[ForecastRun]) -> list[ForecastRun]:
    """Runs that need not be kept.

    Parameters
    ----------
    runs
        Of one study area, newest first.
    """
    by_week: dict[int, ForecastRun] = {}
    for run in runs[KEPT:]:
        by_week.setdefault(day_number(run.as_of) // 7, run)
    kept = {run.id for run in [*runs[:KEPT], *list(by_week.values())[:KEPT_WEEKS]]}
    return [run for run in runs if run.id not in kept]


def _forget(engine: Engine, settings: Settings, scope: str) -> None:
    old = spare_runs(list_runs(engine, settings, scope))
    if not old:
        return
    with writing(engine) as connection:
        connection.execute(delete(forecast_runs).where(forecast_runs.c.id.in_([run.id for run in old])))
    for run in old:
        run.file.unlink(missing_ok=True)
