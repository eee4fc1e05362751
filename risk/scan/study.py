"""What is scanned: cases per place and step, what they are compared with, and how they could have fallen."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from risk.scan.period import Period
from risk.scan.statistic import BERNOULLI, POISSON

Model = Literal["poisson", "permutation", "bernoulli"]


@dataclass(frozen=True)
class Study:
    """A table of counts under a model.

    Parameters
    ----------
    model
        "poisson", "permutation" or "bernoulli".
    names
        Identifiers of the places.
    points
        Shape (places, dimensions), any unit of length.
    period
        The steps.
    counts
        Cases, int64, shape (places, steps).
    measures
        Expected cases (Poisson, permutation), or cases and controls (Bernoulli); float64, same shape.
    strata
        For the permutation model, cases of each stratum: shape (strata, places, steps). Empty otherwise.
    """

    model: Model
    names: list[str]
    points: np.ndarray
    period: Period
    counts: np.ndarray
    measures: np.ndarray
    strata: np.ndarray

    @property
    def cases(self) -> int:
        """All cases."""
        return int(self.counts.sum())

    @property
    def kind(self) -> int:
        """Form of the ratio."""
        return BERNOULLI if self.model == "bernoulli" else POISSON


def permutation_study(
    names: list[str], points: np.ndarray, period: Period, counts: np.ndarray, *, strata: np.ndarray | None = None
) -> Study:
    """Cases only: expected is what place and step would have if they did not depend on each other.

    Kulldorff et al. (2005): row total × column total / all, summed over strata where there are some.
    """
    check_counts(counts, names, points, period)
    layers = counts[None] if strata is None else strata
    totals = layers.sum(axis=(1, 2))
    rows, columns = layers.sum(axis=2), layers.sum(axis=1)
    expected = np.einsum("sp,st->pt", rows / np.maximum(totals, 1)[:, None], columns.astype(np.float64))
    return Study("permutation", names, points, period, counts, expected, layers)


def poisson_study(
    names: list[str], points: np.ndarray, period: Period, counts: np.ndarray, *, expected: np.ndarray
) -> Study:
    """Cases against expected cases, which are scaled to sum to the cases.

    Raises
    ------
    ValueError
        There are cases where none are expected, or an expected number is negative or not finite.
    """
    check_counts(counts, names, points, period)
    if expected.shape != counts.shape or not np.isfinite(expected).all() or (expected < 0).any():
        raise ValueError("expected cases must be finite, not negative, one per place and step")
    impossible = (counts > 0) & (expected <= 0)
    if impossible.any():
        place, step = (int(at) for at in np.argwhere(impossible)[0])
        raise ValueError(
            f"place {names[place]!r} has cases from {period.first_day(step)} but no population: none are expected"
        )
    scaled = expected * (counts.sum() / expected.sum()) if counts.sum() else expected
    return Study("poisson", names, points, period, counts, scaled, _no_strata(counts))


def bernoulli_study(
    names: list[str], points: np.ndarray, period: Period, counts: np.ndarray, *, controls: np.ndarray
) -> Study:
    """Cases against controls.

    Raises
    ------
    ValueError
        Controls are negative or of another shape.
    """
    check_counts(counts, names, points, period)
    if controls.shape != counts.shape or (controls < 0).any():
        raise ValueError("controls must be counts from 0, one per place and step")
    people = (counts + controls).astype(np.float64)
    return Study("bernoulli", names, points, period, counts, people, _no_strata(counts))


def check_counts(counts: np.ndarray, names: list[str], points: np.ndarray, period: Period) -> None:
    """Raise ValueError unless counts, names, points and steps belong together."""
    if counts.shape != (len(names), period.steps) or len(points) != len(names):
        raise ValueError(
            f"{len(names)} names, {len(points)} points and {period.steps} steps do not fit counts {counts.shape}"
        )
    if not np.issubdtype(counts.dtype, np.integer) or (counts < 0).any():
        raise ValueError("cases must be whole numbers from 0")


def _no_strata(counts: np.ndarray) -> np.ndarray:
    return np.zeros((0, *counts.shape), dtype=np.int64)
