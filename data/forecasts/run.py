"""One run: history counted, regression learnt or found again, every layer scored, all of it kept."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Engine

from data.counting import Counting
from data.filter import day_number
from data.forecasts.calibration import Calibration, calibrate
from data.forecasts.card import model_card
from data.forecasts.emergence import Emerging
from data.forecasts.history import History, read_history
from data.forecasts.levels import LayerForecast, layer_forecast
from data.forecasts.models import StoredModel, keep_model, load_model, model_in_use
from data.forecasts.order import ForecastOrder
from data.forecasts.scored import score_layer
from data.forecasts.storage import ForecastRun, finished_run, keep_run
from data.forecasts.units import Units
from data.layers import layer_of
from data.settings import Settings
from risk.forecast.pooled import HORIZONS, Expectation, PooledForecaster

Progress = Callable[[str, int, int], None]
"""Called with what is at work on, how much of it is done and how much there is."""


@dataclass(frozen=True)
class Model:
    """A model in use: as it is stored, and read back."""

    stored: StoredModel
    forecaster: PooledForecaster


class Forecasting:
    """Makes forecast runs over one pool. Only under the lock of assessments."""

    def __init__(self, engine: Engine, counting: Counting, settings: Settings) -> None:
        self._engine = engine
        self._counting = counting
        self._settings = settings

    def run(self, order: ForecastOrder, *, assessment_run_id: int, on_progress: Progress) -> tuple[ForecastRun, bool]:
        """The run of an order on what is published, and whether it is new.

        The same order over the same data and hotspots is not computed again.

        Raises
        ------
        DamagedModelError
            The model in use can not be read.
        PoolUnavailableError
            The pool can not be read.
        """
        version = self._counting.version()
        known = finished_run(self._engine, self._settings, order.key(assessment_run_id), data_version=version)
        if known is not None:
            return known, False
        on_progress("history", 0, 1)
        history = read_history(self._counting, self._settings, order)
        emerging = Emerging(self._engine, assessment_run_id)
        on_progress("forecast", 0, 1)
        model = self._young_model(order)
        if model is None:
            model, expectation = self._learn(order, history, emerging, version, on_progress)
        else:
            # Only the last windows are looked at: the weeks held back were, when the model was learnt.
            expectation = model.forecaster.expect(history.weekly, history.surroundings, weeks=max(HORIZONS))
        parts = []
        for done, layer in enumerate(_layers(order, history.units, expectation)):
            on_progress(f"score {layer.layer.name}", done, len(order.layers))
            calibration = model.stored.calibration[layer.layer.name]
            parts.append(score_layer(layer, calibration, emerging.of(layer), order.score))
        run = keep_run(
            self._engine,
            self._settings,
            order,
            pd.concat(parts, ignore_index=True),
            assessment_run_id=assessment_run_id,
            model_id=model.stored.id,
            data_version=version,
            card=model_card(order, model.stored, model.forecaster, history.weekly),
            moment=int(time.time()),
        )
        return run, True

    def _young_model(self, order: ForecastOrder) -> Model | None:
        """The model in use, unless it is too old or does not know all layers that are asked for."""
        stored = model_in_use(self._engine, self._settings, order.scope)
        if stored is None or not set(order.layers) <= set(stored.calibration):
            return None
        if not 0 <= day_number(order.as_of) - stored.as_of < order.refit_days:
            return None
        return Model(stored, load_model(stored))

    def _learn(
        self, order: ForecastOrder, history: History, emerging: Emerging, version: int, on_progress: Progress
    ) -> tuple[Model, Expectation]:
        """A new model with its scales, kept."""
        forecaster = PooledForecaster(seed=order.seed).fit(history.weekly, history.surroundings)
        expectation = forecaster.expect(history.weekly, history.surroundings)
        calibration: dict[str, Calibration] = {}
        for done, layer in enumerate(_layers(order, history.units, expectation)):
            on_progress(f"calibrate {layer.layer.name}", done, len(order.layers))
            calibration[layer.layer.name] = calibrate(layer, emerging.of(layer), order.score, seed=order.seed)
        stored = keep_model(
            self._engine,
            self._settings,
            forecaster,
            order,
            calibration,
            data_version=version,
            moment=int(time.time()),
        )
        return Model(stored, forecaster), expectation


def _layers(order: ForecastOrder, units: Units, expectation: Expectation) -> list[LayerForecast]:
    return [layer_forecast(layer_of(name), units, expectation) for name in order.layers]
