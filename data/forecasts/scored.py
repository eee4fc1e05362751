"""The table of one layer: forecast with bounds, what came beside what was said, and the score with its parts."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.stats import nbinom

from data.cube import TOTAL
from data.forecasts.calibration import MONTH, Calibration, Emergence, surprise
from data.forecasts.levels import Kind, LayerForecast
from risk.forecast.dispersion import Dispersion
from risk.forecast.forecaster import INTERVALS
from risk.score.reference import level_of
from risk.score.score import Parts, score
from risk.score.settings import ScoreSettings
from risk.score.surprise import adjusted, either

LEAST_EXPECTED = 0.02
"""Rows of a single type expected to have less than this in four weeks, and that had nothing, are not kept."""
WINDOWS = {"week": 1, "month": MONTH}

COLUMNS = (
    "layer", "dispute_type", "place", "home", "within",
    "expected_week", "low_50_week", "high_50_week", "low_90_week", "high_90_week",
    "expected_month", "low_50_month", "high_50_month", "low_90_month", "high_90_month",
    "week_count", "week_said", "month_count", "month_said",
    "surprise_p", "surprise_q", "surprising", "emerging_class", "recurrence_days",
    "burden_points", "surprise_points", "emergence_points", "score", "level",
)  # fmt: skip
"""Of a layer's table. `level` is the number of `ScoreSettings.levels`, 0 the gravest."""


def score_layer(
    layer: LayerForecast, calibration: Calibration, emergence: Mapping[str, Emergence], settings: ScoreSettings
) -> pd.DataFrame:
    """Every place and type of a layer that is of interest.

    Parameters
    ----------
    emergence
        By dispute type; a type not named has none.

    Returns
    -------
    `COLUMNS`, by type and home: all places for all types together, single types where something is expected or came.
    """
    count = len(layer.places)
    nothing = Emergence(np.zeros(count, np.int64), np.zeros(count))
    burden = np.zeros(count)
    by_home = np.argsort(layer.home, kind="stable")
    parts, tails = [], []
    for kind in layer.kinds():
        if kind.dispute_type != TOTAL:
            own = settings.weight(kind.dispute_type) * kind.ahead[MONTH]
            burden += own
        found = emergence.get(kind.dispute_type, nothing)
        p = either(
            *(surprise(kind.came[h], kind.said[h], each) for h, each in calibration.of(kind.dispute_type).items())
        )
        tails.append(p)
        kept = by_home[_is_of_interest(kind, found)[by_home]]
        table = _rows(layer, kind, kept).assign(
            surprise_p=p[kept],
            emerging_class=found.emerging_class[kept],
            recurrence_days=found.recurrence_days[kept],
            burden=(burden if kind.dispute_type == TOTAL else own)[kept],
            number=len(tails) - 1,
        )
        parts.append(_with_score(table, calibration, settings))
    return _finished(pd.concat(parts, ignore_index=True), np.stack(tails), calibration, settings)


def _is_of_interest(kind: Kind, found: Emergence) -> np.ndarray:
    if kind.dispute_type == TOTAL:
        return np.ones(len(kind.ahead[MONTH]), bool)
    return (kind.ahead[MONTH] >= LEAST_EXPECTED) | (kind.came[MONTH] > 0) | (found.emerging_class != 0)


def _rows(layer: LayerForecast, kind: Kind, kept: np.ndarray) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "layer": layer.layer.name,
            "dispute_type": kind.dispute_type,
            "position": kept,
            "place": layer.places[kept],
            "home": layer.home[kept],
            "within": layer.within[kept],
        }
    )
    for name, horizon in WINDOWS.items():
        table[f"expected_{name}"] = kind.ahead[horizon][kept]
        table[f"{name}_count"] = kind.came[horizon][kept].astype(np.int64)
        table[f"{name}_said"] = kind.said[horizon][kept]
    return table


def _with_score(table: pd.DataFrame, calibration: Calibration, settings: ScoreSettings) -> pd.DataFrame:
    parts = Parts(*(table[name].to_numpy() for name in ("burden", "surprise_p", "emerging_class", "recurrence_days")))
    scale = calibration.scales[str(table["dispute_type"].iloc[0])] if len(table) else None
    full, limits = (scale.full_burden, scale.limits) if scale else (1.0, (0.0,))
    scored = table.join(score(parts, full_burden=full, settings=settings))
    return scored.assign(level=level_of(scored["score"].to_numpy(), limits))


def _finished(
    table: pd.DataFrame, tails: np.ndarray, calibration: Calibration, settings: ScoreSettings
) -> pd.DataFrame:
    # One family over all places and types of the layer: they are looked at together, the uninteresting ones too.
    table["surprise_q"] = adjusted(tails)[table["number"], table["position"]]
    table["surprising"] = table["surprise_q"] <= settings.false_discovery
    together = (table["dispute_type"] == TOTAL).to_numpy()
    for name, horizon in WINDOWS.items():
        expected = table[f"expected_{name}"].to_numpy()
        for share, bounds in INTERVALS.items():
            for side, probability in zip(("low", "high"), bounds, strict=True):
                found = np.zeros(len(table), np.int64)
                for of_total in (False, True):
                    rows = together == of_total
                    dispersion = calibration.dispersions[of_total, horizon]
                    found[rows] = _quantiles(dispersion, expected[rows], probability)
                table[f"{side}_{share}_{name}"] = found
    return table[list(COLUMNS)]


def _quantiles(dispersion: Dispersion, expected: np.ndarray, probability: float) -> np.ndarray:
    """As `Dispersion.quantile` of means rounded to three significant digits, each distinct one once."""
    size = 10.0 ** (np.floor(np.log10(np.maximum(expected, 1e-6))) - 2)
    means, at = np.unique(np.round(expected / size) * size, return_inverse=True)
    alpha = dispersion.alpha(means)
    found = nbinom.ppf(probability, 1 / alpha, 1 / (1 + alpha * np.maximum(means, 1e-9)))
    return np.asarray(np.maximum(found, 0).astype(np.int64)[at])
