"""One back-test: blocks learnt, every layer measured, all of it kept; broken off, it goes on where it stopped."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from sqlalchemy import Engine, select

from data.backtests.blocks import Block, read_block
from data.backtests.layer_test import Tested, tested_kinds
from data.backtests.measured import measure
from data.backtests.order import BacktestOrder
from data.backtests.outcomes import Outcomes
from data.backtests.storage import Backtest, begin_backtest, finish_backtest, finished_backtest, keep_layer
from data.counting import Counting
from data.cube import TOTAL
from data.layers import layer_of
from data.locks import HeldElsewhereError, only_one
from data.settings import Settings
from data.store import reading
from data.tables import backtest_parts

Progress = Callable[[str, int, int], None]
"""Called with what is at work on, how much of it is done and how much there is."""
SHOWN_PLACES = ("city", "county", "township")
"""Layers whose forecasts are kept place by place, so that a past week can be looked at on the map."""
LEAST_EXPECTED = 0.005
"""Rows of a single type expected to have less than this in a week, and that had nothing, are not kept."""
COLUMNS = ("layer", "dispute_type", "place", "week", "expected_week", "low_90_week", "high_90_week", "week_count")


class BacktestRunningError(RuntimeError):
    """Another back-test is at work."""


class Backtesting:
    """Makes back-tests over one pool."""

    def __init__(self, engine: Engine, counting: Counting, settings: Settings) -> None:
        self._engine = engine
        self._counting = counting
        self._settings = settings

    def run(self, order: BacktestOrder, *, on_progress: Progress) -> tuple[Backtest, bool]:
        """The back-test of an order on what is published, and whether it is new.

        The same order over the same data is not computed again.

        Raises
        ------
        BacktestRunningError
            Somebody else makes one.
        PoolUnavailableError
            The pool can not be read.
        """
        try:
            with only_one(self._engine, self._settings, "backtest", wait=False):
                return self._run(order, on_progress)
        except HeldElsewhereError as error:
            raise BacktestRunningError("Another back-test is running.") from error

    def _run(self, order: BacktestOrder, on_progress: Progress) -> tuple[Backtest, bool]:
        version = self._counting.version()
        known = finished_backtest(self._engine, self._settings, order, data_version=version)
        if known is not None:
            return known, False
        backtest_id = begin_backtest(self._engine, order, data_version=version, moment=int(time.time()))
        scratch = self._scratch(order, backtest_id)
        blocks = []
        for done, (origin, until) in enumerate(order.blocks):
            on_progress(f"learn before week {origin}", done, len(order.blocks))
            blocks.append(read_block(self._counting, self._settings, order, origin=origin, until=until))
        self._measure_layers(order, backtest_id, blocks, on_progress)
        rows = pd.concat([pd.read_parquet(file) for file in sorted(scratch.glob("*.parquet"))], ignore_index=True)
        finish_backtest(self._engine, self._settings, backtest_id, rows, moment=int(time.time()))
        self._clear()
        made = finished_backtest(self._engine, self._settings, order, data_version=version)
        if made is None:
            raise RuntimeError(f"back-test {backtest_id} was kept and is not there")
        return made, True

    def _measure_layers(
        self, order: BacktestOrder, backtest_id: int, blocks: list[Block], on_progress: Progress
    ) -> None:
        done_before = self._measured_layers(backtest_id)
        outcomes = Outcomes(self._counting, self._settings, order)
        scratch = self._scratch(order, backtest_id)
        for done, name in enumerate(order.layers):
            if name in done_before:
                continue
            on_progress(f"measure {name}", done, len(order.layers))
            parts, rows = [], [pd.DataFrame(columns=list(COLUMNS))]
            for tested in tested_kinds(order, outcomes.of(layer_of(name)), blocks):
                parts.append((tested.dispute_type, tested.test.horizon, measure(tested, order.steps)))
                if tested.test.horizon == 1 and name in SHOWN_PLACES:
                    rows.append(_rows(name, tested, order))
            # Rows first: a layer that the store names is whole.
            pd.concat(rows[1:] or rows, ignore_index=True).to_parquet(scratch / f"{done}-{name}.parquet")
            keep_layer(self._engine, backtest_id, name, parts)

    def _measured_layers(self, backtest_id: int) -> set[str]:
        query = select(backtest_parts.c.layer).where(backtest_parts.c.backtest_id == backtest_id).distinct()
        with reading(self._engine) as connection:
            return set(connection.execute(query).scalars())

    def _scratch(self, order: BacktestOrder, backtest_id: int) -> Path:
        folder = self._settings.backtests / f"{order.key[:16]}-{backtest_id}"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _clear(self) -> None:
        """Remove what unfinished back-tests had learnt: only one is made at a time, and it is whole."""
        for left in self._settings.backtests.iterdir():
            if left.is_dir():
                shutil.rmtree(left)
            elif left.suffix != ".parquet":
                left.unlink()


def _rows(layer: str, tested: Tested, order: BacktestOrder) -> pd.DataFrame:
    """Place by place what was said of each tested week, by place and week."""
    test, weeks = tested.test, len(tested.test.origins)
    starts = np.array(order.steps.edges)[test.origins.start : test.origins.stop]
    table = pd.DataFrame(
        {
            "layer": layer,
            "dispute_type": tested.dispute_type,
            "place": np.repeat(tested.places, weeks),
            "week": np.tile(starts, len(tested.places)),
            "expected_week": test.model.ravel(),
            "low_90_week": tested.low.ravel().astype(np.int64),
            "high_90_week": tested.high.ravel().astype(np.int64),
            "week_count": test.observed.ravel().astype(np.int64),
        },
        columns=list(COLUMNS),
    )
    if tested.dispute_type == TOTAL:
        return table
    return table[(table["expected_week"] >= LEAST_EXPECTED) | (table["week_count"] > 0)]
