"""The forecast of one kind (or of several together): next week's count and the total of the next four."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator

from risk.forecast.counts import WeeklyCounts
from risk.forecast.dispersion import Dispersion, learn_dispersion
from risk.forecast.features import Known, PlaceFeatures
from risk.forecast.memory import coming
from risk.forecast.regression import Blend
from risk.forecast.surroundings import Surroundings

HORIZONS = (1, 4)
WARM_UP_WEEKS = 26
"""The first weeks teach nothing: the map is not settled yet."""
LEAST_WEEKS = WARM_UP_WEEKS + 8
"""Shorter histories fall back to the base."""
REGRESSION = "regression on map and season"
BASELINE = "map and season"
UNLEARNT = Dispersion((-1.0, 0.0, 0.0), 0.0, 0.0)
"""Wide intervals where there is nothing to learn them from."""
LEAST_SHARE = 0.01
"""Keeps the base positive where nothing is reported yet."""
INTERVALS = {"50": (0.25, 0.75), "90": (0.05, 0.95)}


@dataclass(frozen=True)
class Rows:
    """What a regression learns from: (places x weeks) rows with a known outcome."""

    features: np.ndarray
    base: np.ndarray
    outcome: np.ndarray


def rows_of(known: Known, counts: np.ndarray, *, horizon: int, start: int, origin: int, most: int, seed: int) -> Rows:
    """Rows whose outcome was complete before week `origin`, of places that had been seen by then.

    A place enters the record with its first incident; weeks before that are no evidence that it was quiet.

    Parameters
    ----------
    counts
        Shape (places, weeks); only weeks before `origin` are read.
    start
        First week whose rows are used.
    most
        No more rows than this, drawn evenly with `seed`.
    """
    begin = max(start, known.first_week)
    columns = slice(begin - known.first_week, origin - horizon + 1 - known.first_week)
    outcome = coming(counts[:, :origin], horizon)[:, begin : origin - horizon + 1]
    reported = known.reported_within(horizon, slice(begin, origin - horizon + 1))
    place, week = np.nonzero(known.seen[:, columns])
    if len(place) > most:
        drawn = np.sort(np.random.default_rng(seed).choice(len(place), most, replace=False))
        place, week = place[drawn], week[drawn]
    features = known.values[:, columns][place, week]
    # Of the last weeks only a part is reported yet: the base is what was due of that part.
    base = known.base[horizon][:, columns][place, week] * np.maximum(reported[week], LEAST_SHARE)
    return Rows(features, base, outcome[place, week])


def expected_in(known: Known, model: Blend | None, *, horizon: int, weeks: slice) -> np.ndarray:
    """Expected counts of all places from the origins `weeks`, shape (places, weeks); the base where no model is."""
    columns = slice(weeks.start - known.first_week, weeks.stop - known.first_week)
    base = known.base[horizon][:, columns]
    if model is None:
        return base
    features = known.values[:, columns]
    return base * model.predict(features.reshape(-1, features.shape[-1])).reshape(base.shape)


class CountForecaster(BaseEstimator):  # type: ignore[misc]
    """Counts of the coming weeks with intervals, for every place, by history alone.

    Parameters
    ----------
    features
        What is known before a week.
    regressors
        By horizon in weeks: the regression of count over base.
    most_rows
        A regression learns from no more rows.
    held_back
        Last weeks that the dispersion is learnt from, forecast without having been seen.
    seed
        Of the drawing of rows.

    Attributes
    ----------
    method_
        `REGRESSION`, or `BASELINE` where the history is too short.
    models_, dispersions_
        By horizon.
    """

    def __init__(
        self,
        features: PlaceFeatures | None = None,
        regressors: dict[int, Blend] | None = None,
        most_rows: int = 400_000,
        held_back: int = 26,
        seed: int = 0,
    ) -> None:
        self.features = features
        self.regressors = regressors
        self.most_rows = most_rows
        self.held_back = held_back
        self.seed = seed

    def fit(self, history: WeeklyCounts, surroundings: Surroundings | None = None) -> "CountForecaster":
        """Learn from everything in `history`; its last week is the last one that is known."""
        self.features_ = (self.features or PlaceFeatures()).fit(history)
        known = self.features_.transform(history, surroundings)
        counts = history.of(self.features_.kinds or history.kinds)
        return self.fit_known(known, counts, origin=history.weeks)

    def fit_known(self, known: Known, counts: np.ndarray, *, origin: int) -> "CountForecaster":
        """Learn from features already laid out, as of week `origin`; later columns are not read."""
        long_enough = origin >= LEAST_WEEKS and counts[:, :origin].any()
        self.method_ = REGRESSION if long_enough else BASELINE
        self.models_: dict[int, Blend | None] = {}
        self.dispersions_: dict[int, Dispersion] = {}
        for horizon in known.base:
            held = min(self.held_back, max((origin - WARM_UP_WEEKS) // 2, 1))
            self.dispersions_[horizon] = self._dispersion(known, counts, horizon, origin - held, origin)
            self.models_[horizon] = self._model(known, counts, horizon, origin)
        return self

    def predict(self, history: WeeklyCounts, surroundings: Surroundings | None = None) -> pd.DataFrame:
        """Forecast of the weeks after the last one of `history`; its places need not be those of `fit`.

        Returns
        -------
        One row per place and horizon: `place`, `horizon` (weeks), `expected_count`, `dispersion` and the bounds
        `low_50`, `high_50`, `low_90`, `high_90`, whole counts that hold at least that share.
        """
        known = self.features_.transform(history, surroundings)
        parts = []
        for horizon, model in self.models_.items():
            last = slice(history.weeks, history.weeks + 1)
            expected = expected_in(known, model, horizon=horizon, weeks=last)[:, 0]
            parts.append(self.with_intervals(history.places, expected, horizon))
        return pd.concat(parts, ignore_index=True)

    def with_intervals(self, places: np.ndarray, expected: np.ndarray, horizon: int) -> pd.DataFrame:
        """Rows of `predict` for given expected counts of one horizon."""
        dispersion = self.dispersions_[horizon]
        table = pd.DataFrame({"place": places, "horizon": horizon, "expected_count": expected})
        table["dispersion"] = dispersion.alpha(expected)
        for share, (low, high) in INTERVALS.items():
            table[f"low_{share}"] = dispersion.quantile(expected, low).astype(np.int64)
            table[f"high_{share}"] = dispersion.quantile(expected, high).astype(np.int64)
        return table

    def _model(self, known: Known, counts: np.ndarray, horizon: int, origin: int) -> Blend | None:
        if self.method_ == BASELINE or origin - horizon < WARM_UP_WEEKS:
            return None
        rows = rows_of(
            known, counts, horizon=horizon, start=WARM_UP_WEEKS, origin=origin, most=self.most_rows, seed=self.seed
        )
        regressor = (self.regressors or {}).get(horizon) or Blend()
        model = Blend(**regressor.get_params())
        return model.fit(rows.features, rows.outcome / rows.base, sample_weight=rows.base) if len(rows.base) else None

    def _dispersion(self, known: Known, counts: np.ndarray, horizon: int, start: int, origin: int) -> Dispersion:
        """Dispersion of what came around what a model without those weeks said."""
        last = origin - horizon + 1
        start = max(min(start, last - 1), known.first_week)
        seen = known.seen[:, start - known.first_week : max(last, start) - known.first_week]
        if not seen.any():
            return UNLEARNT
        model = self._model(known, counts, horizon, start)
        reported = known.reported_within(horizon, slice(start, last))
        expected = expected_in(known, model, horizon=horizon, weeks=slice(start, last)) * reported
        outcome = coming(counts[:, :origin], horizon)[:, start:last]
        return learn_dispersion(outcome[seen], expected[seen])
