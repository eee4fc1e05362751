"""How much of a week is reported yet: the last weeks of every record are incomplete.

Of weeks long past it is known how many days each incident waited until it was accepted. Their empirical distribution,
by source, says which share of a young day has been reported by now (the chain-ladder rule of claims reserving, Mack
1993, with the triangle replaced by weeks that are complete). A kind is reported as fast as the sources it comes from.
"""

from dataclasses import dataclass

import numpy as np

MOST_DAYS = 56
"""What was not accepted after so many days is taken as complete: the weeks learnt from are older than that."""
BORROWED = 50.0
"""Incidents of all kinds that a kind's mixture of sources is mixed with, so that a rare one has the usual mixture."""


@dataclass(frozen=True)
class ReportingDelay:
    """Waiting times by source, and which sources each kind comes from.

    Parameters
    ----------
    by_age
        Share of a source's incidents accepted at most so many days after they occurred, shape (sources, days); the
        last is 1.
    mixture
        Share of each source in each kind, shape (kinds, sources); rows sum to 1.
    """

    by_age: np.ndarray
    mixture: np.ndarray

    def reported(self, first_days: np.ndarray, *, known_until: float) -> np.ndarray:
        """Share of each kind's incidents of each week that has been reported.

        Parameters
        ----------
        first_days
            Day number on which each week begins, shape (weeks,).
        known_until
            Moment of the last report, in days since 1970-01-01; half past noon is a day and a half.

        Returns
        -------
        Shape (kinds, weeks), 0 to 1.
        """
        days = np.asarray(first_days, np.float64)[:, None] + np.arange(7)
        # Accepted on its own day is accepted at age 0, and that day is over at the next one's beginning.
        age = known_until - days - 1
        ages = np.arange(-1, self.by_age.shape[1])
        shares = [np.interp(age, ages, np.concatenate([[0.0], each])).mean(axis=1) for each in self.by_age]
        return np.clip(self.mixture @ np.stack(shares), 0.0, 1.0)


def learn_delay(counts: np.ndarray) -> ReportingDelay:
    """Waiting times of weeks that are complete.

    Parameters
    ----------
    counts
        Incidents by kind, source and days waited, the last of which holds all that waited longer; shape (kinds,
        sources, days). Where nothing came, nothing is waited for.
    """
    counts = np.maximum(counts, 0.0)
    by_source = counts.sum(axis=0)
    by_source[by_source.sum(axis=1) == 0, 0] = 1.0
    by_age = np.cumsum(by_source, axis=1) / by_source.sum(axis=1, keepdims=True)
    came = counts.sum(axis=2)
    usual = came.sum(axis=0) + 1e-9
    mixed = came + BORROWED * usual / usual.sum()
    return ReportingDelay(by_age, mixed / mixed.sum(axis=1, keepdims=True))
