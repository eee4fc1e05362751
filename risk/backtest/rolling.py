"""Rolling origins: what the model would have said, week after week, beside what simple rules would have said."""

from dataclasses import dataclass

import numpy as np

from risk.backtest.baselines import SMOOTHERS, baselines, ring_of, two_sided
from risk.backtest.measures import poisson_deviance
from risk.forecast.counts import WeeklyCounts
from risk.forecast.dispersion import Dispersion, learn_dispersion
from risk.forecast.features import Known, PlaceFeatures
from risk.forecast.forecaster import WARM_UP_WEEKS, Rows, expected_in, rows_of
from risk.forecast.memory import coming
from risk.forecast.regression import Blend, ridge
from risk.forecast.surroundings import Surroundings

TEST_WEEKS = 26
CHOICE_WEEKS = 26
PENALTIES = (0.004, 0.016, 0.064, 0.25)
BOOSTED = (0.0, 0.3, 0.6, 0.8)


@dataclass(frozen=True)
class Protocol:
    """How a back-test is run.

    Parameters
    ----------
    test_weeks
        Last weeks, forecast one after the other.
    choice_weeks
        Weeks before the test on which penalty and weight of the boosting are chosen and the dispersion is learnt.
    refit_every
        Weeks after which the regression is learnt anew; features are always as of the origin.
    rounds
        Of the boosting; 0 leaves it out.
    most_rows
        A regression learns from no more rows.
    """

    test_weeks: int = TEST_WEEKS
    choice_weeks: int = CHOICE_WEEKS
    refit_every: int = 13
    rounds: int = 80
    most_rows: int = 400_000


@dataclass(frozen=True)
class BackTest:
    """Forecasts of the test weeks and what came; all arrays of shape (places, origins).

    Parameters
    ----------
    horizon
        Weeks summed from each origin on.
    origins
        Weeks at whose beginning the forecasts were made.
    model
        Expected counts by the model.
    simple
        Expected counts by each simple baseline.
    settings
        What was chosen on the weeks before the test.
    """

    horizon: int
    origins: range
    observed: np.ndarray
    model: np.ndarray
    simple: dict[str, np.ndarray]
    dispersion: Dispersion
    settings: Blend

    def best_simple(self) -> str:
        """The baseline with the least deviance, picked on the test itself: a favour to the baselines."""
        return min(self.simple, key=lambda name: self.deviance(self.simple[name]))

    def deviance(self, expected: np.ndarray) -> float:
        """Mean Poisson deviance of forecasts of the test."""
        return float(poisson_deviance(self.observed, expected).mean())


def back_test(
    history: WeeklyCounts,
    surroundings: Surroundings,
    *,
    features: PlaceFeatures,
    protocol: Protocol | None = None,
) -> dict[int, BackTest]:
    """Test the forecast on the last weeks of a history.

    Parameters
    ----------
    history
        Counts of the places known before the test began: places first hit in the test reward the wrong things.
    features
        What is known before each week; its horizons are tested.

    Returns
    -------
    By horizon.

    Raises
    ------
    ValueError
        The history is too short for the protocol.
    """
    protocol = protocol or Protocol()
    start = history.weeks - protocol.test_weeks
    if start - protocol.choice_weeks < WARM_UP_WEEKS // 2 + max(features.horizons):
        raise ValueError(f"expected more weeks for this protocol, found {history.weeks}")
    features = features.fit(history.before(start))
    known = features.transform(history, surroundings)
    counts = history.of(features.kinds or history.kinds)
    found = {}
    for horizon in features.horizons:
        simple = baselines(counts, ring_of(counts, surroundings), horizon=horizon)
        settings, dispersion = choose(known, counts, horizon=horizon, start=start, protocol=protocol)
        origins = range(start, history.weeks - horizon + 1)
        found[horizon] = BackTest(
            horizon=horizon,
            origins=origins,
            observed=coming(counts, horizon)[:, origins.start : origins.stop],
            model=_roll(known, counts, horizon, origins, settings, protocol),
            simple={name: each[:, origins.start : origins.stop] for name, each in simple.items()},
            dispersion=dispersion,
            settings=settings,
        )
    return found


def _learning_rows(known: Known, counts: np.ndarray, horizon: int, origin: int, most: int) -> Rows:
    start = min(WARM_UP_WEEKS, max(origin - horizon - 12, 1))
    return rows_of(known, counts, horizon=horizon, start=start, origin=origin, most=most, seed=0)


def _roll(
    known: Known, counts: np.ndarray, horizon: int, origins: range, settings: Blend, protocol: Protocol
) -> np.ndarray:
    parts = []
    for origin in range(origins.start, origins.stop, protocol.refit_every):
        rows = _learning_rows(known, counts, horizon, origin, protocol.most_rows)
        model = Blend(**settings.get_params())
        model.fit(rows.features, rows.outcome / rows.base, sample_weight=rows.base)
        weeks = slice(origin, min(origin + protocol.refit_every, origins.stop))
        parts.append(expected_in(known, model, horizon=horizon, weeks=weeks))
    return np.concatenate(parts, axis=1)


def choose(
    known: Known, counts: np.ndarray, *, horizon: int, start: int, protocol: Protocol
) -> tuple[Blend, Dispersion]:
    """Settings that did best on the weeks before `start`, learnt on the weeks before those; and their dispersion."""
    first = start - protocol.choice_weeks
    weeks = slice(first, start - horizon + 1)
    columns = slice(weeks.start - known.first_week, weeks.stop - known.first_week)
    scored = np.repeat(known.seen[:, columns][:, :1], weeks.stop - weeks.start, axis=1)
    observed = coming(counts[:, :start], horizon)[:, weeks][scored]
    base = known.base[horizon][:, columns][scored]
    features = known.values[:, columns][scored]
    rows = _learning_rows(known, counts, horizon, first, protocol.most_rows)
    target = rows.outcome / rows.base
    boosted = None
    if protocol.rounds:
        boosted = Blend(rounds=protocol.rounds, boosted=1.0).fit(rows.features, target, sample_weight=rows.base)
    ahead = None if boosted is None else np.log(boosted.predict(features))
    best: tuple[float, Blend, np.ndarray] | None = None
    for penalty in PENALTIES:
        linear = ridge(penalty=penalty).fit(rows.features, target, poissonregressor__sample_weight=rows.base)
        alone = np.log(linear.predict(features))
        for weight in BOOSTED if ahead is not None else (0.0,):
            expected = base * np.exp(alone if ahead is None else (1 - weight) * alone + weight * ahead)
            loss = float(poisson_deviance(observed, expected).mean())
            if best is None or loss < best[0]:
                best = loss, Blend(penalty=penalty, rounds=protocol.rounds, boosted=weight), expected
    assert best is not None  # noqa: S101 - PENALTIES is not empty
    return best[1], learn_dispersion(observed, best[2])


def peeking(counts: np.ndarray, test: BackTest) -> float:
    """Least deviance of the two-sided smoother over its half-lives on one-week forecasts of the test."""
    return test.deviance(best_peek(counts, test))


def best_peek(counts: np.ndarray, test: BackTest) -> np.ndarray:
    """What the two-sided smoother says of the test with the half-life that does best on it, shape (places, origins)."""
    weeks = slice(test.origins.start, test.origins.stop)
    return min((two_sided(counts, half_life=each)[:, weeks] for each in SMOOTHERS), key=test.deviance)
