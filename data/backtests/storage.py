"""Back-tests kept: measures in the store, forecasts place by place in one Parquet file each."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Engine, delete, insert, select, update

from data.backtests.order import BacktestOrder
from data.filter import date_of, day_number
from data.sealed_files import seal
from data.settings import Settings
from data.store import reading, writing
from data.tables import backtest_parts, backtests

KEPT = 12
"""Back-tests of a scope that are kept; older ones go with their files."""


@dataclass(frozen=True)
class Backtest:
    """One finished back-test; moments are UTC seconds, `settings` as in `BacktestOrder.text`."""

    id: int
    scope: str
    data_version: int
    as_of: dt.date
    settings: dict[str, Any]
    file: Path
    file_hash: str
    started_at: int
    finished_at: int


def begin_backtest(engine: Engine, order: BacktestOrder, *, data_version: int, moment: int) -> int:
    """Id of a back-test that was broken off, or of a new one; others of the area that were broken off are forgotten."""
    same = (backtests.c.key == order.key) & (backtests.c.data_version == data_version)
    unfinished = (backtests.c.scope == order.scope) & backtests.c.finished_at.is_(None)
    values = {
        "scope": order.scope,
        "data_version": data_version,
        "as_of": day_number(order.as_of),
        "key": order.key,
        "settings": order.text(),
        "started_at": moment,
    }
    with writing(engine) as connection:
        found = connection.execute(select(backtests.c.id).where(unfinished, same)).scalars().first()
        others = connection.execute(select(backtests.c.id).where(unfinished, ~same)).scalars().all()
        for table, column in ((backtest_parts, backtest_parts.c.backtest_id), (backtests, backtests.c.id)):
            connection.execute(delete(table).where(column.in_(others)))
        if found is not None:
            return int(found)
        return int(connection.execute(insert(backtests).values(**values).returning(backtests.c.id)).scalar_one())


def finished_backtest(
    engine: Engine, settings: Settings, order: BacktestOrder, *, data_version: int
) -> Backtest | None:
    """The back-test of an order over these data, None if there is none."""
    found = list_backtests(engine, settings, order.scope)
    said = json.loads(order.text())
    return next((each for each in found if each.settings == said and each.data_version == data_version), None)


def keep_layer(engine: Engine, backtest_id: int, layer: str, parts: Iterable[tuple[str, int, dict[str, Any]]]) -> None:
    """Keep what was measured at a layer: dispute type, horizon and result of each part."""
    rows = [
        {"backtest_id": backtest_id, "layer": layer, "dispute_type": kind, "horizon": horizon}
        | {"result": json.dumps(result, ensure_ascii=False)}
        for kind, horizon, result in parts
    ]
    with writing(engine) as connection:
        here = (backtest_parts.c.backtest_id == backtest_id) & (backtest_parts.c.layer == layer)
        connection.execute(delete(backtest_parts).where(here))
        if rows:
            connection.execute(insert(backtest_parts), rows)


def finish_backtest(engine: Engine, settings: Settings, backtest_id: int, rows: pd.DataFrame, *, moment: int) -> None:
    """Write the forecasts of the places, then let the back-test be seen; forget the oldest."""
    file, digest = seal(
        settings.backtests,
        ".parquet",
        lambda path: rows.to_parquet(path, index=False, compression="zstd", row_group_size=65_536),
    )
    values = {"file_name": file.name, "file_hash": digest, "finished_at": moment}
    with writing(engine) as connection:
        connection.execute(update(backtests).where(backtests.c.id == backtest_id).values(**values))
        scope = connection.execute(select(backtests.c.scope).where(backtests.c.id == backtest_id)).scalar_one()
    _forget(engine, settings, scope)


def list_backtests(engine: Engine, settings: Settings, scope: str) -> list[Backtest]:
    """Finished back-tests of a study area, newest first."""
    query = (
        select(backtests)
        .where(backtests.c.scope == scope, backtests.c.finished_at.is_not(None))
        .order_by(backtests.c.id.desc())
    )
    with reading(engine) as connection:
        return [_backtest(row, settings) for row in connection.execute(query)]


def _backtest(row: Any, settings: Settings) -> Backtest:
    return Backtest(
        row.id, row.scope, row.data_version, date_of(row.as_of), json.loads(row.settings),
        settings.backtests / row.file_name, row.file_hash, row.started_at, row.finished_at,
    )  # fmt: skip


def _forget(engine: Engine, settings: Settings, scope: str) -> None:
    old = list_backtests(engine, settings, scope)[KEPT:]
    if not old:
        return
    ids = [each.id for each in old]
    with writing(engine) as connection:
        connection.execute(delete(backtest_parts).where(backtest_parts.c.backtest_id.in_(ids)))
        connection.execute(delete(backtests).where(backtests.c.id.in_(ids)))
    for each in old:
        each.file.unlink(missing_ok=True)
