"""What was known about every place before every week.

Every feature is the logarithm of seen over expected, so that zero means "nothing new" and a place without history
is treated like any other. Column t of everything here depends on the weeks before t only; `risk.backtest.leak` proves
it by replacing the weeks from t on by noise.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from sklearn.base import BaseEstimator, TransformerMixin

from risk.forecast import season
from risk.forecast.counts import WeeklyCounts
from risk.forecast.memory import between, coming, decayed, so_far
from risk.forecast.shares import filtered_share, gamma_share, informed_prior, prior_share
from risk.forecast.surroundings import Surroundings

OWN_WEEKS = (1, 2, 4, 8, 13, 26)
AROUND_WEEKS = (1, 4, 13)
LAST_YEAR = (49, 55)
"""The weeks around the same week of last year."""
FILTERS = {"steady": (2.0, 0.1, 0.98), "filter": (2.0, 0.2, 0.95), "nervous": (2.0, 0.35, 0.9)}
"""Level, deviation and persistence of the state-space filters a forecast chooses between."""
MOST_KINDS = 4
"""Only the most frequent other kinds have features of their own."""

Maps = dict[tuple[str, ...], np.ndarray]
"""Shares of the places by the kinds that are counted together, of one history."""


@dataclass(frozen=True)
class Known:
    """Features of every place before every week.

    Parameters
    ----------
    names
        Names of the features.
    first_week
        Week of the first column of the arrays; the last column is the week to come.
    values
        Shape (places, columns, features), float32.
    base
        By horizon: expected count of the next weeks by map x area's total alone, shape (places, columns).
    seen
        Whether the place had any incident before the week, shape (places, columns).
    reported
        Share of each week's incidents that is in the counts yet, shape (weeks,).
    """

    names: tuple[str, ...]
    first_week: int
    values: np.ndarray
    base: dict[int, np.ndarray]
    seen: np.ndarray
    reported: np.ndarray

    def reported_within(self, horizon: int, weeks: slice) -> np.ndarray:
        """Share of the next `horizon` weeks' incidents from each week on that is in the counts yet.

        1 where those weeks are not over: nobody compares them with anything.
        """
        return np.nan_to_num(coming(self.reported[None], horizon)[0, weeks] / horizon, nan=1.0)


class PlaceFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Turns weekly counts into features; learns only which kinds are frequent.

    Parameters
    ----------
    kinds
        Kinds whose total is forecast; None for all.
    horizons
        Lengths in weeks of the totals that are forecast.
    half_life
        Weeks, of the gamma-Poisson map.
    shape
        Incidents that the map's prior is worth.
    festivals
        Whether weeks around holidays have coefficients of their own.
    weeks_kept
        Features are kept for so many last weeks; the counts before them still enter the memory.
    """

    def __init__(
        self,
        kinds: tuple[str, ...] | None = None,
        horizons: tuple[int, ...] = (1, 4),
        half_life: float = 52.0,
        shape: float = 1.0,
        festivals: bool = True,
        weeks_kept: int = 130,
    ) -> None:
        self.kinds = kinds
        self.horizons = horizons
        self.half_life = half_life
        self.shape = shape
        self.festivals = festivals
        self.weeks_kept = weeks_kept

    def fit(self, history: WeeklyCounts, y: None = None) -> "PlaceFeatures":  # noqa: ARG002 - scikit-learn's signature
        """Learn which kinds are frequent enough to have features of their own."""
        order = np.argsort(-history.counts.sum(axis=(1, 2)), kind="stable")
        frequent = sorted(order[:MOST_KINDS].tolist())
        self.companions_ = tuple(history.kinds[each] for each in frequent) if len(history.kinds) > 1 else ()
        return self

    def transform(
        self, history: WeeklyCounts, surroundings: Surroundings | None = None, *, maps: Maps | None = None
    ) -> Known:
        """Features of every place before every week of `history` and before the week after it.

        Parameters
        ----------
        maps
            Maps of the very same history and surroundings that are known already; those made here are added.
        """
        self._maps: Maps = {} if maps is None else maps
        around = surroundings or Surroundings((), ())
        counts = history.of(self.kinds or history.kinds)
        share = self._map(history, self.kinds or history.kinds, around)
        totals = self._totals(self.kinds or history.kinds, history)
        base = {horizon: share * totals[horizon] for horizon in self.horizons}
        first = max(0, history.weeks - self.weeks_kept)
        table = _Table(counts, share, first)
        table.add_own(base[self.horizons[0]])
        table.add_filters()
        for number, ring in enumerate(around.rings, 1):
            table.add_around(f"ring {number}", ring, 1.0)
        for number, region in enumerate(around.regions, 1):
            table.add_around(f"region {number}", region, 5.0)
        self._add_kinds(table, history, around)
        values = np.stack(table.columns, axis=-1)
        base = {horizon: each[:, first:] for horizon, each in base.items()}
        reported = history.reported_of(self.kinds or history.kinds)
        return Known(tuple(table.names), first, values, base, so_far(counts)[:, first:] > 0, reported)

    def _map(self, history: WeeklyCounts, kinds: tuple[str, ...], around: Surroundings) -> np.ndarray:
        """Share of each place of the kinds together, with the other kinds as prior where there are any."""
        if kinds not in self._maps:
            self._maps[kinds] = self._new_map(history, kinds, around)
        return self._maps[kinds]

    def _new_map(self, history: WeeklyCounts, kinds: tuple[str, ...], around: Surroundings) -> np.ndarray:
        counts = history.of(kinds)
        share = self._plain_map(counts, around)
        if len(kinds) == len(history.kinds):
            return share
        others = self._plain_map(history.counts.sum(axis=0) - counts, around)
        prior = informed_prior(share, others, around.rings)
        return gamma_share(counts, prior, half_life=self.half_life, shape=2 * self.shape)

    def _plain_map(self, counts: np.ndarray, around: Surroundings) -> np.ndarray:
        prior = prior_share(counts, around.rings[-1] if around.rings else None)
        return gamma_share(counts, prior, half_life=self.half_life, shape=self.shape)

    def _add_kinds(self, table: "_Table", history: WeeklyCounts, around: Surroundings) -> None:
        """Other kinds at the same place: they say much where the kind itself is sparse."""
        chosen = self.kinds or history.kinds
        if len(chosen) < len(history.kinds):
            self._add_informed(table, history, around)
            share = self._map(history, history.kinds, around)
            table.add_kind("all kinds", history.counts.sum(axis=0), share, AROUND_WEEKS)
        mixed, left = np.zeros_like(table.share), set(chosen)
        for kind in self.companions_:
            counts = history.of((kind,))
            share = self._map(history, (kind,), around)
            table.add_kind(kind, counts, share, AROUND_WEEKS[1:])
            if kind in chosen and len(chosen) > 1:
                mixed += share * self._totals((kind,), history)[1]
                left.discard(kind)
        if len(chosen) == 1 or len(left) == len(chosen):
            return
        if left:
            rest = tuple(sorted(left))
            mixed += self._map(history, rest, around) * self._totals(rest, history)[1]
        table.add("kind by kind", np.log(np.maximum(mixed, 1e-9) / (table.share * mixed.sum(axis=0))))

    def _add_informed(self, table: "_Table", history: WeeklyCounts, around: Surroundings) -> None:
        """Maps that lean more on the other kinds and on all of the past than the base does."""
        others = self._plain_map(history.counts.sum(axis=0) - table.counts, around)
        prior = informed_prior(table.share, others, around.rings)
        table.add("prior", np.log(prior / table.share) / 2)
        share = gamma_share(table.counts, prior, half_life=1e6, shape=6 * self.shape)
        table.add("map leaning on others", np.log(share / table.share))

    def _totals(self, kinds: tuple[str, ...], history: WeeklyCounts) -> dict[int, np.ndarray]:
        return season.expected_totals(
            history.of(kinds).sum(axis=0),
            first_day=history.first_day,
            horizons=(1, *self.horizons),
            festivals=self.festivals,
            reported=history.reported_of(kinds),
        )


def _clean(values: np.ndarray) -> np.ndarray:
    return np.clip(values, -5.0, 5.0).astype(np.float32)


class _Table:
    """Columns of features while they are gathered."""

    def __init__(self, counts: np.ndarray, share: np.ndarray, first_week: int) -> None:
        self.counts, self.share, self.first_week = counts, share, first_week
        self.expected = share[:, :-1] * counts.sum(axis=0)
        self.names: list[str] = []
        self.columns: list[np.ndarray] = []

    def add(self, name: str, values: np.ndarray) -> None:
        self.names.append(name)
        self.columns.append(_clean(values[:, self.first_week :]))

    def add_ratios(self, name: str, seen: np.ndarray, expected: np.ndarray, weeks: tuple[int, ...]) -> None:
        for half_life in weeks:
            over = (decayed(seen, half_life) + 1.0) / (decayed(expected, half_life) + 1.0)
            self.add(f"{name}, {half_life} weeks", np.log(over))

    def add_own(self, base: np.ndarray) -> None:
        self.add_ratios("own", self.counts, self.expected, OWN_WEEKS)
        last_year = (between(self.counts, *LAST_YEAR) + 1.0) / (between(self.expected, *LAST_YEAR) + 1.0)
        self.add("own, last year", np.log(last_year))
        log_base = np.log(np.maximum(base, 1e-9))
        self.add("base", np.maximum(log_base, -10) / 2)
        self.add("base squared", log_base**2 / 8)
        self.add("so far", np.log1p(so_far(self.counts)) / 2)
        age = np.cumsum(so_far(self.counts) > 0, axis=1)
        self.add("weeks since first seen", np.log1p(age) / 2)
        equal = np.full_like(self.share, 1.0 / len(self.share))
        self.add("map, 13 weeks", np.log(gamma_share(self.counts, equal, half_life=13, shape=1.0) / self.share))
        self.add("map, all", np.log(gamma_share(self.counts, equal, half_life=1e6, shape=0.5) / self.share))

    def add_filters(self) -> None:
        for name, (level, deviation, persistence) in FILTERS.items():
            share = filtered_share(self.counts, level=level, deviation=deviation, persistence=persistence)
            self.add(name, np.log(share / self.share))

    def add_around(self, name: str, matrix: csr_array, pseudo: float) -> None:
        """Ring (square matrix) or region: its seen over expected, given to each of its places."""
        back = matrix.T if matrix.shape[0] != matrix.shape[1] else None
        seen, expected = matrix @ self.counts, matrix @ self.expected
        for half_life in AROUND_WEEKS:
            values = np.log((decayed(seen, half_life) + pseudo) / (decayed(expected, half_life) + pseudo))
            self.add(f"{name}, {half_life} weeks", values if back is None else back @ values)
        if back is None:
            self.add(f"{name}, level", np.log((matrix @ self.share + 1e-5) / (self.share + 1e-5)) / 2)
        else:
            last_year = (between(seen, *LAST_YEAR) + pseudo) / (between(expected, *LAST_YEAR) + pseudo)
            self.add(f"{name}, last year", back @ np.log(last_year))
            share = filtered_share(seen, level=2.0, deviation=0.1, persistence=0.96)
            self.add(f"{name}, filter", back @ np.log(share / (matrix @ self.share)))

    def add_kind(self, name: str, counts: np.ndarray, share: np.ndarray, weeks: tuple[int, ...]) -> None:
        self.add(f"{name}, share", np.log(share / self.share))
        self.add_ratios(name, counts, share[:, :-1] * counts.sum(axis=0), weeks)
