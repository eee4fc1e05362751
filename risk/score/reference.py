"""The scale of the score, fixed for a run from a reference year."""

from dataclasses import asdict, dataclass

import numpy as np

from risk.score.settings import ScoreSettings

FULL_BURDEN = 0.999
"""Quantile of the reference year's burdens that is full marks."""
FULL_SURPRISE = 6.0
"""A surprise of one in 10 to this is full marks."""
FULL_RECURRENCE = 3650.0
"""Days between two clusters by chance that are full marks: ten years; nothing below a hundredth of it counts."""


@dataclass(frozen=True)
class Scale:
    """Of one layer and one dispute type (or all of them).

    Parameters
    ----------
    full_burden
        Burden (severity x incidents of four weeks) that has full marks.
    limits
        Least score of each level, gravest first; the last is 0.
    """

    full_burden: float
    limits: tuple[float, ...]

    def text(self) -> dict[str, object]:
        """As JSON would hold it."""
        return asdict(self)


def full_burden(year: np.ndarray) -> float:
    """Burden with full marks.

    Parameters
    ----------
    year
        Burdens of every place in windows of four weeks over the reference year, any shape.
    """
    found = year[year > 0]
    return float(max(1.0, np.quantile(found, FULL_BURDEN))) if found.size else 1.0


def burden_points(burden: np.ndarray, full: float) -> np.ndarray:
    """0 to 1; logarithmic, for a place with twice the burden is not twice as grave."""
    return np.minimum(1.0, np.log1p(np.maximum(burden, 0)) / np.log1p(full))


def surprise_points(p: np.ndarray) -> np.ndarray:
    """0 to 1 on the logarithm of the tail probability."""
    return np.minimum(1.0, -np.log10(np.maximum(p, 1e-300)) / FULL_SURPRISE)


def recurrence_points(days: np.ndarray) -> np.ndarray:
    """0 to 1 on the logarithm of a cluster's recurrence interval in days; 0 where there is none."""
    least = FULL_RECURRENCE / 100
    return np.clip(np.log10(np.maximum(days, 1e-9) / least) / 2, 0.0, 1.0)


def limits_of(scores: np.ndarray, settings: ScoreSettings) -> tuple[float, ...]:
    """Least score of each level, gravest first, so that its share of the reference scores reaches it.

    Limits are rounded up to whole points, are at least the level's own least score, rise strictly towards the gravest,
    and the last is 0.
    """
    limits = [0.0]
    for level in reversed(settings.levels[:-1]):
        at = float(np.ceil(np.quantile(scores, 1 - level.share))) if scores.size else 0.0
        limits.append(min(100.0, max(at, level.least, limits[-1] + 1)))
    return tuple(reversed(limits))


def level_of(scores: np.ndarray, limits: tuple[float, ...]) -> np.ndarray:
    """Number of the level of each score, 0 the gravest."""
    rising = np.array(limits[::-1])
    return len(limits) - np.searchsorted(rising, scores, side="right")
