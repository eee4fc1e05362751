"""Regressions of how far a count departs from what map and season expect.

Each learns y / base with weight base under the Poisson loss, which is an exact offset log(base), so that every
regressor of scikit-learn fits in (Yan, Guszcza, Flynn & Wu 2009, on offsets in generalised linear models).
"""

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin, TransformerMixin
from sklearn.linear_model import PoissonRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

RATIO_LIMIT = 5.0
"""No regression multiplies or divides the base by more than this."""


def ridge(*, penalty: float) -> Pipeline:
    """Poisson regression on standardised features; `penalty` as scikit-learn's alpha, per unit of weight."""
    regressor = PoissonRegressor(alpha=penalty, solver="newton-cholesky", tol=1e-5, max_iter=30)
    return make_pipeline(StandardScaler(), regressor)


class Quantised(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Features as numbers of their quantile classes.

    Boosting does this itself, but with weights it looks every limit up on its own, which takes longer than the trees.

    Parameters
    ----------
    classes
        At most so many classes a feature, of about as many rows each.
    most_rows
        Limits are taken from so many rows, evenly spread.
    """

    def __init__(self, classes: int = 63, most_rows: int = 50_000) -> None:
        self.classes = classes
        self.most_rows = most_rows

    def fit(self, X: np.ndarray, y: np.ndarray | None = None) -> "Quantised":  # noqa: ARG002, N803 - scikit-learn's
        """Learn the limits; X is (rows, features)."""
        sample = X[:: max(1, len(X) // self.most_rows)]
        limits = np.quantile(sample, np.arange(1, self.classes) / self.classes, axis=0)
        self.limits_ = [np.unique(limits[:, column]) for column in range(X.shape[1])]
        return self

    def transform(self, X: np.ndarray) -> np.ndarray:  # noqa: N803
        """Number of the class of every value, shape of X."""
        out = np.empty(X.shape, np.float32)
        for column, limits in enumerate(self.limits_):
            out[:, column] = np.searchsorted(limits, X[:, column], side="right")
        return out


def boosting(*, rounds: int, seed: int = 0) -> Pipeline:
    """Shallow, strongly damped boosting: the signal is a few per cent of the noise."""
    from sklearn.ensemble import HistGradientBoostingRegressor  # loads much, and what only reads forecasts needs none

    regressor = HistGradientBoostingRegressor(
        loss="poisson",
        learning_rate=0.06,
        max_iter=rounds,
        max_leaf_nodes=12,
        min_samples_leaf=400,
        l2_regularization=50.0,
        max_bins=64,
        early_stopping=False,
        random_state=seed,
    )
    return make_pipeline(Quantised(), regressor)


class Blend(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Weighted geometric mean of a ridge and a boosted regression.

    Parameters
    ----------
    penalty
        Of the ridge.
    rounds
        Of the boosting; 0 leaves it out.
    boosted
        Weight of the boosting, 0 to 1.
    seed
        Of the boosting.
    """

    def __init__(self, penalty: float = 0.02, rounds: int = 80, boosted: float = 0.5, seed: int = 0) -> None:
        self.penalty = penalty
        self.rounds = rounds
        self.boosted = boosted
        self.seed = seed

    def fit(self, X: np.ndarray, y: np.ndarray, sample_weight: np.ndarray | None = None) -> "Blend":  # noqa: N803
        """Learn the ratio `y` (count over base) with weight base; X is (rows, features)."""
        weight = np.ones(len(y)) if sample_weight is None else sample_weight
        self.members_: list[tuple[float, BaseEstimator]] = []
        share = self.boosted if self.rounds else 0.0
        if share < 1:
            linear = ridge(penalty=self.penalty)
            linear.fit(X, y, poissonregressor__sample_weight=weight)
            self.members_.append((1 - share, linear))
        if share > 0:
            trees = boosting(rounds=self.rounds, seed=self.seed)
            with threadpool_limits(limits=1):  # small steps: waiting for a second thread costs more than it gives
                trees.fit(X, y, histgradientboostingregressor__sample_weight=weight)
            self.members_.append((share, trees))
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:  # noqa: N803
        """Expected ratio to the base, shape (rows,)."""
        total = np.zeros(len(X))
        for share, member in self.members_:
            total += share * np.log(np.maximum(member.predict(X), 1e-9))
        limit = np.log(RATIO_LIMIT)
        return np.exp(np.clip(total, -limit, limit))
