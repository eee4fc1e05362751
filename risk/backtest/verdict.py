"""What a back-test says: the model beside every baseline, whether it may be shown, and whether it drifts."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from risk.backtest.bootstrap import BLOCK, ratio_interval
from risk.backtest.measures import SHARES, poisson_deviance, ranking
from risk.backtest.rolling import BackTest

MODEL = "model"
LAST_MONTH = "mean of 4 weeks"
"""The baseline that the model must beat to be shown at all."""
DRIFT_LIMIT = 3.0
RECENT_WEEKS = 4
LEAST_LOSS = 1e-12
"""Stands for no loss at all, where it is divided by."""


def comparison(test: BackTest, beside: Mapping[str, np.ndarray] | None = None) -> pd.DataFrame:
    """The model and each simple baseline over the test.

    Parameters
    ----------
    beside
        Further forecasts to lay beside them, by name.

    Returns
    -------
    One row per `forecast` (the model first, then by deviance): `deviance`, `ratio` (the model's deviance over this
    one's) with its 95 % block-bootstrap bounds `ratio_low` and `ratio_high`, and `hit_rate_…`, `pai_…`, `pei_…` at
    1, 5 and 10 % of the places.
    """
    loss = poisson_deviance(test.observed, test.model).sum(axis=0)
    rows = []
    for name, expected in {MODEL: test.model, **test.simple, **(beside or {})}.items():
        other = poisson_deviance(test.observed, expected).sum(axis=0)
        low, high = ratio_interval(loss, other)
        row: dict[str, object] = {"forecast": name, "deviance": float(other.sum() / test.observed.size)}
        row |= {"ratio": float(loss.sum() / other.sum()), "ratio_low": low, "ratio_high": high}
        for share, found in zip(SHARES, ranking(test.observed, expected).to_dict("records"), strict=True):
            row |= {f"{measure}_{share:.0%}": found[measure] for measure in ("hit_rate", "pai", "pei")}
        rows.append(row)
    table = pd.DataFrame(rows)
    order = np.lexsort((table["deviance"], table["forecast"] != MODEL))
    return table.iloc[order].reset_index(drop=True)


def weekly(test: BackTest) -> pd.DataFrame:
    """What was said for each origin and what came, over all places: `week`, `expected_count`, `incident_count`."""
    return pd.DataFrame(
        {
            "week": list(test.origins),
            "expected_count": test.model.sum(axis=0),
            "incident_count": test.observed.sum(axis=0),
        }
    )


@dataclass(frozen=True)
class Verdict:
    """Whether the forecast may be shown.

    Parameters
    ----------
    shown
        False when it does not beat last month's counts.
    ratio, upper
        Its deviance over that of last month's counts, and the upper end of the 95 % interval; None where the weeks are
        too few for one.
    drift
        How many standard errors the bias of the last weeks lies from that of the weeks before.
    drifting
        Whether that is beyond `DRIFT_LIMIT`.
    """

    shown: bool
    ratio: float
    upper: float | None
    drift: float
    drifting: bool


def verdict(test: BackTest) -> Verdict | None:
    """The off-switch and the drift alarm over the weeks of a back-test; None where nothing came that could be judged.

    The off-switch looks at the ratio itself, not at the end of its interval.
    """
    if not test.observed.sum() > 0:
        return None
    loss = poisson_deviance(test.observed, test.model).sum(axis=0)
    month = poisson_deviance(test.observed, test.simple[LAST_MONTH]).sum(axis=0)
    ratio = float(loss.sum() / max(month.sum(), LEAST_LOSS))
    # Two blocks at least: of fewer, every draw is the same weeks again and the interval would have no width.
    upper = ratio_interval(loss, month)[1] if len(loss) >= 2 * BLOCK and (month > 0).all() else None
    moved = drift(test)
    return Verdict(shown=ratio < 1, ratio=ratio, upper=upper, drift=moved, drifting=abs(moved) > DRIFT_LIMIT)


def drift(test: BackTest, *, recent: int = RECENT_WEEKS) -> float:
    """Bias (log of seen over expected, over all places) of the last weeks against the weeks before.

    In standard errors; 0 where there are too few weeks to say. Meant for one-week forecasts: totals of several weeks
    overlap.
    """
    bias = np.log((test.observed.sum(axis=0) + 0.5) / (test.model.sum(axis=0) + 0.5))
    return standardised(bias, recent=recent)


def loss_drift(test: BackTest, *, recent: int = RECENT_WEEKS) -> float:
    """As `drift`, of the mean deviance per week: positive when the forecasts have become worse."""
    return standardised(poisson_deviance(test.observed, test.model).mean(axis=0), recent=recent)


def standardised(series: np.ndarray, *, recent: int = RECENT_WEEKS) -> float:
    """Mean of the last weeks less that of the weeks before, in standard errors; 0 where there are too few to say."""
    before, last = series[:-recent], series[-recent:]
    if len(before) < 2 * recent:
        return 0.0
    error = before.std(ddof=1) * np.sqrt(1 / recent + 1 / len(before))
    return float((last.mean() - before.mean()) / max(error, 1e-6))
