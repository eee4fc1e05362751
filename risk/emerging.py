"""Seventeen emerging classes: exactly one per place, from its hot and cold steps and its trend."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

import numpy as np
import pandas as pd

from geo.neighbours import Neighbours
from risk.emerging_reason import reasons
from risk.local_statistic import Moments, local_statistic, significant
from risk.permutation import permutation_p
from risk.trend import trend

Sporadic = Literal["current", "older"]


class EmergingClass(IntEnum):
    """What became of a place; negative numbers are the cold mirror images."""

    NO_PATTERN = 0
    NEW_HOT = 1
    CONSECUTIVE_HOT = 2
    INTENSIFYING_HOT = 3
    PERSISTENT_HOT = 4
    DIMINISHING_HOT = 5
    SPORADIC_HOT = 6
    OSCILLATING_HOT = 7
    HISTORICAL_HOT = 8
    NEW_COLD = -1
    CONSECUTIVE_COLD = -2
    INTENSIFYING_COLD = -3
    PERSISTENT_COLD = -4
    DIMINISHING_COLD = -5
    SPORADIC_COLD = -6
    OSCILLATING_COLD = -7
    HISTORICAL_COLD = -8


_KINDS = ("新增", "连续", "加剧", "持续", "减弱", "零星", "振荡", "历史")
CLASS_NAMES: dict[EmergingClass, str] = {
    kind: (_KINDS[abs(kind) - 1] + ("热点" if kind > 0 else "冷点")) if kind else "无明显模式" for kind in EmergingClass
}

COLUMNS = (
    "place",
    "emerging_class",
    "class_name",
    "hot_steps",
    "cold_steps",
    "first_hot",
    "last_run",
    "last_z",
    "trend_z",
    "trend_p",
    "incident_count",
    "last_count",
    "reason",
)


@dataclass(frozen=True)
class EmergingSettings:
    """How the classes are found; stored with every run.

    Parameters
    ----------
    look_back, moments
        Of the local statistic.
    alpha
        False-discovery rate over the cube.
    trend_alpha
        Level of the Mann-Kendall test.
    sporadic
        "current": a sporadic place is hot in the last step; "older": it may have ended not hot.
    permutations
        0: normal approximation; otherwise the number of draws behind each p-value.
    seed
        Of the permutations.
    """

    look_back: int = 1
    moments: Moments = "cube"
    alpha: float = 0.05
    trend_alpha: float = 0.05
    sporadic: Sporadic = "current"
    permutations: int = 0
    seed: int = 1


@dataclass(frozen=True)
class Emergence:
    """One run: `table` with one row per place (`COLUMNS`), `z` and `state` of the shape (places, steps)."""

    table: pd.DataFrame
    z: np.ndarray
    state: np.ndarray


DEFAULTS = EmergingSettings()


def emerging(
    counts: np.ndarray,
    neighbours: Neighbours,
    *,
    places: Sequence | np.ndarray | None = None,
    step_names: Sequence[str] | None = None,
    settings: EmergingSettings = DEFAULTS,
) -> Emergence:
    """Class of every place of a cube, with its reason in words.

    Parameters
    ----------
    counts
        Shape (places, steps), zeros included.
    neighbours
        Who is next to whom.
    places
        Names for the column `place`; positions if left out.
    step_names
        Names of the steps for the reasons; numbers from 1 if left out.

    Returns
    -------
    In `table`: `first_hot` is the position of the first hot step (−1: never), `last_run` the number of equal
    hot or cold steps at the end, `last_z` and `last_count` belong to the last step. No value is ever missing.
    """
    counts = np.asarray(counts, dtype=np.float64)
    z = local_statistic(counts, neighbours, look_back=settings.look_back, moments=settings.moments)
    state = significant(z, alpha=settings.alpha, p=_permuted(counts, neighbours, settings))
    movement = trend(z)
    direction = movement.direction(alpha=settings.trend_alpha)
    classes = classify(state, direction, sporadic=settings.sporadic)
    known = counts.shape[1] > 0
    table = pd.DataFrame(
        {
            "place": np.arange(len(counts)) if places is None else np.asarray(places),
            "emerging_class": classes,
            "class_name": [CLASS_NAMES[EmergingClass(kind)] for kind in classes.tolist()],
            "hot_steps": (state > 0).sum(axis=1),
            "cold_steps": (state < 0).sum(axis=1),
            "first_hot": np.where((state > 0).any(axis=1), (state > 0).argmax(axis=1), -1) if known else -1,
            "last_run": last_run(state),
            "last_z": z[:, -1] if known else 0.0,
            "trend_z": movement.z,
            "trend_p": movement.p,
            "incident_count": counts.sum(axis=1),
            "last_count": counts[:, -1] if known else 0.0,
            "reason": reasons(state, classes, direction, step_names=step_names),
        },
        columns=list(COLUMNS),
    )
    return Emergence(table=table, z=z, state=state)


def classify(state: np.ndarray, direction: np.ndarray, *, sporadic: Sporadic = "current") -> np.ndarray:
    """Emerging class of each place.

    Parameters
    ----------
    state
        Shape (places, steps): 1 hot, −1 cold, 0 neither.
    direction
        Shape (places,): significant trend, 1 up, −1 down, 0 none.
    sporadic
        "current" or "older", see `EmergingSettings`.

    Returns
    -------
    int8 values of `EmergingClass`, shape (places,).

    Notes
    -----
    Conditions are tried in the order of the table of docs/hotspots.md, hot and cold side by side, so that the
    classes of a mirrored cube are the mirrored classes.
    """
    if sporadic not in ("current", "older"):
        raise ValueError(f"sporadic must be 'current' or 'older', not {sporadic!r}")
    if state.ndim != 2 or direction.shape != state.shape[:1]:
        raise ValueError(f"state {state.shape} and direction {direction.shape} do not belong together")
    classes = np.zeros(len(state), dtype=np.int8)
    if not state.size:
        return classes
    conditions = [
        (sign * kind, condition)
        for sign in (1, -1)
        for kind, condition in enumerate(_conditions(sign * state, sign * direction, sporadic), start=1)
    ]
    for code, condition in sorted(conditions, key=lambda entry: abs(entry[0]), reverse=True):
        classes[condition] = code
    return classes


def last_run(state: np.ndarray) -> np.ndarray:
    """Length of the unbroken hot or cold run that ends in the last step; 0 where it is neither."""
    if not state.shape[1]:
        return np.zeros(len(state), dtype=np.int64)
    differs = state[:, ::-1] != state[:, -1:]
    run = np.where(differs.any(axis=1), differs.argmax(axis=1), state.shape[1])
    return np.where(state[:, -1] != 0, run, 0)


def _conditions(state: np.ndarray, direction: np.ndarray, sporadic: Sporadic) -> list[np.ndarray]:
    """The eight hot conditions in their order; each is only right where none before it holds."""
    steps = state.shape[1]
    hot = (state > 0).sum(axis=1)
    ever_cold = (state < 0).any(axis=1)
    now = state[:, -1] > 0
    mostly = 10 * hot >= 9 * steps
    run = np.where(now, last_run(state), 0)
    on_and_off = (hot > 0) if sporadic == "older" else now
    return [
        now & (hot == 1),
        now & (run >= 2) & (hot == run) & ~mostly,
        now & mostly & (direction > 0),
        now & mostly & (direction == 0),
        now & mostly & (direction < 0),
        on_and_off & ~mostly & ~ever_cold,
        now & ~mostly & ever_cold,
        ~now & mostly,
    ]


def _permuted(counts: np.ndarray, neighbours: Neighbours, settings: EmergingSettings) -> np.ndarray | None:
    """Permutation p-values, or None for the normal approximation."""
    if not settings.permutations:
        return None
    return permutation_p(
        counts,
        neighbours,
        seed=settings.seed,
        permutations=settings.permutations,
        look_back=settings.look_back,
        moments=settings.moments,
    )
