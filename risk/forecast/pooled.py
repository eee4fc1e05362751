"""The forecast of every kind at once: one regression for all kinds, learnt on their rows together.

Features are ratios of seen over expected, so that a row of a sparse kind means the same as one of a frequent kind; one
regression over all of them costs a twentieth of one for each, and the sparse kinds gain from the others.

A kind that comes once in twenty weeks says next to nothing about a place. Its forecast leans on what lies around, and
only places that were hit teach the regression: the sum of many such forecasts is too even and too high. So all kinds
together are forecast by a regression of their own, and the kinds are raked to that at every place, and to the season's
total of every kind.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from sklearn.base import BaseEstimator

from risk.forecast.coherence import rake
from risk.forecast.counts import WeeklyCounts
from risk.forecast.features import Known, Maps, PlaceFeatures
from risk.forecast.forecaster import BASELINE, LEAST_WEEKS, REGRESSION, WARM_UP_WEEKS, Rows, expected_in, rows_of
from risk.forecast.regression import Blend
from risk.forecast.surroundings import Surroundings

HORIZONS = (1, 4)
WORKERS = 2
"""Kinds worked on at a time: NumPy lets go of the interpreter, and two bound the memory."""


@dataclass(frozen=True)
class Expectation:
    """What every kind is expected to bring to every place.

    Parameters
    ----------
    coming
        By horizon in weeks: expected counts from the end of the history on, shape (kinds, places).
    said
        By horizon: what was expected at the beginning of each of the last weeks by a regression that had not seen
        them, shape (kinds, places, held weeks); of what is reported by now (`WeeklyCounts.reported`), so that it can be
        laid beside the counts.
    """

    coming: dict[int, np.ndarray]
    said: dict[int, np.ndarray]


class PooledForecaster(BaseEstimator):  # type: ignore[misc]
    """Expected counts of all kinds by one regression on map and season.

    Parameters
    ----------
    regressor
        Of count over base.
    most_rows
        The regression learns from no more rows over all kinds.
    held_back
        Last weeks that the first of two regressions does not see.
    festivals
        See `PlaceFeatures`.
    seed
        Of the drawing of rows.

    Attributes
    ----------
    method_
        `REGRESSION`, or `BASELINE` where the history is too short.
    models_
        By horizon: the regression on all weeks; None for the base alone.
    earlier_
        By horizon: the one that has not seen the last `held_back` weeks.
    totals_, earlier_totals_
        The same of all kinds together.
    held_
        How many weeks those are.
    companions_
        Kinds with features of their own, so that a feature means the same to the regression ever after.
    """

    def __init__(
        self,
        regressor: Blend | None = None,
        most_rows: int = 240_000,
        held_back: int = 26,
        festivals: bool = True,
        seed: int = 0,
    ) -> None:
        self.regressor = regressor
        self.most_rows = most_rows
        self.held_back = held_back
        self.festivals = festivals
        self.seed = seed

    def fit(self, history: WeeklyCounts, surroundings: Surroundings | None = None) -> "PooledForecaster":
        """Learn from everything in `history`; its last week is the last one that is known."""
        weeks = history.weeks
        self.held_ = held_weeks(weeks, self.held_back)
        self.method_ = REGRESSION if weeks >= LEAST_WEEKS and history.counts.any() else BASELINE
        self.companions_ = PlaceFeatures().fit(history).companions_
        self.models_: dict[int, Blend | None] = dict.fromkeys(HORIZONS)
        self.earlier_: dict[int, Blend | None] = dict.fromkeys(HORIZONS)
        self.totals_: dict[int, Blend | None] = dict.fromkeys(HORIZONS)
        self.earlier_totals_: dict[int, Blend | None] = dict.fromkeys(HORIZONS)
        if self.method_ == BASELINE:
            return self
        maps: Maps = {}
        with ThreadPoolExecutor(WORKERS) as pool:
            most = max(1, self.most_rows // len(history.kinds))
            parts = list(
                pool.map(lambda kind: self._rows(history, (kind,), surroundings, maps, most=most), history.kinds)
            )
        together = self._rows(history, history.kinds, surroundings, maps, most=max(1, self.most_rows // 4))
        for horizon in HORIZONS:
            self.models_[horizon] = self._learn([part[horizon, weeks] for part in parts])
            self.earlier_[horizon] = self._learn([part[horizon, weeks - self.held_] for part in parts])
            self.totals_[horizon] = self._learn([together[horizon, weeks]])
            self.earlier_totals_[horizon] = self._learn([together[horizon, weeks - self.held_]])
        return self

    def expect(
        self, history: WeeklyCounts, surroundings: Surroundings | None = None, *, weeks: int | None = None
    ) -> Expectation:
        """What to expect after `history`, and what was said in its last weeks.

        The places need not be those of `fit`, nor need the history end where that one ended.

        Parameters
        ----------
        weeks
            How many last weeks are asked about; as many as were held back unless told.
        """
        held = held_weeks(history.weeks, self.held_back if weeks is None else weeks)
        before, last = slice(history.weeks - held, history.weeks), slice(history.weeks, history.weeks + 1)
        asked = (_Asked(last, self.models_, self._totals()[0]), _Asked(before, self.earlier_, self._totals()[1]))
        coming, said = self._expected(history, surroundings, asked, weeks_kept=max(1, held))
        return Expectation({horizon: each[:, :, 0] for horizon, each in coming.items()}, said)

    def foretell(
        self, history: WeeklyCounts, surroundings: Surroundings | None = None, *, weeks: int
    ) -> dict[int, np.ndarray]:
        """What the model would have said at the beginning of each of the last weeks of `history`.

        By the regression that has seen everything it was fitted on: fit it on the weeks before those.

        Returns
        -------
        By horizon, shape (kinds, places, weeks): totals of the next weeks from each week's beginning on, of what is
        reported by now.
        """
        asked = _Asked(slice(history.weeks - weeks, history.weeks), self.models_, self._totals()[0])
        return self._expected(history, surroundings, (asked,), weeks_kept=weeks)[0]

    def _expected(
        self, history: WeeklyCounts, surroundings: Surroundings | None, asked: tuple["_Asked", ...], *, weeks_kept: int
    ) -> list[dict[int, np.ndarray]]:
        """What is expected of each thing asked, by horizon, shape (kinds, places, weeks)."""
        shape = history.counts.shape[:2]
        maps: Maps = {}
        found = [{horizon: np.empty((*shape, each.count)) for horizon in HORIZONS} for each in asked]
        of_kinds = [{horizon: np.empty((shape[0], each.count)) for horizon in HORIZONS} for each in asked]

        def expect_kind(number: int) -> None:
            known = self._known(history, (history.kinds[number],), surroundings, maps, weeks_kept=weeks_kept)
            for each, values, sums in zip(asked, found, of_kinds, strict=True):
                for horizon in HORIZONS:
                    values[horizon][number] = _reported_of(known, each.models[horizon], horizon, each.weeks)
                    # The map's shares sum to 1: summed up, the base is what the season expects of the whole area.
                    sums[horizon][number] = _reported_of(known, None, horizon, each.weeks).sum(axis=0)

        with ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(expect_kind, range(shape[0])))
        together = self._known(history, history.kinds, surroundings, maps, weeks_kept=weeks_kept)
        for each, values, sums in zip(asked, found, of_kinds, strict=True):
            for horizon in HORIZONS:
                total = _reported_of(together, each.totals[horizon], horizon, each.weeks)
                values[horizon] = rake(values[horizon], sums[horizon], total)
        return found

    def _totals(self) -> tuple[dict[int, Blend | None], dict[int, Blend | None]]:
        """Regressions of all kinds together; models of earlier releases have none, and go by map and season."""
        none: dict[int, Blend | None] = dict.fromkeys(HORIZONS)
        return getattr(self, "totals_", none), getattr(self, "earlier_totals_", none)

    def _rows(
        self,
        history: WeeklyCounts,
        kinds: tuple[str, ...],
        surroundings: Surroundings | None,
        maps: Maps,
        *,
        most: int,
    ) -> dict[tuple[int, int], Rows | None]:
        """Rows of one kind, or of all, by horizon and by the week that they are as of; no more than `most` each."""
        known, counts = self._known(history, kinds, surroundings, maps), history.of(kinds)
        found: dict[tuple[int, int], Rows | None] = {}
        for horizon in HORIZONS:
            for origin in (history.weeks, history.weeks - self.held_):
                long_enough = origin - horizon >= WARM_UP_WEEKS
                found[horizon, origin] = (
                    rows_of(
                        known, counts, horizon=horizon, start=WARM_UP_WEEKS, origin=origin, most=most, seed=self.seed
                    )
                    if long_enough
                    else None
                )
        return found

    def _known(
        self,
        history: WeeklyCounts,
        kinds: tuple[str, ...],
        surroundings: Surroundings | None,
        maps: Maps,
        *,
        weeks_kept: int = 130,
    ) -> Known:
        features = PlaceFeatures(kinds=kinds, horizons=HORIZONS, festivals=self.festivals, weeks_kept=weeks_kept)
        features.fit(history)
        # Models of earlier releases did not keep theirs: the most frequent kinds of today stand in for them.
        features.companions_ = getattr(self, "companions_", features.companions_)
        known: Known = features.transform(history, surroundings, maps=maps)
        return known

    def _learn(self, found: list[Rows | None]) -> Blend | None:
        parts = [part for part in found if part is not None and len(part.base)]
        if not parts:
            return None
        features, base, outcome = (
            np.concatenate([getattr(part, name) for part in parts]) for name in ("features", "base", "outcome")
        )
        model = Blend(**(self.regressor or Blend(rounds=0)).get_params())
        return model.fit(features, outcome / base, sample_weight=base)


@dataclass(frozen=True)
class _Asked:
    """Weeks from whose beginning on something is expected, and the regressions of kinds and totals that say it."""

    weeks: slice
    models: dict[int, Blend | None]
    totals: dict[int, Blend | None]

    @property
    def count(self) -> int:
        return int(self.weeks.stop - self.weeks.start)


def _reported_of(known: Known, model: Blend | None, horizon: int, weeks: slice) -> np.ndarray:
    """Expected in weeks, of what is reported of them by now; of weeks to come, the whole."""
    return expected_in(known, model, horizon=horizon, weeks=weeks) * known.reported_within(horizon, weeks)


def held_weeks(weeks: int, most: int) -> int:
    """How many last weeks are held back: at most half of what lies beyond the warm-up, at least a window."""
    return min(most, max((weeks - WARM_UP_WEEKS) // 2, max(HORIZONS)))
