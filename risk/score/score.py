"""The parts put together."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from risk.score.reference import burden_points, recurrence_points, surprise_points
from risk.score.settings import ScoreSettings


@dataclass(frozen=True)
class Parts:
    """What a score is made of; arrays of one shape.

    Parameters
    ----------
    burden
        Expected incidents of the next four weeks x severity.
    surprise
        Tail probability of the last windows.
    emerging_class
        Values of `risk.emerging.EmergingClass`.
    recurrence_days
        Of the scan cluster that holds the place, 0 without one.
    """

    burden: np.ndarray
    surprise: np.ndarray
    emerging_class: np.ndarray
    recurrence_days: np.ndarray


def emergence_points(parts: Parts, settings: ScoreSettings) -> np.ndarray:
    """0 to 1: the class or the cluster, whichever says more."""
    points = pd.Series(parts.emerging_class.ravel()).map(dict(settings.class_points)).fillna(0.0).to_numpy()
    return np.maximum(points.reshape(parts.emerging_class.shape), recurrence_points(parts.recurrence_days))


def score(parts: Parts, *, full_burden: float, settings: ScoreSettings) -> pd.DataFrame:
    """Scores of places.

    Returns
    -------
    `burden_points`, `surprise_points`, `emergence_points` (0-100 each) and `score`, their weighted sum (0-100), in
    the order of the (flattened) parts.
    """
    found = {
        "burden": burden_points(parts.burden, full_burden),
        "surprise": surprise_points(parts.surprise),
        "emergence": emergence_points(parts, settings),
    }
    table = pd.DataFrame({f"{name}_points": 100 * points.ravel() for name, points in found.items()})
    table["score"] = sum(settings.parts[name] * table[f"{name}_points"] for name in found)
    return table
